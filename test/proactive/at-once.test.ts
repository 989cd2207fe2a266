import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlStore } from '../../src/features/policy/store/control.js';
import { Planner } from '../../src/features/proactive/index.js';
import { planningReader } from '../../src/features/proactive/store/reader.js';
import { turnTaker } from '../../src/features/proactive/store/turns.js';
import type { Id } from '../../src/kernel/ids.js';
import { type InsightServer, startInsightServer } from '../patterns/insight-server.js';
import { DATABASES } from '../support/database.js';
import { actionsOf } from './planning.js';

const BUYS = 'Our budget has been approved.';
const HURRIES = 'We need this urgently, the deadline is Friday.';

describe.each(DATABASES)('planners at once, on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  /** An instance's planner. It sees the insights of one type only, as one that read at another time would. */
  const plannerSeeing = (type: string, beforeProposing: () => Promise<void> = async () => {}) =>
    new Planner({
      ...{ transactor: on.database, clock: on.clock, control: controlStore() },
      ...{ check: on.features.check, mostRequests: 20 },
      goals: { standings: async () => [], gapAccounts: async () => [] },
      ...{ insights: on.features.insights, turns: turnTaker, windowMs: 7 * 86_400_000, onTrouble: () => {} },
      reader: {
        ...planningReader,
        async pendingInsights(tx, since, limit) {
          const { insights, unreadable } = await planningReader.pendingInsights(tx, since, limit);
          return { insights: insights.filter((insight) => insight.type === type), unreadable };
        },
      },
      propose: {
        async propose(actor, command) {
          await beforeProposing();
          return on.features.propose.propose(actor, command);
        },
      },
    });
  /** Lets nobody on before so many have come. */
  const barrier = (parties: number) => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let come = 0;
    return () => {
      come += 1;
      if (come === parties) open();
      return opened;
    };
  };
  const byHand = async (planner: Planner) =>
    (await planner.planProactiveActions(actor(), { dryRun: false, limit: 50 })).planned.map(({ outcome }) => outcome);
  const byJob = async (planner: Planner) => {
    const { signal } = new AbortController();
    const now = on.clock.now();
    const { counts } = await planner.run({ tenantId: on.tenantId, now, signal, progress: () => {} });
    return Object.entries(counts).flatMap(([name, count]) =>
      name === 'candidates' ? [] : Array.from({ length: count }, () => name),
    );
  };
  const actor = () => ({
    ...{ tenantId: on.tenantId, tenant: 'demo', name: 'manager-one', root: 'manager-one' },
    roles: new Set(['manager'] as const),
  });
  const accountThatSaid = async (...words: string[]): Promise<Id> => {
    const accountId = await on.account();
    for (const text of words) await on.said(accountId, text);
    await on.scan(accountId);
    return accountId;
  };
  const actionsFor = async (accountId: Id) =>
    (await actionsOf(on)).filter((action: { accountId: Id }) => action.accountId === accountId);

  test('that go by different reasons propose the same for an account once, and lose no reason', async () => {
    const accountId = await accountThatSaid(BUYS, HURRIES);
    const together = barrier(2);
    const [byBudget, byUrgency] = ['budget', 'urgency'].map((type) => plannerSeeing(type, together));
    if (!byBudget || !byUrgency) throw new Error('expected two planners');
    const outcomes = await Promise.all([byHand(byBudget), byJob(byUrgency)]);
    expect(outcomes.flat().sort()).toEqual(['allowed', 'duplicate']);
    const actions = await actionsFor(accountId);
    expect(actions).toHaveLength(1);
    const [acted] = await on.insights(`accountId: "${accountId}", status: ACTED`);
    expect(actions[0].payload.insightIds).toEqual([acted.id]);
    const [waiting] = await on.insights(`accountId: "${accountId}", status: PENDING`);
    expect(waiting.type).not.toBe(acted.type);

    on.laterBy(8);
    expect(await byHand(plannerSeeing(waiting.type.toLowerCase()))).toEqual(['allowed']);
    expect(await on.insights(`accountId: "${accountId}", status: PENDING`)).toEqual([]);
  });

  test('a run that ended between its turn and its proposal has used nothing up', async () => {
    const accountId = await accountThatSaid(BUYS);
    const dies = () => Promise.reject(new Error('killed'));
    expect(await byHand(plannerSeeing('budget', dies))).toEqual(['refused']);
    expect(await actionsFor(accountId)).toEqual([]);
    on.laterBy(1);
    expect(await byHand(plannerSeeing('budget'))).toEqual(['allowed']);
  });

  test('eight runs over several accounts leave one action for each account and type', async () => {
    const accounts = [];
    for (let index = 0; index < 4; index += 1) accounts.push(await accountThatSaid(BUYS, HURRIES));
    const planners = Array.from({ length: 8 }, (_, index) => plannerSeeing(index % 2 === 0 ? 'budget' : 'urgency'));
    const outcomes = await Promise.all(planners.map((planner, index) => (index < 4 ? byHand : byJob)(planner)));
    expect(outcomes.flat().filter((outcome) => outcome === 'allowed')).toHaveLength(accounts.length);
    for (const accountId of accounts) expect(await actionsFor(accountId)).toHaveLength(1);
  });
});
