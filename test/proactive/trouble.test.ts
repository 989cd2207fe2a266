import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GoalQueries } from '../../src/features/goals/index.js';
import { gapReader } from '../../src/features/goals/store/candidates.js';
import { goalPointStore } from '../../src/features/goals/store/points.js';
import { goalStore } from '../../src/features/goals/store/store.js';
import { cloneStore } from '../../src/features/identity/store/stores.js';
import { controlStore } from '../../src/features/policy/store/control.js';
import { Planner } from '../../src/features/proactive/index.js';
import { planningReader } from '../../src/features/proactive/store/reader.js';
import { turnTaker } from '../../src/features/proactive/store/turns.js';
import { type InsightServer, startInsightServer } from '../patterns/insight-server.js';
import { DATABASES } from '../support/database.js';
import { actionsOf, goalBehind, planned, runJob } from './planning.js';

describe.each(DATABASES)('planning when not all goes well, on %s', (kind) => {
  let on: InsightServer;
  beforeEach(async () => {
    on = await startInsightServer(kind);
  });
  afterEach(() => on.close());

  /** An account that has said something, and has been scanned. */
  const accountThatSaid = async (words: string): Promise<string> => {
    const accountId = await on.account();
    await on.said(accountId, words);
    await on.scan(accountId);
    return accountId;
  };
  const BUYS = 'Our budget has been approved.';
  const FROZEN = 'Our budget is frozen until June.';
  /** Lays down a policy as an admin does. */
  const layDown = async (rules: object[]) => {
    const { policy } = await on.server.data(on.boss, '{ policy { version } }');
    return on.mutate(
      'setPolicy',
      { expectedVersion: policy.version, reason: 'For the test.', policy: { rules, budgets: [] } },
      'version',
    );
  };
  const planOf = async (accountId: string, input: object = {}) =>
    (await planned(on, input)).planned.find((one: { accountId: string }) => one.accountId === accountId);

  test('a run that ended between a proposal and its note is caught up on by the next one', async () => {
    const accountId = await accountThatSaid(BUYS);
    const first = await planOf(accountId);
    expect(first).toMatchObject({ outcome: 'ALLOWED' });
    await on.database.asServer((sql) =>
      sql(`update insight set status = 'pending', action_id = null, resolved_by = null, resolved_at = null`),
    );
    // A dry run leaves even that as it is.
    await planned(on, { dryRun: true });
    expect(await on.insights('status: PENDING')).toHaveLength(1);
    expect((await planned(on)).planned).toEqual([]);
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([
      { status: 'ACTED', actionId: first.actionId, resolvedBy: 'system:planner' },
    ]);
    expect(await actionsOf(on)).toHaveLength(1);
  });

  test('beyond the window too the same insight is never proposed twice, whatever its words are then', async () => {
    const accountId = await accountThatSaid(BUYS);
    const first = await planOf(accountId);
    on.laterBy(8);
    await on.database.asServer((sql) =>
      sql(`update insight set status = 'pending', action_id = null, summary = 'Other words.'`),
    );
    expect((await planned(on)).planned).toEqual([]);
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([
      { status: 'ACTED', actionId: first.actionId },
    ]);
    expect(await actionsOf(on)).toHaveLength(1);
  });

  test('a goal that stays behind asks again once the window is over', async () => {
    const accountId = await on.account();
    await on.deal(accountId, 'DISCOVERY', { value: 50_000 });
    await goalBehind(on);
    expect(await planOf(accountId)).toMatchObject({ outcome: 'ALLOWED' });
    on.laterBy(6);
    expect(await planOf(accountId)).toMatchObject({ outcome: 'DUPLICATE' });
    on.laterBy(2);
    expect(await planOf(accountId)).toMatchObject({ outcome: 'ALLOWED' });
  });

  test('an insight that cannot be read does not stop the others', async () => {
    const poisoned = await accountThatSaid(FROZEN);
    const healthy = await accountThatSaid(BUYS);
    const [{ id }] = await on.insights(`accountId: "${poisoned}"`);
    await on.database.asServer((sql) => sql(`update insight set evidence = '[{"at": "never"}]' where id = $1`, [id]));
    const run = await runJob(on, 'PROACTIVE_OUTREACH_CHECK');
    expect(run).toMatchObject({
      status: 'COMPLETED',
      failed: 1,
      failures: [{ subjectId: id }],
      counts: { allowed: 1 },
    });
    expect(await actionsOf(on)).toMatchObject([{ accountId: healthy, status: 'ALLOWED' }]);
  });

  test('a goal whose accounts cannot be looked up does not stop the others', async () => {
    const accountId = await on.account();
    await on.deal(accountId, 'DISCOVERY', { value: 50_000 });
    const [poisoned, healthy] = [(await goalBehind(on)).id, (await goalBehind(on)).id];
    const { database, clock, features } = on;
    const goals = new GoalQueries({
      ...{ transactor: database, goals: goalStore, points: goalPointStore, clones: cloneStore, clock },
      gaps: {
        async candidates(tx, goal, now) {
          if ('id' in goal && goal.id === poisoned) throw new Error('poisoned');
          return gapReader.candidates(tx, goal, now);
        },
      },
    });
    const planner = new Planner({
      ...{
        transactor: database,
        reader: planningReader,
        turns: turnTaker,
        goals,
        clock,
        control: controlStore(),
        windowMs: 1,
      },
      ...{ insights: features.insights, propose: features.propose, onTrouble: () => {} },
      ...{ check: features.check, mostRequests: 20 },
    });
    const context = { signal: new AbortController().signal, progress: () => {} };
    const outcome = await planner.run({ ...context, tenantId: on.tenantId, now: clock.now() });
    expect(outcome).toMatchObject({ failed: 1, failures: [{ subjectId: poisoned }], counts: { allowed: 1 } });
    expect(await actionsOf(on)).toMatchObject([{ accountId, payload: { goal: { id: healthy } } }]);
  });

  test('two that plan at once propose each once', async () => {
    for (let index = 0; index < 3; index += 1) await accountThatSaid(BUYS);
    const both = await Promise.all([planned(on), planned(on)]);
    const outcomes = both.flatMap(({ planned }) => planned).map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'ALLOWED')).toHaveLength(3);
    expect(await actionsOf(on)).toHaveLength(3);
    expect(await on.insights('status: ACTED')).toHaveLength(3);
  });

  test('the limit bounds a run; the next one goes on', async () => {
    for (let index = 0; index < 3; index += 1) await accountThatSaid(BUYS);
    expect((await planned(on, { limit: 2 })).planned).toHaveLength(2);
    expect((await planned(on, { limit: 2 })).planned).toMatchObject([{ outcome: 'ALLOWED' }]);
    expect(await actionsOf(on)).toHaveLength(3);
  });

  test('proposes nothing while the tenant is paused', async () => {
    await accountThatSaid(BUYS);
    await on.mutate('pauseAutonomy', { reason: 'Holidays.' }, '__typename');
    const document = 'mutation { planProactiveActions(input: {}) { failed } }';
    expect((await on.server.request(on.boss, document)).errors?.[0].extensions.code).toBe('PAUSED');
    expect(await runJob(on, 'PROACTIVE_OUTREACH_CHECK')).toMatchObject({
      status: 'COMPLETED',
      counts: { paused: 1, candidates: 0 },
    });
    expect(await actionsOf(on)).toEqual([]);
    expect((await planned(on, { dryRun: true })).planned).toMatchObject([{ outcome: 'PLANNED' }]);
  });

  test.each([0, 101])('a limit of %s is refused', async (limit) => {
    const document = `mutation { planProactiveActions(input: { limit: ${limit} }) { failed } }`;
    expect((await on.server.request(on.boss, document)).errors?.[0].extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['input', 'limit'] }],
    });
  });

  test('a type that the policy hands to a connector that cannot take a brief is refused, and the others are proposed', async () => {
    const mailed = await accountThatSaid(BUYS);
    const escalated = await accountThatSaid(FROZEN);
    await layDown([{ actionType: 'send_follow_up_email', connector: 'EMAIL' }]);
    const refused = await planOf(mailed);
    expect(refused).toMatchObject({ outcome: 'REFUSED', actionId: null });
    expect(refused.message).toContain('payload');
    expect(await actionsOf(on)).toMatchObject([{ accountId: escalated, status: 'PENDING_APPROVAL' }]);
    expect(await on.insights(`accountId: "${mailed}"`)).toMatchObject([{ status: 'PENDING' }]);
    const run = await runJob(on, 'PROACTIVE_OUTREACH_CHECK');
    expect(run).toMatchObject({ status: 'COMPLETED', failed: 1, failures: [{ subjectId: mailed }] });
  });

  test('the policy can make a person sign, or block, what is planned; what is blocked goes on waiting', async () => {
    const asked = await accountThatSaid(BUYS);
    const blocked = await accountThatSaid(FROZEN);
    await layDown([
      { actionType: 'send_follow_up_email', tier: 'APPROVAL_REQUIRED' },
      { actionType: 'escalate_to_management', tier: 'HARD_STOP' },
    ]);
    const { planned: candidates } = await planned(on);
    expect(candidates).toMatchObject([
      { accountId: blocked, outcome: 'BLOCKED', approvalId: null },
      { accountId: asked, outcome: 'PENDING_APPROVAL' },
    ]);
    expect(await on.insights(`accountId: "${blocked}"`)).toMatchObject([{ status: 'PENDING' }]);
    expect(await planOf(blocked)).toMatchObject({ outcome: 'DUPLICATE', actionId: candidates[0].actionId });
    expect(await on.insights(`accountId: "${blocked}"`)).toMatchObject([{ status: 'PENDING' }]);
  });
});
