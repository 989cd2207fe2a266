import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import type { SetConnectorCommand } from '../connectors.js';
import type { Attempt, AttemptResult } from '../domain/attempt.js';
import type { ConfiguredKind, ConnectorRecord, EmailSettings, WebhookSettings } from '../domain/connector.js';

export const ConfiguredKindEnum = { WEBHOOK: 'webhook', EMAIL: 'email' } as const;
registerEnumType(ConfiguredKindEnum, {
  name: 'ConnectorKind',
  description: 'What a tenant configures to let the server run actions outside.',
  valuesConfig: {
    WEBHOOK: { description: 'The server posts what was signed to an address of the tenant.' },
    EMAIL: { description: 'The server sends emails by its mail server.' },
  },
});

export const AttemptResultEnum = {
  EXECUTED: 'executed',
  REFUSED: 'refused',
  UNKNOWN: 'unknown',
  ABANDONED: 'abandoned',
} as const satisfies Record<Uppercase<AttemptResult>, AttemptResult>;
registerEnumType(AttemptResultEnum, {
  name: 'AttemptResult',
  description: 'How one attempt to run an action ended.',
  valuesConfig: {
    EXECUTED: { description: 'It ran.' },
    REFUSED: { description: 'Surely nothing happened.' },
    UNKNOWN: { description: 'It may have happened.' },
    ABANDONED: { description: 'The server that made it fell silent; it may have happened.' },
  },
});

@ObjectType({ description: 'One attempt of a connector to run an action.' })
export class ExecutionAttempt {
  @Field(() => Int, { description: 'Which one, from 1.' })
  attempt!: number;

  @Field(() => Int, { description: '`leaseEpoch` of its claim.' })
  leaseEpoch!: number;

  @Field(() => Date, { description: 'When it began, before anything was done.' })
  startedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it is under way.' })
  endedAt!: Date | null;

  @Field(() => AttemptResultEnum, { nullable: true, description: 'How it ended; null while it is under way.' })
  result!: AttemptResult | null;

  @Field(() => String, { nullable: true, description: 'What the connector saw, without the payload.' })
  detail!: string | null;
}

export const toAttempt = ({ leaseEpoch, startedAt, endedAt, result, detail }: Attempt, index: number) =>
  Object.assign(new ExecutionAttempt(), { attempt: index + 1, leaseEpoch, startedAt, endedAt, result, detail });

@ObjectType({ description: 'How the tenant’s webhook is reached.' })
export class WebhookConnectorSettings {
  @Field(() => String, { description: 'Where messages are posted.' })
  url!: string;

  @Field(() => Boolean, {
    description: 'Whether the receiver does what carries the same `webhook-id` once only, however often it comes.',
  })
  receiverDeduplicates!: boolean;

  @Field(() => Int, { description: 'How long the receiver may take, in seconds.' })
  timeoutSeconds!: number;

  @Field(() => Int, { description: 'Attempts before an action is given up.' })
  maxAttempts!: number;
}

@ObjectType({ description: 'How the tenant’s emails are sent.' })
export class EmailConnectorSettings {
  @Field(() => Boolean, {
    description: 'Whether emails may go to addresses that are neither a contact’s of the account nor in its domain.',
  })
  anyRecipient!: boolean;

  @Field(() => Int, { description: 'Attempts before an action is given up.' })
  maxAttempts!: number;
}

@ObjectType({ description: 'How the tenant’s actions reach the outside. Its secret is never shown.' })
export class ConnectorConfiguration {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => ConfiguredKindEnum, { description: 'What it is.' })
  kind!: ConfiguredKind;

  @Field(() => WebhookConnectorSettings, { nullable: true, description: 'For a webhook.' })
  webhook!: WebhookConnectorSettings | null;

  @Field(() => EmailConnectorSettings, { nullable: true, description: 'For emails.' })
  email!: EmailConnectorSettings | null;

  @Field(() => Boolean, { description: 'Whether it has a secret to sign with.' })
  hasSecret!: boolean;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when messages are signed with the secret before as well; null when there is none.',
  })
  previousSecretUntil!: Date | null;

  @Field(() => String, { description: 'Who last changed it.' })
  updatedBy!: string;

  @Field(() => Date, { description: 'When it was last changed.' })
  updatedAt!: Date;
}

