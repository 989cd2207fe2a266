import type { Pool } from 'pg';
import { ACCOUNTS, accountId } from '../postgres.js';

/** What an agent sends: a mail of some lines that needs a person's signature, about one account. */
export const payloadOf = (index: number) => ({
  to: `buyer-${index}@example.com`,
  subject: 'Our proposal for the coming year',
  text: 'Thank you for the talk on Tuesday. As agreed, here is what we propose for the coming year. '.repeat(3),
});

export const accountOf = (index: number): string => accountId(index % ACCOUNTS);

/** A row by its columns, as PostgreSQL writes it as JSON; without what is null. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows that the product stored for one proposal: the peers store the same. */
export interface Sample {
  readonly action: Row;
  readonly approval: Row;
  readonly event: Row;
}

/** Columns of a sample that must differ in each proposal, and what they hold. */
export const CHANGING: Readonly<Record<keyof Sample, Readonly<Record<string, Part>>>> = {
  action: { id: 'action', account_id: 'account', idempotency_key: 'key', proposed_at: 'now', updated_at: 'now' },
  approval: { id: 'approval', action_id: 'action', requested_at: 'now', expires_at: 'later' },
  event: { subject_id: 'action', at: 'now' },
};
export type Part = 'action' | 'approval' | 'account' | 'key' | 'now' | 'later';

/** Reads the rows of any one proposal. */
export async function readSample(pool: Pool): Promise<Sample> {
  const row = async (from: string): Promise<Row> => {
    const { rows } = await pool.query(`select to_jsonb(t) as row from (${from} limit 1) t`);
    return Object.fromEntries(Object.entries(rows[0].row).filter(([, value]) => value !== null));
  };
  const { tx: _tx, id: _id, ...event } = await row(`select * from event where type = 'approval.requested'`);
  return { action: await row('select * from action'), approval: await row('select * from approval'), event };
}
