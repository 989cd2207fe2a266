import { auditServer, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './support/server.js';

/**
 * The GraphQL-over-HTTP audits that stock Apollo Server 5.5.1 with its CSRF prevention does not pass either, all
 * below MUST. Whatever else fails is ours.
 */
const STOCK_APOLLO_FAILS = new Set(['572B', 'FDE2', '7B9B']);

describe('the GraphQL-over-HTTP audits', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test('every MUST passes, and every SHOULD and MAY that stock Apollo passes', async () => {
    const options = { url: `${server.url}/graphql`, fetchFn: fetch };
    const results = await auditServer(options);
    expect(results).toHaveLength(serverAudits(options).length);
    const failed = results.filter((result) => result.status !== 'ok');
    const musts = results.filter((result) => result.name.startsWith('MUST'));
    console.table(
      ['MUST', 'SHOULD', 'MAY'].map((level) => {
        const ofLevel = results.filter((result) => result.name.startsWith(level));
        return { level, passed: ofLevel.filter((result) => result.status === 'ok').length, of: ofLevel.length };
      }),
    );
    expect(musts.every((result) => result.status === 'ok')).toBe(true);
    const ours = failed.filter((result) => !result.name.startsWith('MAY') && !STOCK_APOLLO_FAILS.has(result.id));
    expect(ours.map((result) => `${result.id} ${result.name}`)).toEqual([]);
    expect(
      failed.filter((result) => result.name.startsWith('MAY')).map((result) => `${result.id} ${result.name}`).length,
    ).toBeLessThanOrEqual(3);
  });
});
