import type { Id } from '../../../kernel/ids.js';

/** Connectors that a tenant configures. */
export const CONFIGURED_KINDS = ['webhook', 'email'] as const;
export type ConfiguredKind = (typeof CONFIGURED_KINDS)[number];

export interface WebhookSettings {
  readonly url: string;
  /** Whether the receiver does the same message once only, however often it comes. */
  readonly receiverDeduplicates: boolean;
  /** How long the receiver may take, in seconds. */
  readonly timeoutSeconds: number;
  /** Attempts before the action is given up. */
  readonly maxAttempts: number;
}

export interface EmailSettings {
  /** Whether emails may go to addresses that are neither a contact's nor in the account's domain. */
  readonly anyRecipient: boolean;
  readonly maxAttempts: number;
}

export interface SettingsOf {
  readonly webhook: WebhookSettings;
  readonly email: EmailSettings;
}

/** How a tenant's actions reach the outside. Secrets are sealed by the server's key. */
export interface ConnectorRecord {
  readonly tenantId: Id;
  readonly id: Id;
  readonly kind: ConfiguredKind;
  readonly settings: WebhookSettings | EmailSettings;
  readonly sealedSecret: string | null;
  /** The secret before the last change, with which messages are signed as well until `previousUntil`. */
  readonly sealedPrevious: string | null;
  readonly previousUntil: Date | null;
  readonly updatedBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const DEFAULT_EMAIL: EmailSettings = { anyRecipient: false, maxAttempts: 8 };
