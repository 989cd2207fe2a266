import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { sqlOf } from '../../src/platform/db/database.js';
import { DATABASES } from '../support/database.js';
import { INSIGHT, type InsightServer, startInsightServer } from './insight-server.js';

describe.each(DATABASES)('insights on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  const dismiss = (insightId: string) => on.mutate('dismissInsight', { insightId, reason: 'Known.' }, INSIGHT);
  const judge = (insightId: string, verdict: string) =>
    on.mutate(
      'giveInsightFeedback',
      { insightId, verdict },
      `insight { ${INSIGHT} } threshold { type threshold useful falseAlarms }`,
    );
  const eventsOf = async (id: string): Promise<string[]> => {
    const { auditTrail } = await on.server.data(
      on.boss,
      `{ auditTrail(subjectId: "${id}") { edges { node { type } } } }`,
    );
    return auditTrail.edges.map(({ node }: { node: { type: string } }) => node.type);
  };

  test('a scan finds what was said, with where it stands, and keeps it', async () => {
    const accountId = await on.account();
    const interactionId = await on.said(accountId, 'Hello. Our budget is frozen until June. Bye.');
    expect(await on.scan(accountId)).toEqual({ raised: 1, updated: 0, dismissed: 0 });
    const [insight, ...others] = await on.insights(`accountId: "${accountId}"`);
    expect(others).toEqual([]);
    expect(insight).toMatchObject({
      type: 'BUDGET_FREEZE',
      category: 'RISK',
      severity: 'HIGH',
      status: 'PENDING',
      summary: 'Their money is held back, said once.',
      raisedAt: on.clock.now().toISOString(),
      evidence: [
        { interactionId, field: 'CONTENT', quote: 'Our budget is frozen until June.', start: 7, end: 39, at: on.at(1) },
      ],
    });
    expect((await on.server.data(on.agent, `{ insight(id: "${insight.id}") { ${INSIGHT} } }`)).insight).toEqual(
      insight,
    );
  });

  test('the same evidence never alerts twice: not while pending, nor after it was dealt with', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'Our budget is frozen.');
    await on.scan(accountId);
    expect(await on.scan(accountId)).toEqual({ raised: 0, updated: 0, dismissed: 0 });
    const [first] = await on.insights(`accountId: "${accountId}"`);

    await on.said(accountId, 'And all purchases are suspended.');
    expect(await on.scan(accountId)).toEqual({ raised: 0, updated: 1, dismissed: 0 });
    const [grown] = await on.insights(`accountId: "${accountId}"`);
    expect(grown).toMatchObject({ id: first.id, evidence: [{}, {}] });
    expect(grown.confidence).toBeGreaterThan(first.confidence);
    expect(await eventsOf(first.id)).toEqual(['INSIGHT_RAISED']);

    expect(await dismiss(first.id)).toMatchObject({ status: 'DISMISSED', reason: 'Known.', resolvedBy: 'manager-one' });
    expect(await on.scan(accountId)).toEqual({ raised: 0, updated: 0, dismissed: 0 });
    await on.said(accountId, 'Spending is now frozen for good.');
    expect(await on.scan(accountId)).toEqual({ raised: 1, updated: 0, dismissed: 0 });
    const [again] = await on.insights(`accountId: "${accountId}", status: PENDING`);
    expect(again.evidence.map(({ quote }: { quote: string }) => quote)).toEqual(['Spending is now frozen for good.']);
  });

  test('what does not show any more is dismissed by the scan itself', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'Bye.', { occurredAt: on.at(20) });
    await on.scan(accountId);
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([{ type: 'SILENCE', status: 'PENDING' }]);
    await on.said(accountId, 'Here we are again.');
    expect(await on.scan(accountId)).toEqual({ raised: 0, updated: 0, dismissed: 1 });
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([
      { status: 'DISMISSED', resolvedBy: 'system:patterns' },
    ]);
  });

  test('when it becomes more severe, that is told once', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'We compare you with other vendors.');
    await on.scan(accountId);
    const [{ id, severity }] = await on.insights(`accountId: "${accountId}"`);
    expect(severity).toBe('MEDIUM');
    await on.deal(accountId, 'NEGOTIATION');
    await on.scan(accountId);
    await on.scan(accountId);
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([{ id, severity: 'HIGH' }]);
    expect(await eventsOf(id)).toEqual(['INSIGHT_RAISED', 'INSIGHT_ESCALATED']);
  });

  test('filters and pages', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'Our budget is frozen. I have resigned. Please answer asap.');
    await on.scan(accountId);
    const of = async (filter: string) =>
      (await on.insights(`accountId: "${accountId}", ${filter}`)).map(({ type }) => type).sort();
    expect(await of('severity: [HIGH]')).toEqual(['BUDGET_FREEZE', 'CHAMPION_LEAVING']);
    expect(await of('severity: []')).toHaveLength(3);
    expect(await of('category: BUYING_SIGNAL')).toEqual(['URGENCY']);
    expect(await of('type: CHAMPION_LEAVING')).toEqual(['CHAMPION_LEAVING']);
    expect(await of('status: [ACTED, DISMISSED]')).toEqual([]);
    expect(await of(`since: "${on.at(-1)}"`)).toEqual([]);
    expect(await of(`since: "${on.at(0)}"`)).toHaveLength(3);
    const { insights } = await on.server.data(
      on.agent,
      `{ insights(accountId: "${accountId}", first: 2) { totalCount pageInfo { hasNextPage } edges { node { id } } } }`,
    );
    expect(insights).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true }, edges: [{}, {}] });
  });

  test('the loser of a race to deal with it is told who was first', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'I have resigned.');
    await on.scan(accountId);
    const [{ id }] = await on.insights(`accountId: "${accountId}"`);
    const document = `mutation { dismissInsight(input: { insightId: "${id}", reason: "Mine." }) { id } }`;
    const replies = await Promise.all(
      ['ana', 'ben'].map(async (user) => on.server.request(await on.server.token('approver', user), document)),
    );
    const [won, lost] = [...replies].sort((a, b) => (a.errors?.length ?? 0) - (b.errors?.length ?? 0));
    expect(won?.errors).toBeUndefined();
    expect(lost?.errors?.[0].extensions).toMatchObject({ code: 'CONFLICT', status: 'DISMISSED' });
  });

  test('an action that came of it closes it, in the transaction of the proposal', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'I have resigned.');
    await on.scan(accountId);
    const [{ id }] = await on.insights(`accountId: "${accountId}"`);
    const proposal = `mutation { proposeAction(input: { actionType: "create_briefing", payload: {}, idempotencyKey: "i" }) { action { id } } }`;
    const { proposeAction } = await on.server.data(on.agent, proposal);
    const link = { actionId: proposeAction.action.id, by: 'agent-one' };
    await on.database.run(on.tenantId, (tx) => on.features.insights.markActed(tx, id, link));
    expect(await on.insights(`accountId: "${accountId}"`)).toMatchObject([
      { status: 'ACTED', actionId: link.actionId, resolvedBy: 'agent-one' },
    ]);
    expect(await eventsOf(id)).toEqual(['INSIGHT_RAISED', 'INSIGHT_ACTED']);
    const late = on.database.run(on.tenantId, (tx) => on.features.insights.markActed(tx, id, link));
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
    const nowhere = on.database.run(on.tenantId, (tx) =>
      on.features.insights.markActed(tx, newId(on.clock.now()), link),
    );
    await expect(nowhere).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('two scans of one account at once raise one insight', async () => {
    const accountId = await on.account();
    await on.said(accountId, 'I have resigned.');
    const counts = await Promise.all([on.scan(accountId), on.scan(accountId), on.scan(accountId)]);
    expect(counts.reduce((sum, { raised }) => sum + raised, 0)).toBe(1);
  });

  test('live: high and critical ones by default, others when asked for', async () => {
    const cursor = (await on.server.data(on.boss, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo
      .endCursor;
    const live = (args: string) =>
      on.server.subscribe(
        on.agent,
        `subscription { insightRaised(after: "${cursor}"${args}) { cursor insight { type severity accountId } } }`,
      );
    const [byDefault, medium] = [live(''), live(', severity: [MEDIUM]')];
    const [calm, alarmed] = [await on.account(), await on.account()];
    await on.said(calm, 'Please answer asap.');
    await on.said(alarmed, 'I have resigned.');
    await on.scan(calm);
    await on.scan(alarmed);
    expect((await byDefault.next()).data.insightRaised.insight).toEqual({
      type: 'CHAMPION_LEAVING',
      severity: 'HIGH',
      accountId: alarmed,
    });
    expect((await medium.next()).data.insightRaised.insight).toEqual({
      type: 'URGENCY',
      severity: 'MEDIUM',
      accountId: calm,
    });
    await byDefault.close();
    await medium.close();
  });

  describe('feedback', () => {
    const thresholdOf = async (type: string): Promise<number> =>
      (await on.server.data(on.agent, '{ patternThresholds { type threshold } }')).patternThresholds.find(
        (one: { type: string }) => one.type === type,
      ).threshold;

    test('moves the threshold of its type for the tenant, until that type needs more evidence', async () => {
      expect(await thresholdOf('STAKEHOLDER_EXPANSION')).toBe(0.7);
      const words = ['Our CFO will join the next call.', 'Our legal team will attend.'];
      for (const content of words) {
        const accountId = await on.account();
        await on.said(accountId, content);
        await on.scan(accountId);
        const [{ id }] = await on.insights(`accountId: "${accountId}"`);
        expect((await judge(id, 'FALSE_ALARM')).insight).toMatchObject({
          status: 'DISMISSED',
          reason: 'A false alarm.',
        });
      }
      expect(await thresholdOf('STAKEHOLDER_EXPANSION')).toBe(0.817);
      expect(await thresholdOf('BUDGET')).toBe(0.7);
      const accountId = await on.account();
      await on.said(accountId, 'Our CTO will join the next call.');
      expect(await on.scan(accountId)).toMatchObject({ raised: 0 });
      await on.said(accountId, 'Procurement is joining too.');
      expect(await on.scan(accountId)).toMatchObject({ raised: 1 });
    });

    test('a person counts once for an insight; the last word holds', async () => {
      const accountId = await on.account();
      await on.said(accountId, 'The budget is approved.');
      await on.scan(accountId);
      const [{ id }] = await on.insights(`accountId: "${accountId}"`);
      expect((await judge(id, 'USEFUL')).threshold).toEqual({
        type: 'BUDGET',
        threshold: 0.67,
        useful: 1,
        falseAlarms: 0,
      });
      expect((await judge(id, 'USEFUL')).threshold).toMatchObject({ useful: 1 });
      const changed = await judge(id, 'FALSE_ALARM');
      expect(changed.threshold).toEqual({ type: 'BUDGET', threshold: 0.77, useful: 0, falseAlarms: 1 });
      expect(changed.insight).toMatchObject({ status: 'DISMISSED' });
    });

    test('is not for agents, and needs an insight', async () => {
      const document = (id: string) =>
        `mutation { giveInsightFeedback(input: { insightId: "${id}", verdict: USEFUL }) { insight { id } } }`;
      const id = newId(on.clock.now());
      expect((await on.server.request(on.agent, document(id))).errors?.[0].extensions.code).toBe('FORBIDDEN');
      expect((await on.server.request(on.boss, document(id))).errors?.[0].extensions.code).toBe('NOT_FOUND');
    });
  });
});

