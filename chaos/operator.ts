import pg from 'pg';

/** Looks into the database past every rule of the server. */
export interface Operator {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Connects for each question anew: the database is restarted in between. */
export const createOperator = (connectionString: string): Operator => ({
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString });
    // A connection that is lost later is told by the query.
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  },
});
