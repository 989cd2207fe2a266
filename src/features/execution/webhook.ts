import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Clock } from '../../kernel/clock.js';
import type { Action } from '../autonomy/index.js';
import type { Effect } from './domain/attempt.js';
import type { ConnectorRecord, WebhookSettings } from './domain/connector.js';
import type { ConnectorStore, Executor, Poster, PostOutcome, Sealer } from './ports.js';

export interface WebhookParts {
  readonly connectors: ConnectorStore;
  readonly poster: Poster;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** What a sealed secret belongs to. */
export const secretPurpose = ({ tenantId, kind }: Pick<ConnectorRecord, 'tenantId' | 'kind'>): string =>
  `connector:${tenantId}:${kind}`;

/**
 * The message's id, the same for every attempt at the same signed text, by which a receiver recognises it.
 * Standard Webhooks forbids dots in it.
 */
export const webhookId = ({ id, digest }: Pick<Action, 'id' | 'digest'>): string => `msg_${id}_${digest.slice(0, 16)}`;

/** Posts the signed text to the tenant's webhook, signed as Standard Webhooks says. */
export function webhookExecutor({ connectors, poster, sealer, clock }: WebhookParts): Executor {
  return {
    async prepare(tx, action) {
      const connector = await connectors.find(tx, 'webhook');
      if (!connector?.sealedSecret) return unconfigured;
      const settings = connector.settings as WebhookSettings;
      const { timeoutSeconds, maxAttempts, receiverDeduplicates } = settings;
      return {
        safeToRepeat: receiverDeduplicates,
        target: createHash('sha256')
          .update(`${settings.url}\n${webhookId(action)}`)
          .digest('hex'),
        maxAttempts,
        withinSeconds: timeoutSeconds,
        async run() {
          const now = clock.now();
          const headers = signed(secretsOf(connector, sealer, now), action, now);
          return effectOf(
            await poster.post({ url: settings.url, headers, body: action.canonical, timeoutMs: timeoutSeconds * 1000 }),
          );
        },
      };
    },
  };
}

const unconfigured = {
  safeToRepeat: true,
  maxAttempts: 1,
  withinSeconds: 1,
  run: async (): Promise<Effect> => ({
    kind: 'refused',
    detail: 'The tenant has no webhook. An admin sets one by setConnector; then retry the action.',
    permanent: true,
  }),
};

function secretsOf(connector: ConnectorRecord, sealer: Sealer, now: Date): string[] {
  const { sealedSecret, sealedPrevious, previousUntil } = connector;
  const isPreviousGood = previousUntil !== null && now < previousUntil;
  const sealed = [sealedSecret, isPreviousGood ? sealedPrevious : null].filter((each) => each !== null);
  return sealed.map((each) => sealer.open(each, secretPurpose(connector)));
}

function signed(secrets: readonly string[], action: Action, now: Date): Record<string, string> {
  const id = webhookId(action);
  return {
    'content-type': 'application/json',
    'user-agent': 'countersign',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, action.canonical)).join(' '),
  };
}

/** Statuses by which a receiver says that it has done nothing, and that asking later may help. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

function effectOf(outcome: PostOutcome): Effect {
  if ('failed' in outcome) {
    if (!outcome.sent) return { kind: 'refused', detail: outcome.failed, permanent: outcome.forbidden ?? false };
    return { kind: 'unknown', detail: outcome.failed };
  }
  const { status } = outcome;
  const detail = `The webhook answered ${status}.`;
  if (status >= 200 && status < 300) return { kind: 'done', result: { status }, detail };
  // A conflict may well be with the message's own earlier coming.
  if (status >= 500 || status < 200 || status === 409) return { kind: 'unknown', detail };
  return { kind: 'refused', detail, permanent: !LATER.has(status) };
}
