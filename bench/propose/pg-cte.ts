import pg from 'pg';
import { v7 } from 'uuid';
import { IN_FLIGHT, keepInFlight, type ProposeInput } from './in-flight.js';
import { accountOf, CHANGING, type Part, type Sample } from './proposal.js';

/** The driver alone: one prepared statement per proposal, each committed by itself. Nothing is looked up or decided. */
export default async function pgOneStatement(input: unknown) {
  const { databaseUrl, sample } = input as ProposeInput;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: IN_FLIGHT });
  const { text, valuesOf } = statementOf(sample);
  const answer = await keepInFlight(async (index) => {
    const now = new Date();
    const values = valuesOf({
      action: v7(),
      approval: v7(),
      account: accountOf(index),
      key: `pg-${index}`,
      now: now.toISOString(),
      later: new Date(now.getTime() + 72 * 3_600_000).toISOString(),
    });
    await pool.query({ name: 'propose', text, values });
  }, input as ProposeInput);
  await pool.end();
  return answer;
}

/** One statement for the three rows; every column is a parameter, as it would be in a program. */
function statementOf(sample: Sample) {
  const sources: ((parts: Readonly<Record<Part, string>>) => unknown)[] = [];
  const insert = (table: keyof Sample): string => {
    const columns = Object.keys(sample[table]);
    const places = columns.map((column) => {
      const part = CHANGING[table][column];
      const value = sample[table][column];
      const constant = typeof value === 'object' ? JSON.stringify(value) : value;
      return `$${sources.push(part === undefined ? () => constant : (parts) => parts[part])}`;
    });
    return `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`;
  };
  const text = `with a as (${insert('action')}), r as (${insert('approval')}) ${insert('event')}`;
  return { text, valuesOf: (parts: Readonly<Record<Part, string>>) => sources.map((source) => source(parts)) };
}
