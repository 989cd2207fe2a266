import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { type InsightServer, startInsightServer } from './insight-server.js';

describe.each(DATABASES)('the competitors that a tenant names, on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  const lay = async (...names: string[]) => (await on.mutate('setCompetitors', { names }, 'competitors')).competitors;
  const laidDown = async () => (await on.server.data(on.agent, '{ competitors }')).competitors;
  /** What is found of an account that had a demo of somebody's. */
  const foundOf = async (from: string, given: object = {}): Promise<string[]> => {
    const accountId = await on.account(given);
    await on.said(accountId, `Last week we had a demo from ${from}, in the afternoon.`);
    await on.scan(accountId);
    return (await on.insights(`accountId: "${accountId}"`)).map(({ type }: { type: string }) => type);
  };

  test('are none at first, and then as they were laid down, each once', async () => {
    expect(await laidDown()).toEqual([]);
    expect(await lay(' Gartmann ', 'BlueHawk Systems', 'gartmann')).toEqual(['Gartmann', 'BlueHawk Systems']);
    expect(await laidDown()).toEqual(['Gartmann', 'BlueHawk Systems']);
    const { events } = await on.server.data(on.boss, '{ events(last: 1) { edges { node { type actor } } } }');
    expect(events.edges).toEqual([{ node: { type: 'PATTERNS_COMPETITORS_SET', actor: 'manager-one' } }]);
  });

  test('make the difference between any name and a competitor’s, from the next scan on', async () => {
    await lay();
    expect(await foundOf('Gartmann')).toEqual([]);
    await lay('Gartmann', 'BlueHawk Systems');
    expect(await foundOf('Gartmann')).toEqual(['COMPETITIVE_EVALUATION']);
    expect(await foundOf('BlueHawk')).toEqual(['COMPETITIVE_EVALUATION']);
    expect(await foundOf('Mayer')).toEqual([]);
  });

  test('never are the account itself', async () => {
    await lay('Gartmann');
    expect(await foundOf('Gartmann', { name: 'Gartmann Tools' })).toEqual([]);
  });

  test.each([
    ['no letter or digit', ['–']],
    ['nothing', [' ']],
    ['too long a name', ['x'.repeat(101)]],
    ['too many', Array.from({ length: 201 }, (_, index) => `Rival ${index}`)],
  ])('are refused with %s, and the list stays', async (_what, names) => {
    await lay('Gartmann');
    const document = 'mutation ($input: SetCompetitorsInput!) { setCompetitors(input: $input) { competitors } }';
    const { errors } = await on.server.request(on.boss, document, { input: { names } });
    expect(errors?.[0].extensions.code).toBe('VALIDATION_FAILED');
    expect(await laidDown()).toEqual(['Gartmann']);
  });
});
