import type { Head } from '../../src/features/audit/domain/chain.js';
import { SealingService } from '../../src/features/audit/sealing.js';
import { logHorizon, sealReader, sealWriter } from '../../src/features/audit/store/seals.js';
import { type Verification, VerificationService, type VerifyRequest } from '../../src/features/audit/verification.js';
import type { Actor } from '../../src/kernel/actor.js';
import { systemClock } from '../../src/kernel/clock.js';
import { type Id, newId } from '../../src/kernel/ids.js';
import type { Database, Sql } from '../../src/platform/db/database.js';
import { eventWriter } from '../../src/platform/realtime/event-log.js';

/** A row of the log as the database has it. */
export interface StoredEvent {
  readonly tx: string;
  readonly id: string;
  readonly type: string;
  readonly subject_id: string;
  readonly data: string;
  readonly actor: string;
  readonly at: string;
}

/** The log and the chain of one tenant, and an owner of the database who may do anything to them. */
export interface SealedLog {
  readonly tenantId: Id;
  /** An admin of the tenant. */
  readonly actor: Actor;
  /** Writes events, one transaction for each number in `sizes`. */
  write(...sizes: readonly number[]): Promise<void>;
  seal(): Promise<void>;
  head(): Promise<Head>;
  verify(request?: VerifyRequest): Promise<Verification>;
  /** What is wrong, as "seal kind transaction.number". */
  problems(request?: VerifyRequest): Promise<readonly string[]>;
  /** The log as it is stored, in its order. */
  events(): Promise<readonly StoredEvent[]>;
  /** Adds a row at any place. */
  insert(event: StoredEvent): Promise<void>;
  /** Says of a row what another says; both stay where they are. */
  overwrite(place: StoredEvent, content: StoredEvent): Promise<void>;
  remove(event: StoredEvent): Promise<void>;
  asOwner: Sql;
}

export const placeOf = ({ tx, id }: { readonly tx: unknown; readonly id: unknown }): string => `${tx}.${id}`;

interface Budget {
  readonly events: number;
  readonly seals: number;
}

export const verifierOn = (database: Database, budget?: Budget): VerificationService =>
  new VerificationService({
    transactor: database,
    seals: sealReader,
    horizon: logHorizon,
    ...(budget && { budget }),
  });

let written = 0;

/** A new tenant with an empty log. */
export async function openLog(database: Database, budget?: Budget): Promise<SealedLog> {
  const tenantId = newId(new Date());
  const slug = `t${tenantId.replaceAll('-', '')}`;
  const asOwner: Sql = (text, parameters) => database.asServer((sql) => sql(text, parameters));
  await asOwner('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, now())', [tenantId, slug]);
  const actor: Actor = { tenantId, tenant: slug, name: 'adam', root: 'adam', roles: new Set(['admin']) };
  const sealing = new SealingService({ seals: sealWriter(database), clock: systemClock });
  const verification = verifierOn(database, budget);
  const verify = (request: VerifyRequest = {}) => verification.verify(actor, request);

  return {
    tenantId,
    actor,
    asOwner,
    async write(...sizes) {
      for (const size of sizes) {
        const events = Array.from({ length: size }, () => {
          written += 1;
          return {
            type: 'goal.progressed' as const,
            subjectId: newId(new Date()),
            data: { number: written, note: 'ä "quoted" \u2028 text', share: 0.1 },
            actor: `agent-${written % 7}`,
            at: new Date(1_767_225_600_123 + written),
          };
        });
        await database.run(tenantId, (tx) => eventWriter.append(tx, events));
      }
    },
    async seal() {
      // What another transaction of the same server still holds open is settled a moment later.
      while ((await verification.head(actor)).unsealed > 0) await sealing.sealPending();
    },
    async head() {
      const { number, hash } = await verification.head(actor);
      return { number, hash };
    },
    verify,
    problems: async (request) =>
      (await verify(request)).problems.map(
        ({ seal, kind, position }) => `${seal} ${kind} ${position ? placeOf(position) : '-'}`,
      ),
    events: () =>
      asOwner<StoredEvent>(
        `select tx::text as tx, id::text as id, type, subject_id::text as subject_id, data::text as data, actor, at::text as at
         from event where tenant_id = $1 order by event.tx, event.id`,
        [tenantId],
      ),
    async insert({ tx, id, type, subject_id, data, actor: by, at }) {
      await asOwner(
        `insert into event (tenant_id, tx, id, type, subject_id, data, actor, at) overriding system value
         values ($1, $2::xid8, $3, $4, $5, $6::jsonb, $7, $8::timestamptz)`,
        [tenantId, tx, id, type, subject_id, data, by, at],
      );
    },
    async overwrite({ tx, id }, { type, subject_id, data, actor: by, at }) {
      await asOwner(
        `update event set type = $3, subject_id = $4, data = $5::jsonb, actor = $6, at = $7::timestamptz
         where tx = $1::xid8 and id = $2`,
        [tx, id, type, subject_id, data, by, at],
      );
    },
    async remove({ tx, id }) {
      await asOwner('delete from event where tx = $1::xid8 and id = $2', [tx, id]);
    },
  };
}
