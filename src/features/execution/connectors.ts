import { randomBytes } from 'node:crypto';
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { invalid } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { EventWriter, Transactor } from '../../kernel/transaction.js';
import type { ConfiguredKind, ConnectorRecord, SettingsOf } from './domain/connector.js';
import type { ConnectorStore, Poster, Sealer } from './ports.js';
import { secretPurpose } from './webhook.js';

export type SetConnectorCommand = {
  readonly [Kind in ConfiguredKind]: { readonly kind: Kind; readonly settings: SettingsOf[Kind] };
}[ConfiguredKind] & {
  /** Makes a new secret, where there is one already. */
  readonly rotateSecret: boolean;
};

export interface ConnectorParts {
  readonly transactor: Transactor;
  readonly connectors: ConnectorStore;
  readonly sealer: Sealer;
  readonly poster: Poster;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** A connector, and its secret where one has just been made: it is never shown again. */
export interface SetConnector {
  readonly connector: ConnectorRecord;
  readonly secret: string | null;
}

/** How long messages are signed with the secret before as well, in milliseconds. */
const GRACE_MS = 24 * 3_600_000;
const SECRET_BYTES = 32;

/** How a tenant's actions reach the outside, as its admins lay it down. */
export class ConnectorService {
  constructor(private readonly parts: ConnectorParts) {}

  /** @throws VALIDATION_FAILED for an address that this server does not send to */
  set(actor: Actor, command: SetConnectorCommand): Promise<SetConnector> {
    const { connectors, clock, events, poster } = this.parts;
    const { kind, settings, rotateSecret } = command;
    const objection = command.kind === 'webhook' ? poster.objection(command.settings.url) : undefined;
    if (objection !== undefined) throw invalid(['input', 'webhook', 'url'], objection);
    return this.parts.transactor.run(actor.tenantId, async (tx) => {
      const now = clock.now();
      const before = await connectors.find(tx, kind);
      const isNew = kind === 'webhook' && (rotateSecret || !before?.sealedSecret);
      const secret = isNew ? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}` : null;
      const { tenantId, name } = actor;
      const connector: ConnectorRecord = {
        tenantId,
        id: before?.id ?? newId(now),
        kind,
        settings,
        ...this.secretsAfter(before, secret, { tenantId, kind, now }),
        updatedBy: name,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
      await connectors.save(tx, connector);
      const data = { kind, secretChanged: secret !== null };
      await events.append(tx, [{ type: 'connector.changed', subjectId: connector.id, data, actor: name, at: now }]);
      return { connector, secret };
    });
  }

  all(actor: Actor): Promise<readonly ConnectorRecord[]> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.connectors.all(tx));
  }

  private secretsAfter(
    before: ConnectorRecord | undefined,
    secret: string | null,
    { now, ...owner }: Pick<ConnectorRecord, 'tenantId' | 'kind'> & { readonly now: Date },
  ): Pick<ConnectorRecord, 'sealedSecret' | 'sealedPrevious' | 'previousUntil'> {
    if (secret === null) {
      const { sealedSecret = null, sealedPrevious = null, previousUntil = null } = before ?? {};
      return { sealedSecret, sealedPrevious, previousUntil };
    }
    const sealedPrevious = before?.sealedSecret ?? null;
    return {
      sealedSecret: this.parts.sealer.seal(secret, secretPurpose(owner)),
      sealedPrevious,
      previousUntil: sealedPrevious === null ? null : new Date(now.getTime() + GRACE_MS),
    };
  }
}