@ObjectType({ description: 'A connector as it is now, and its secret where one has just been made.' })
export class SetConnectorPayload {
  @Field(() => ConnectorConfiguration, { description: 'The connector.' })
  connector!: ConnectorConfiguration;

  @Field(() => String, {
    nullable: true,
    description: 'The new secret (Standard Webhooks, `whsec_…`). Shown this once; null when none was made.',
  })
  secret!: string | null;
}

export function toConnector(record: ConnectorRecord): ConnectorConfiguration {
  const { id, kind, settings, sealedSecret, previousUntil, updatedBy, updatedAt } = record;
  const webhook = Object.assign(new WebhookConnectorSettings(), settings as WebhookSettings);
  const email = Object.assign(new EmailConnectorSettings(), settings as EmailSettings);
  return Object.assign(new ConnectorConfiguration(), {
    id,
    kind,
    webhook: kind === 'webhook' ? webhook : null,
    email: kind === 'email' ? email : null,
    hasSecret: sealedSecret !== null,
    previousSecretUntil: previousUntil,
    updatedBy,
    updatedAt,
  });
}

@InputType({ description: 'How the tenant’s webhook is reached.' })
export class WebhookConnectorInput {
  @Field(() => String, { description: 'An https address. Nothing inside a network, no user and password.' })
  url!: string;

  @Field(() => Boolean, {
    description:
      'Whether the receiver does what carries the same `webhook-id` once only. Say true only when it does: then failed messages are sent again; otherwise what may have arrived waits for a person.',
  })
  receiverDeduplicates!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'How long the receiver may take, in seconds: 1 to 60. 15 when left out.',
  })
  timeoutSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'Attempts before an action is given up: 1 to 20. 8 when left out.' })
  maxAttempts?: number | null;
}

@InputType({ description: 'How the tenant’s emails are sent.' })
export class EmailConnectorInput {
  @Field(() => Boolean, {
    description: 'Whether emails may go to addresses that are neither a contact’s of the account nor in its domain.',
  })
  anyRecipient!: boolean;

  @Field(() => Int, { nullable: true, description: 'Attempts before an action is given up: 1 to 20. 8 when left out.' })
  maxAttempts?: number | null;
}

@InputType({ description: 'One connector: give `webhook` or `email`.' })
export class SetConnectorInput {
  @Field(() => WebhookConnectorInput, { nullable: true, description: 'The webhook.' })
  webhook?: WebhookConnectorInput | null;

  @Field(() => EmailConnectorInput, { nullable: true, description: 'Emails.' })
  email?: EmailConnectorInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Makes a new secret for the webhook. For a day messages are signed with both.',
  })
  rotateSecret?: boolean | null;
}

const maxAttempts = z.number().int().min(1, 'expected 1 to 20').max(20, 'expected 1 to 20').default(8);
export const setConnectorInput = z
  .object({
    webhook: z
      .object({
        url: z.string().max(2_000),
        receiverDeduplicates: z.boolean(),
        timeoutSeconds: z.number().int().min(1, 'expected 1 to 60').max(60, 'expected 1 to 60').default(15),
        maxAttempts,
      })
      .optional(),
    email: z.object({ anyRecipient: z.boolean(), maxAttempts }).optional(),
    rotateSecret: z.boolean().default(false),
  })
  .transform(({ webhook, email, rotateSecret }, context): SetConnectorCommand => {
    if (webhook && !email) return { kind: 'webhook', settings: webhook, rotateSecret };
    if (email && !webhook) return { kind: 'email', settings: email, rotateSecret };
    context.addIssue('expected either webhook or email');
    return z.NEVER;
  });
