import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeFeatures } from '../src/compose/index.js';
import { digestPostOf, mailerOf } from '../src/compose/outside.js';
import { readConfig } from '../src/config.js';
import { assemble, dayBefore, dayOf, render } from '../src/features/digest/domain/digest.js';
import { startMailServer } from './mail/mail-server.js';
import { type InsightServer, startInsightServer } from './patterns/insight-server.js';
import { DATABASES } from './support/database.js';

const DIGEST = `query ($date: DateTime) { dailyDigest(date: $date) { date text openInsights { total severe }
  accounts { accountId accountName happened { kind subjectId text } waiting { actionId actionType what forWhom since until text } }
  goals { goalId title target from to status } } }`;

describe.each(DATABASES)('the daily digest on %s', (kind) => {
  let on: InsightServer;
  beforeAll(async () => {
    on = await startInsightServer(kind);
  });
  afterAll(() => on.close());

  const digestOf = async (date?: string) => (await on.server.data(on.agent, DIGEST, { date })).dailyDigest;
  let keys = 0;
  const propose = async (actionType: string, accountId: string | null) =>
    (
      await on.server.data(
        on.agent,
        'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }',
        { input: { actionType, payload: {}, idempotencyKey: `d-${keys++}`, accountId } },
      )
    ).proposeAction.action.id;

  test('says nothing where nothing was', async () => {
    expect(await digestOf('2020-01-01T15:00:00Z')).toEqual({
      date: '2020-01-01',
      openInsights: { total: 0, severe: 0 },
      accounts: [],
      goals: [],
      text: 'Countersign, 2020-01-01 (UTC)\n\nNothing happened, and nothing waits.\n',
    });
  });

  test('says by account what happened and what waits for whom, and how goals moved', async () => {
    const [busy, calm] = [await on.account({ name: 'Zebra Ltd' }), await on.account({ name: 'Aster\nLtd' })];
    await on.said(busy, 'I have resigned.', { occurredAt: on.at(0.1) });
    await on.said(busy, 'Bye.', { occurredAt: on.at(0.05), direction: 'OUTBOUND' });
    await on.said(busy, 'Yesterday.', { occurredAt: on.at(1) });
    await on.said(calm, 'Hello.', { occurredAt: on.at(0.1), channel: 'MEETING', direction: null });
    await on.scan(busy);
    const approvalFor = await propose('send_proposal', busy);
    const allowed = await propose('create_briefing', null);
    await propose('approve_discount', calm);
    const goal = await on.mutate(
      'createGoal',
      { type: 'REVENUE', title: 'More', target: 100, periodStart: on.at(10), periodEnd: on.at(-10) },
      'id',
    );
    for (const current of [10, 40]) await on.mutate('updateGoalProgress', { goalId: goal.id, current }, 'id');

    const digest = await digestOf();
    expect(digest.date).toBe('2026-06-15');
    const [first, second, third, ...others] = digest.accounts;
    expect(others).toEqual([]);
    const [insight] = await on.insights(`accountId: "${busy}"`);
    expect(first).toMatchObject({
      accountId: busy,
      accountName: 'Zebra Ltd',
      happened: [
        { kind: 'INSIGHT', subjectId: insight.id, text: 'Somebody who matters is leaving, said once. (high)' },
        { kind: 'INTERACTIONS', subjectId: null, text: '2 × email, 1 of them from the customer' },
        { kind: 'ACTIONS', text: '1 × send_proposal: pending approval' },
      ],
      waiting: [
        {
          actionId: approvalFor,
          what: 'DECISION',
          forWhom: 'approver',
          since: on.clock.now().toISOString(),
          text: 'send_proposal waits for a decision by approver, until 2026-06-18 09:00 UTC',
        },
      ],
    });
    expect(second).toMatchObject({
      accountId: calm,
      happened: [{ text: '1 × meeting' }, { text: '1 × approve_discount: blocked' }],
      waiting: [],
    });
    expect(third).toMatchObject({
      accountId: null,
      waiting: [{ actionId: allowed, what: 'RUN', forWhom: 'agent-one', until: null }],
    });
    expect(digest.goals).toEqual([
      { goalId: goal.id, title: 'More', target: 100, from: null, to: 40, status: 'ACTIVE' },
    ]);
    expect(digest.openInsights).toEqual({ total: 1, severe: 1 });
    expect(digest.text).toContain('\n\nInsights that nobody has dealt with: 1, 1 of them high or critical.\n\n');
    expect(digest.text).toContain('\n\nAster Ltd\n  - 1 × meeting\n');
    expect(digest.text).toContain('\n  - More: at 40 of 100, active\n');
  });

  test('the job sends yesterday’s to the tenant’s own recipients, and nobody else’s', async () => {
    const mail = await startMailServer();
    const { tenantId, clock, database, server } = on;
    const config = readConfig({
      COUNTERSIGN_SMTP_URL: mail.url.href,
      COUNTERSIGN_MAIL_FROM: 'Countersign <no-reply@us.example>',
      COUNTERSIGN_DIGEST_TO: 'demo:ana@us.example,demo:ben@us.example,other:eve@other.example',
    });
    const post = digestPostOf(config, mailerOf(config), async (slug) =>
      slug === 'demo' ? { id: tenantId } : undefined,
    );
    const { digests } = composeFeatures({ database, tokens: server.app.tokens, clock, approvalHours: 72, post });
    const context = { tenantId, now: clock.now(), signal: new AbortController().signal, progress: () => {} };
    const { counts } = await digests.run(context);
    expect(counts.emails).toBe(2);
    expect(mail.deliveries.map(({ to }) => to)).toEqual([['ana@us.example'], ['ben@us.example']]);
    const [sent] = mail.deliveries;
    expect(sent?.mail.subject).toBe('Countersign: 2026-06-14');
    expect(sent?.mail.messageId).toBe(`<digest.${tenantId}.2026-06-14.0@us.example>`);
    expect(sent?.mail.text?.trimEnd()).toBe((await digestOf('2026-06-14T00:00:00Z')).text.trimEnd());
    const away = await digests.run({ ...context, tenantId: '019ca945-0a2e-75fb-9981-8e9af4932c33' });
    expect(away.counts.emails).toBe(0);
    await mail.stop();
    await expect(digests.run(context)).rejects.toThrow('expected 2 digests to be sent, 2 were not');
  });

  test('of a goal that was there before, the first change of the day says where it began', async () => {
    on.laterBy(1);
    const goal = (await on.server.data(on.agent, '{ goals { edges { node { id } } } }')).goals.edges[0].node.id;
    for (const current of [50, 60]) await on.mutate('updateGoalProgress', { goalId: goal, current }, 'id');
    const digest = await digestOf();
    expect(digest.date).toBe('2026-06-16');
    expect(digest.goals).toMatchObject([{ goalId: goal, from: 40, to: 60 }]);
    expect(digest.text).toContain('\n  - More: from 40 to 60 of 100, active\n');
  });

  test('an address that the mail server refuses keeps nobody else’s from going out', async () => {
    const mail = await startMailServer({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('ana') ? new Error('gone') : null),
    });
    const { tenantId, clock, database, server } = on;
    const environment = {
      COUNTERSIGN_SMTP_URL: mail.url.href,
      COUNTERSIGN_MAIL_FROM: 'no-reply@us.example',
      COUNTERSIGN_DIGEST_TO: 'demo:ana@us.example,demo:ben@us.example',
    };
    const config = readConfig(environment);
    const post = digestPostOf(config, mailerOf(config), async () => ({ id: tenantId }));
    const { digests } = composeFeatures({ database, tokens: server.app.tokens, clock, approvalHours: 72, post });
    const context = { tenantId, now: clock.now(), signal: new AbortController().signal, progress: () => {} };
    await expect(digests.run(context)).rejects.toThrow('expected 2 digests to be sent, 1 were not');
    expect(mail.deliveries.map(({ to }) => to)).toEqual([['ben@us.example']]);
    await mail.stop();
  });

  test('without a mail server the job makes the digest and sends nothing', async () => {
    const { tenantId, clock } = on;
    const context = { tenantId, now: clock.now(), signal: new AbortController().signal, progress: () => {} };
    expect((await on.features.digests.run(context)).counts).toMatchObject({ emails: 0 });
  });
});

