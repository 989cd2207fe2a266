import type { Pool, QueryResult } from 'pg';

/** The role whose rows are filtered, for the transaction that this runs in. */
const ROLE = 'countersign_app';

/**
 * Settings, as expressions to select, that make a transaction see one tenant only.
 *
 * @param tenant SQL for the tenant's id
 */
export const seeOnly = (tenant: string): string =>
  `set_config('role', '${ROLE}', true), set_config('countersign.tenant', ${tenant}, true)`;

/**
 * A value as it may stand in the text of a statement: an id, or a word of a closed list. Whatever would need quoting
 * is refused, so that a statement can never be made to say something else.
 */
export function literal(value: string): string {
  if (!/^[\w-]{1,64}$/.test(value)) throw new Error(`not an id nor a word: ${JSON.stringify(value)}`);
  return `'${value}'`;
}

/**
 * Runs one reading statement in a transaction of its own as one message: PostgreSQL takes the statements of a message
 * without parameters as one transaction, and ends it with the message. Begin, settings, statement and commit by
 * themselves would be four messages, each of which costs more than a small read.
 */
export async function readOnce<Row>(pool: Pool, settings: string, statement: string): Promise<Row[]> {
  if (statement.includes(';')) throw new Error('expected one statement, got several');
  const results = (await pool.query(`select ${settings}; ${statement}`)) as unknown as QueryResult[];
  return (results.at(-1)?.rows ?? []) as Row[];
}
