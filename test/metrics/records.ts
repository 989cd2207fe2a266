import fc from 'fast-check';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';

/** Where days are counted from. */
export const DAY_ZERO = new Date('2026-03-01T00:00:00Z');
export const onDay = (day: number): Date => new Date(DAY_ZERO.getTime() + day * 86_400_000);

export interface DealRecord {
  /** Which of the two clones; null: none. */
  readonly clone: 0 | 1 | null;
  readonly stage: string;
  /** In hundredths. */
  readonly cents: number | null;
  readonly isEstimate: boolean;
  readonly opened: number | null;
  readonly closed: number | null;
  readonly stored: number;
  /** The stages it was in before, as recorded; empty where nothing is. */
  readonly past: readonly string[];
}

export interface InteractionRecord {
  readonly clone: 0 | 1 | null;
  readonly channel: string;
  readonly direction: string | null;
  readonly status: string;
  readonly occurred: number;
  /** Which of the two accounts; null: none. */
  readonly account: 0 | 1 | null;
}

export interface ActionRecord {
  readonly clone: 0 | 1 | null;
  readonly reason: string;
  readonly proposed: number;
  readonly status: string;
  /** When it was reported as executed or failed; null where it was not. */
  readonly finished: number | null;
  /** Whether a person edited it, or it was only renewed; null: neither. */
  readonly revised: 'edited' | 'renewed' | null;
  /** What became of the request to a person; null where there was none. */
  readonly request: { readonly status: string; readonly decided: number | null; readonly by: string | null } | null;
}

export interface Records {
  readonly deals: readonly DealRecord[];
  readonly interactions: readonly InteractionRecord[];
  readonly actions: readonly ActionRecord[];
}

const clone = fc.constantFrom(0, 1, null);
/** From before the period (days 0 to 10) to after it, often exactly at one of its ends. */
const day = fc.oneof(
  fc.constantFrom(0, 10),
  fc.integer({ min: -40, max: 160 }).map((tenths) => tenths / 8),
);
const dayOrNone = fc.option(day, { freq: 4 });

const OPEN = ['prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation'];
const deal = fc
  .record({
    clone,
    stage: fc.constantFrom(...OPEN, 'closed_won', 'closed_won', 'closed_won', 'closed_lost'),
    cents: fc.option(fc.integer({ min: 0, max: 10_000_000_00 }), { freq: 3 }),
    isEstimate: fc.boolean(),
    opened: dayOrNone,
    closed: dayOrNone,
    stored: day,
    past: fc.array(fc.constantFrom(...OPEN), { maxLength: 2 }),
  })
  // As the product keeps it: an open deal has no closing date, and an estimate is of a value.
  .map((record) => ({
    ...record,
    closed: OPEN.includes(record.stage) ? null : record.closed,
    isEstimate: record.isEstimate && record.cents !== null,
  }));

const interaction = fc.record({
  clone,
  channel: fc.constantFrom('email', 'email', 'chat', 'meeting', 'crm'),
  direction: fc.constantFrom('inbound', 'outbound', null),
  status: fc.constantFrom('completed', 'completed', 'scheduled', 'cancelled'),
  occurred: day,
  account: fc.constantFrom(0, 0, 1, null),
});

/** As the product leaves them: a person's name stays on what was withdrawn after the approval, never on what ran out. */
const request = fc.oneof(
  fc.record({
    status: fc.constantFrom('approved', 'approved', 'rejected', 'expired', 'invalidated'),
    decided: day,
    by: fc.constant('ana'),
  }),
  fc.record({ status: fc.constant('expired'), decided: day, by: fc.constant(null) }),
  fc.constantFrom('pending', 'invalidated', 'cancelled').map((status) => ({ status, decided: null, by: null })),
);
const action = fc
  .record({
    clone,
    reason: fc.constantFrom('autonomous', 'approval_required', 'stage_gate', 'unknown_action_type', 'hard_stop'),
    proposed: day,
    status: fc.constantFrom('allowed', 'executed', 'executed', 'failed', 'outcome_unknown'),
    finished: day,
    revised: fc.constantFrom('edited' as const, 'renewed' as const, null),
    request: fc.option(request, { freq: 3 }),
  })
  .map((record) => ({
    ...record,
    finished: ['executed', 'failed'].includes(record.status) ? record.finished : null,
  }));