describe('a day', () => {
  test('is one of UTC, from its first instant to the next day’s', () => {
    const day = dayOf(new Date('2026-02-28T23:59:59.999Z'));
    expect(day).toEqual({ date: '2026-02-28', start: new Date('2026-02-28'), end: new Date('2026-03-01') });
    expect(dayBefore(dayOf(new Date('2026-03-01T00:00:00Z'))).date).toBe('2026-02-28');
  });

  test('no name can pass for a line of the digest', () => {
    const accountNames = new Map([['a', 'Evil\n\nGoals\n  - All reached\u2028x']]);
    const happened = [{ accountId: 'a', kind: 'insight' as const, subjectId: null, text: 'one\r\ntwo' }];
    const openInsights = { total: 0, severe: 0 };
    const text = render(
      assemble(dayOf(new Date('2026-02-28')), { happened, waiting: [], goals: [], openInsights, accountNames }),
    );
    expect(text).toBe('Countersign, 2026-02-28 (UTC)\n\nEvil Goals   - All reached x\n  - one two\n');
  });

  test('nor turn around, or hide, what stands beside it', () => {
    const accountNames = new Map([['a', 'Evil \u202Edevorppa\u200B']]);
    const happened = [{ accountId: 'a', kind: 'insight' as const, subjectId: null, text: '\u2066x' }];
    const openInsights = { total: 0, severe: 0 };
    const text = render(
      assemble(dayOf(new Date('2026-02-28')), { happened, waiting: [], goals: [], openInsights, accountNames }),
    );
    expect(text).toContain(String.raw`Evil \u202Edevorppa\u200B`);
    expect(text).toContain(String.raw`  - \u2066x`);
  });
});
