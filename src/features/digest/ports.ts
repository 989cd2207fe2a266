import type { Tx } from '../../kernel/transaction.js';
import type { Day, DigestFacts } from './domain/digest.js';

export interface DigestReader {
  /** What happened on a day, and what waits now. In a fixed number of statements, each bounded. */
  facts(tx: Tx, day: Day): Promise<DigestFacts>;
}

/** Where digests go. */
export interface DigestPost {
  /** Addresses that get the digest of a tenant. */
  recipients(tenantId: string): Promise<readonly string[]>;
  /** @throws whatever keeps the email from going out */
  send(email: {
    readonly to: readonly string[];
    readonly subject: string;
    readonly text: string;
    readonly messageId: string;
  }): Promise<unknown>;
  /** The host name in message ids. */
  readonly domain: string;
}