describe.each(DATABASES)('the scan of all accounts on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  test('takes in who was active, and who fell silent over an open deal; one that fails stops nobody', async () => {
    const long = await on.account();
    await on.said(long, 'Thank you for the call.', { occurredAt: on.at(200) });
    on.laterBy(10);
    const silent = await on.account();
    await on.said(silent, 'Bye.', { occurredAt: on.at(30) });
    await on.deal(silent, 'DISCOVERY');
    const quiet = await on.account();
    await on.said(quiet, 'Bye.', { occurredAt: on.at(30) });
    on.laterBy(10);
    const active = await on.account();
    await on.said(active, 'I have resigned.');
    const poisoned = await on.account();
    await on.said(poisoned, 'I have resigned.');
    // Somebody has damaged what is stored of it.
    await on.database.asServer((sql) =>
      sql(
        `insert into insight (tenant_id, id, account_id, type, category, severity, confidence, summary, evidence,
           evidence_keys, status, raised_at, updated_at)
         values ($1, $2, $3, 'urgency', 'buying_signal', 'low', 1, '', '5', '[]', 'pending', now(), now())`,
        [on.tenantId, newId(on.clock.now()), poisoned],
      ),
    );
    const steps: number[] = [];
    const outcome = await on.scanAll({ progress: (done) => void steps.push(done) });
    expect(outcome.failures?.map(({ subjectId }) => subjectId)).toEqual([poisoned]);
    expect(outcome).toMatchObject({ counts: { accounts: 3, raised: 2, updated: 0, dismissed: 0 }, failed: 1 });
    expect(steps).toEqual([1, 2, 3]);
    await on.database.asServer((sql) => sql('delete from insight where account_id = $1', [poisoned]));
    expect((await on.insights()).map(({ accountId, type }) => [accountId, type]).sort()).toEqual(
      [
        [silent, 'SILENCE'],
        [active, 'CHAMPION_LEAVING'],
      ].sort(),
    );
  });

  test('finds what several accounts share, once', async () => {
    const accounts = [];
    for (const number of [1, 2, 3]) {
      const accountId = await on.account();
      accounts.push(accountId);
      await on.said(accountId, `We are concerned about security, said number ${number}.`);
    }
    await on.scanAll();
    const themes = await on.insights('category: THEME');
    expect(themes).toMatchObject([
      { type: 'SHARED_TOPIC', topic: 'security', accountId: null, evidence: [{}, {}, {}] },
    ]);
    await on.scanAll();
    expect(await on.insights('category: THEME')).toHaveLength(1);
    await on.mutate('dismissInsight', { insightId: themes[0].id, reason: 'Known.' }, 'id');
    await on.scanAll();
    expect(await on.insights('category: THEME, status: PENDING')).toEqual([]);
  });

  test('ends when told to', async () => {
    await expect(on.scanAll({ signal: AbortSignal.abort(new Error('stopping')) })).rejects.toThrow('stopping');
  });

  test('goes through more accounts than fit into one page, each once', async () => {
    const inputs = Array.from({ length: 450 }, (_, index) => ({ externalId: `many-${index}`, name: `Many ${index}` }));
    const interactions = inputs.map(({ externalId }) => ({
      externalId: `i-${externalId}`,
      accountExternalId: externalId,
      channel: 'CHAT',
      direction: 'INBOUND',
      occurredAt: on.at(1),
      content: 'I have resigned.',
    }));
    await on.mutate('importRecords', { accounts: inputs, interactions }, 'records { id }');
    const before = await on.database.run(on.tenantId, (tx) =>
      sqlOf(tx)<{ n: number }>('select count(*)::int as n from insight'),
    );
    const { counts } = await on.scanAll();
    expect(counts.raised).toBe(450);
    const after = await on.database.run(on.tenantId, (tx) =>
      sqlOf(tx)<{ n: number }>('select count(*)::int as n from insight'),
    );
    expect((after[0]?.n ?? 0) - (before[0]?.n ?? 0)).toBe(450);
  }, 60_000);
});