/** Small sets of records, empty ones among them. */
export const anyRecords: fc.Arbitrary<Records> = fc.record({
  deals: fc.array(deal, { maxLength: 12 }),
  interactions: fc.array(interaction, { maxLength: 12 }),
  actions: fc.array(action, { maxLength: 8 }),
});

export interface StoredRecords {
  readonly tenantId: string;
  readonly cloneIds: readonly [string, string];
}

let tenants = 0;

/** Puts records into a tenant of their own, past every use case. */
export async function store(database: Database, { deals, interactions, actions }: Records): Promise<StoredRecords> {
  const at = DAY_ZERO.toISOString();
  const time = (days: number | null) => (days === null ? null : onDay(days).toISOString());
  const fresh = () => newId(DAY_ZERO);
  const tenantId = fresh();
  const cloneIds: [string, string] = [fresh(), fresh()];
  const accountIds = [fresh(), fresh()];
  const cloneOf = (index: 0 | 1 | null) => (index === null ? null : cloneIds[index]);
  await database.asServer(async (sql) => {
    await sql('insert into tenant (id, slug, name, created_at) values ($1, $2, $2, $3)', [
      tenantId,
      `t${tenants++}`,
      at,
    ]);
    for (const [index, id] of cloneIds.entries()) {
      await sql('insert into clone (tenant_id, id, slug, name, created_at) values ($1, $2, $3, $3, $4)', [
        tenantId,
        id,
        `clone-${index}`,
        at,
      ]);
    }
    for (const id of accountIds) {
      await sql(
        `insert into account (tenant_id, id, name, created_at, updated_at) values ($1, $2, 'Account', $3, $3)`,
        [tenantId, id, at],
      );
    }
    for (const { stage, cents, isEstimate, opened, closed, stored, past, ...rest } of deals) {
      const id = fresh();
      await sql(
        `insert into deal (tenant_id, id, clone_id, name, stage, value, value_is_estimate, opened_at, closed_at,
           created_at, updated_at)
         values ($1, $2, $3, 'Deal', $4, $5::numeric / 100, $6, $7, $8, $9, $9)`,
        [tenantId, id, cloneOf(rest.clone), stage, cents, isEstimate, time(opened), time(closed), time(stored)],
      );
      for (const [index, entered] of [...past, stage].entries()) {
        await sql(
          `insert into deal_stage_change (tenant_id, id, deal_id, from_stage, stage, at) values ($1, $2, $3, $4, $5, $6)`,
          [tenantId, fresh(), id, past[index - 1] ?? null, entered, time(stored + index)],
        );
      }
    }
    for (const { channel, direction, status, occurred, account, ...rest } of interactions) {
      await sql(
        `insert into interaction (tenant_id, id, clone_id, channel, direction, status, occurred_at, content,
           created_at, updated_at, account_id)
         values ($1, $2, $3, $4, $5, $6, $7, '', $8, $8, $9)`,
        [
          tenantId,
          fresh(),
          cloneOf(rest.clone),
          channel,
          direction,
          status,
          time(occurred),
          at,
          account === null ? null : accountIds[account],
        ],
      );
    }
    for (const { reason, proposed, status, finished, revised, request: asked, ...rest } of actions) {
      const id = fresh();
      await sql(
        `insert into action (tenant_id, id, clone_id, action_type, tier, reason, status, canonical, digest,
           idempotency_key, request_digest, proposed_by, proposed_by_root, proposed_at, updated_at,
           finished_at)
         values ($1, $2, $3, 'some_type', 'some_tier', $4, $7, '{}', '', $5, '', 'agent', 'agent', $6, $6, $8)`,
        [tenantId, id, cloneOf(rest.clone), reason, id, time(proposed), status, time(finished)],
      );
      if (revised) {
        await sql(
          `insert into action_revision (tenant_id, action_id, revision, canonical, digest, replaced_by, diff,
             edited_by, edited_by_root, edited_at, kind)
           values ($1, $2, 0, '{}', '', '', '[]', 'ana', 'ana', $3, $4)`,
          [tenantId, id, time(proposed), revised],
        );
      }
      if (!asked) continue;
      await sql(
        `insert into approval (tenant_id, id, action_id, status, reason, digest, requested_at, expires_at, decided_at,
           decided_by)
         values ($1, $2, $3, $4, $5, '', $6, $6, $7, $8)`,
        [tenantId, fresh(), id, asked.status, reason, time(proposed), time(asked.decided), asked.by],
      );
    }
  });
  return { tenantId, cloneIds };
}
