import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { type InsightServer, startInsightServer } from '../patterns/insight-server.js';
import { DATABASES } from '../support/database.js';

const ENTRY = 'id kind at channel direction status person title text outcome failure';
const VIEW = `query ($id: ID!, $full: Boolean! = false, $first: Int, $after: String, $last: Int, $before: String) {
  customerView(accountId: $id, full: $full) {
    account { id contacts { edges { node { name } } } deals { edges { node { name } } } }
    timeline(first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${ENTRY} } } }
    earlier { granularity start end channels { channel count } inbound outbound people text }
    signals { type holds channel evidence { quote } overruled { channel evidence { quote } } }
  } }`;

describe.each(DATABASES)('the view of a customer on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  const view = async (id: string, variables: object = {}) =>
    (await on.server.data(on.agent, VIEW, { id, ...variables })).customerView;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  const texts = ({ timeline }: any): string[] => timeline.edges.map(({ node }: any) => node.text);

  test('merges all channels and the agents’ actions with their outcomes, oldest first', async () => {
    const accountId = await on.account();
    await on.deal(accountId, 'DISCOVERY');
    await on.mutate('upsertContact', { accountId, name: 'Ana' }, 'contact { id }');
    const other = await on.account();
    await on.said(other, 'elsewhere');
    await on.said(accountId, 'long ago', { occurredAt: on.at(31) });
    await on.said(accountId, 'by email', { occurredAt: on.at(20), subject: 'Hello', contactName: 'Ana' });
    await on.said(accountId, 'in a meeting', { channel: 'MEETING', direction: null, occurredAt: on.at(5) });
    await on.said(accountId, 'by chat', { channel: 'CHAT', direction: 'OUTBOUND', occurredAt: on.at(2) });
    await on.said(accountId, 'noted', { channel: 'CRM', direction: null, occurredAt: on.at(1) });
    await on.said(accountId, 'planned', { channel: 'MEETING', status: 'SCHEDULED', occurredAt: on.at(-3) });
    const { proposeAction } = await on.server.data(
      on.agent,
      `mutation ($id: ID!) { proposeAction(input: { actionType: "create_briefing", payload: {}, idempotencyKey: "view", accountId: $id, rationale: "because" }) { action { id } } }`,
      { id: accountId },
    );
    const actionId = proposeAction.action.id;
    for (const step of [
      `claimAction(input: { actionId: "${actionId}" }) { __typename }`,
      `completeAction(input: { actionId: "${actionId}", leaseEpoch: 1, result: { pages: 2 } }) { __typename }`,
    ])
      await on.server.data(on.agent, `mutation { ${step} }`);

    const seen = await view(accountId);
    expect(seen.account).toMatchObject({
      id: accountId,
      contacts: { edges: [{ node: { name: 'Ana' } }] },
      deals: { edges: [{ node: { name: 'A deal' } }] },
    });
    expect(texts(seen)).toEqual(['by email', 'in a meeting', 'by chat', 'noted', 'because', 'planned']);
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    const nodes = seen.timeline.edges.map(({ node }: any) => node);
    expect(nodes.map(({ channel }: { channel: string }) => channel)).toEqual([
      'EMAIL',
      'MEETING',
      'CHAT',
      'CRM',
      'AGENT',
      'MEETING',
    ]);
    expect(nodes[0]).toMatchObject({ title: 'Hello', person: 'Ana', direction: 'INBOUND', status: 'COMPLETED' });
    expect(nodes[4]).toMatchObject({
      id: actionId,
      kind: 'ACTION',
      title: 'create_briefing',
      status: 'EXECUTED',
      outcome: { pages: 2 },
      failure: null,
    });
    expect(nodes[5]).toMatchObject({ status: 'SCHEDULED' });
    const all = await view(accountId, { full: true });
    expect(texts(all)).toEqual(['long ago', ...texts(seen)]);
    expect([seen.timeline.totalCount, all.timeline.totalCount]).toEqual([6, 7]);
  });

  test('the whole history is read in pages, each entry once, also where many share an instant', async () => {
    const accountId = await on.account();
    const at = (n: number) => on.at(100 - Math.floor(n / 3));
    for (let n = 0; n < 9; n += 1) await on.said(accountId, `${n}`, { occurredAt: at(n) });
    const seen: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const { timeline } = await view(accountId, { full: true, first: 4, after });
      seen.push(...texts({ timeline }));
      more = timeline.pageInfo.hasNextPage;
      after = timeline.pageInfo.endCursor;
    }
    // Of those that share an instant, any may be first, but it stays so.
    expect(seen.map((text) => Math.floor(Number(text) / 3))).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(new Set(seen).size).toBe(9);
    const last = await view(accountId, { full: true, last: 4 });
    expect(texts(last)).toEqual(seen.slice(5));
    expect(last.timeline.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await view(accountId, { full: true, last: 4, before: last.timeline.pageInfo.startCursor });
    expect(texts(before)).toEqual(seen.slice(1, 5));
    const forged = Buffer.from(JSON.stringify(['timeline', 'soon', accountId])).toString('base64url');
    const { errors } = await on.server.request(on.agent, VIEW, { id: accountId, after: forged });
    expect(errors?.[0].extensions.code).toBe('CURSOR_INVALID');
  });

  test('what is older stands for itself by week, then by month, and is counted exactly once', async () => {
    const accountId = await on.account();
    // Now is Monday 15 June 2026, 9:00.
    const days = [1, 30, 31, 40, 41, 42, 89, 91, 120, 121, 400];
    for (const [index, day] of days.entries()) {
      const given = {
        occurredAt: on.at(day),
        contactName: `Person ${index % 7}`,
        direction: index % 2 ? 'OUTBOUND' : 'INBOUND',
      };
      await on.said(accountId, `${day}`, given);
    }
    const { earlier, timeline } = await view(accountId);
    expect(timeline.totalCount).toBe(2);
    expect(earlier.map(({ granularity, start }: Record<string, string>) => [granularity, start?.slice(0, 10)])).toEqual(
      [
        ['MONTH', '2025-05-01'],
        ['MONTH', '2026-02-01'],
        ['MONTH', '2026-03-01'],
        ['WEEK', '2026-03-16'],
        ['WEEK', '2026-05-04'],
        ['WEEK', '2026-05-11'],
      ],
    );
    const counts = earlier.flatMap(({ channels }: { channels: { count: number }[] }) =>
      channels.map(({ count }) => count),
    );
    const sum = counts.reduce((total: number, count: number) => total + count, 0);
    expect(sum).toBe(days.length - 2);
    expect(earlier.at(-2)).toEqual({
      granularity: 'WEEK',
      start: '2026-05-04T00:00:00.000Z',
      end: '2026-05-11T00:00:00.000Z',
      channels: [{ channel: 'EMAIL', count: 3 }],
      inbound: 1,
      outbound: 2,
      people: ['Person 3', 'Person 4', 'Person 5'],
      text: '3 emails with Person 3, Person 4 and Person 5 (1 from them, 2 from us).',
    });
    expect(earlier[0]).toMatchObject({
      end: '2025-06-01T00:00:00.000Z',
      text: '1 email with Person 3 (1 from them, 0 from us).',
    });
  });

  test('of many people the most frequent are named, the others counted', async () => {
    const accountId = await on.account();
    for (const person of ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'G'])
      await on.said(accountId, 'x', {
        occurredAt: on.at(200),
        channel: 'MEETING',
        direction: null,
        contactName: person,
      });
    const { earlier } = await view(accountId);
    expect(earlier).toMatchObject([{ text: '8 meetings with G, A, B, C, D and 2 others.' }]);
  });

  test('where channels disagree, what was said last holds, and says what it overrules', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'Our budget is approved.', { occurredAt: on.at(9) });
    await on.said(accountId, 'He said that all spending is frozen.', {
      channel: 'MEETING',
      direction: null,
      occurredAt: on.at(3),
    });
    await on.said(accountId, 'We need it urgently.', { channel: 'CHAT', occurredAt: on.at(6) });
    const { signals } = await view(accountId);
    expect(signals).toEqual([
      {
        type: 'BUDGET_FREEZE',
        holds: true,
        channel: 'MEETING',
        evidence: { quote: 'He said that all spending is frozen.' },
        overruled: { channel: 'EMAIL', evidence: { quote: 'Our budget is approved.' } },
      },
      { type: 'URGENCY', holds: true, channel: 'CHAT', evidence: { quote: 'We need it urgently.' }, overruled: null },
    ]);
    await on.said(accountId, 'The budget freeze has been lifted.');
    expect((await view(accountId)).signals[0]).toMatchObject({
      type: 'BUDGET_FREEZE',
      holds: false,
      channel: 'EMAIL',
      overruled: { channel: 'MEETING' },
    });
  });

  test('an account without a past has empty parts; one that is not there is NOT_FOUND', async () => {
    expect(await view(await on.account())).toMatchObject({
      timeline: { totalCount: 0, edges: [] },
      earlier: [],
      signals: [],
    });
    for (const id of [newId(on.clock.now()), 'nonsense']) {
      const { errors } = await on.server.request(on.agent, VIEW, { id });
      expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    }
  });
});
