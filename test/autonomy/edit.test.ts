import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setFailpoint } from '../../src/platform/failpoints.js';
import { DATABASES } from '../support/database.js';
import { captureLog } from '../support/log.js';
import { type Desk, openDesk } from './desk.js';

const PAYLOAD = { text: 'Dear Kim, here is our plan.', to: ['kim@acme.example'] };

describe.each(DATABASES)('editing what is asked for, on %s', (kind) => {
  const log = captureLog();
  let desk: Desk;
  let agent: string;
  let ana: string;
  let ben: string;
  beforeAll(async () => {
    desk = await openDesk(kind, { logTo: log.destination });
    agent = await desk.token('agent', 'agent-one');
    ana = await desk.token('approver', 'ana');
    ben = await desk.token('approver', 'ben');
  });
  afterAll(() => desk.close());
  const asked = () => desk.propose({ payload: PAYLOAD });

  test('the edit is what is signed and run; who, when and what is kept and told', async () => {
    const { actionId, ...shown } = await asked();
    const payload = { text: 'Dear Kim, here is our new plan.', to: ['kim@acme.example'], cc: ['lee@acme.example'] };
    const edited = await desk.done(ana, 'editAction', { ...shown, payload, comment: 'Lee wants to know' });
    expect(edited).toMatchObject({ status: 'PENDING', action: { payload, revision: 1, status: 'PENDING_APPROVAL' } });
    expect(edited.digest).not.toBe(shown.digest);
    expect(edited.digest).toBe(edited.action.digest);
    expect(edited.action.revisions).toEqual([
      {
        number: 1,
        kind: 'EDITED',
        editedBy: 'ana',
        comment: 'Lee wants to know',
        digest: shown.digest,
        replacedBy: edited.digest,
        diff: [
          { op: 'add', path: '/payload/cc', before: null, after: ['lee@acme.example'] },
          { op: 'replace', path: '/payload/text', before: PAYLOAD.text, after: payload.text },
        ],
      },
    ]);
    const stale = await desk.refused(ben, 'approveAction', shown);
    expect(stale).toMatchObject({ code: 'DIGEST_MISMATCH', expected: edited.digest, revision: 1 });
    expect(stale.changes.map(({ path }: { path: string }) => path)).toEqual(['/payload/cc', '/payload/text']);
    await desk.done(ana, 'approveAction', { approvalId: shown.approvalId, digest: edited.digest });
    const claimed = await desk.done(agent, 'claimAction', { actionId });
    expect(JSON.parse(claimed.canonical).payload).toEqual(payload);
    expect((await desk.trail(actionId)).map(({ type, actor }) => [type, actor])).toEqual([
      ['APPROVAL_REQUESTED', 'agent-one'],
      ['APPROVAL_EDITED', 'ana'],
      ['APPROVAL_APPROVED', 'ana'],
      ['ACTION_CLAIMED', 'agent-one'],
    ]);
  });

  test('votes for the text before are history, and an edit there and back again revives none', async () => {
    await desk.enact({ rules: { send_proposal: { quorum: 2 } } });
    const { actionId: _, ...shown } = await asked();
    await desk.done(ben, 'approveAction', shown);
    const away = await desk.done(ana, 'editAction', { ...shown, payload: { text: 'Other' } });
    const back = await desk.done(ana, 'editAction', { ...shown, digest: away.digest, payload: PAYLOAD });
    expect(back.digest).not.toBe(shown.digest);
    expect(back.votes).toMatchObject([{ voter: 'ben', current: false }]);
    const again = { approvalId: shown.approvalId, digest: back.digest };
    expect(await desk.done(ana, 'approveAction', again)).toMatchObject({ status: 'PENDING' });
    for (const name of ['ana', 'ANA']) {
      const refusal = await desk.refused(await desk.token('approver', name), 'approveAction', again);
      expect(refusal).toMatchObject({ code: 'CONFLICT', votedBy: 'ana' });
    }
    expect(await desk.done(ben, 'approveAction', again)).toMatchObject({ status: 'APPROVED' });
    await desk.enact({});
  });

  test('an edit that its connector could not run is refused at once, and nothing is changed', async () => {
    await desk.enact({ rules: { send_proposal: { connector: 'email' } } });
    const payload = { to: 'kim@acme.example', subject: 'Our plan', text: 'Dear Kim' };
    const { actionId: _, ...shown } = await desk.propose({ payload });
    for (const broken of [
      { ...payload, bcc: 'spy@elsewhere.example' },
      { ...payload, to: 'nobody' },
    ]) {
      const refusal = await desk.refused(ana, 'editAction', { ...shown, payload: broken });
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
    expect(await desk.approval(shown.approvalId)).toMatchObject({ digest: shown.digest, action: { payload } });
    const runnable = { ...shown, payload: { ...payload, text: 'Dear Kim, dear Lee' } };
    expect(await desk.done(ana, 'editAction', runnable)).toMatchObject({ status: 'PENDING' });
    await desk.enact({});
  });

  test.each([
    ['a discount in the text', { payload: { ...PAYLOAD, text: `${PAYLOAD.text} You get 10% off.` } }],
    ['a discount in a key', { payload: { ...PAYLOAD, discount: 10 } }],
    ['a hard stop by its type', { payload: PAYLOAD, actionType: 'approve_discount' }],
  ])('%s is refused, and nothing is changed', async (_what, edit) => {
    const { actionId, ...shown } = await asked();
    expect(await desk.refused(ana, 'editAction', { ...shown, ...edit })).toMatchObject({ code: 'HARD_STOP' });
    expect(await desk.approval(shown.approvalId)).toMatchObject({
      status: 'PENDING',
      digest: shown.digest,
      action: { revision: 0, payload: PAYLOAD, revisions: [] },
    });
    expect(await desk.trail(actionId)).toHaveLength(1);
  });

  test('what the policy has made a hard stop is no way out either', async () => {
    await desk.enact({ rules: { negotiate_terms: { tier: 'hard_stop' } } });
    const { actionId: _, ...shown } = await asked();
    const edit = { ...shown, payload: PAYLOAD, actionType: 'negotiate_terms' };
    expect(await desk.refused(ana, 'editAction', edit)).toMatchObject({
      code: 'HARD_STOP',
      reason: 'POLICY_HARD_STOP',
    });
    await desk.enact({});
  });

  test('nor a type that needs nobody, or fewer or weaker people', async () => {
    await desk.enact({ rules: { send_proposal: { quorum: 2 }, discuss_pricing: { quorum: 3 } } });
    const { actionId: _, ...shown } = await asked();
    for (const actionType of ['create_briefing', 'negotiate_terms', 'Send_Proposal']) {
      const refusal = await desk.refused(ana, 'editAction', { ...shown, payload: { text: 'Other' }, actionType });
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: ['input', 'actionType'] }] });
    }
    const stricter = { ...shown, payload: PAYLOAD, actionType: 'discuss_pricing' };
    expect(await desk.done(ana, 'editAction', stricter)).toMatchObject({
      quorum: 3,
      action: { actionType: 'discuss_pricing' },
    });
    await desk.enact({});
  });

  test('nor out of what the policy has been tightened to for the type that was asked for', async () => {
    const { actionId: _, ...shown } = await asked();
    const another = { ...shown, payload: { text: 'Other' }, actionType: 'discuss_pricing' };
    for (const rule of [{ quorum: 3 }, { requiredRole: 'admin' }, { fallbackRole: 'manager' }]) {
      await desk.enact({ rules: { send_proposal: rule } });
      const refusal = await desk.refused(ana, 'editAction', another);
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: ['input', 'actionType'] }] });
    }
    await desk.enact({ rules: { send_proposal: { quorum: 2 }, discuss_pricing: { quorum: 2 } } });
    expect(await desk.done(ana, 'editAction', another)).toMatchObject({ quorum: 2 });
    await desk.enact({});
  });

  test('what the policy has made a hard stop meanwhile is ended, not made into something else', async () => {
    const { actionId, ...shown } = await asked();
    await desk.enact({ rules: { send_proposal: { tier: 'hard_stop' } } });
    const another = { ...shown, payload: { text: 'Other' }, actionType: 'discuss_pricing' };
    expect(await desk.refused(ana, 'editAction', another)).toMatchObject({
      code: 'HARD_STOP',
      reason: 'POLICY_HARD_STOP',
    });
    expect(await desk.approval(shown.approvalId)).toMatchObject({
      status: 'INVALIDATED',
      action: { status: 'INVALIDATED', actionType: 'send_proposal', revision: 0 },
    });
    expect(await desk.refused(agent, 'claimAction', { actionId })).toMatchObject({ code: 'CONFLICT' });
    await desk.enact({});
  });

  test('nobody edits their own proposal, an agent none at all, nobody one that is decided or another text', async () => {
    const { actionId: _, ...shown } = await asked();
    const edit = { ...shown, payload: { text: 'Other' } };
    expect(await desk.refused(await desk.token('approver', 'AGENT-one'), 'editAction', edit)).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await desk.refused(agent, 'editAction', edit)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await desk.refused(ana, 'editAction', { ...edit, digest: '0' })).toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await desk.refused(ana, 'editAction', { ...edit, payload: PAYLOAD })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await desk.done(ana, 'approveAction', shown);
    expect(await desk.refused(ben, 'editAction', edit)).toMatchObject({ code: 'CONFLICT', status: 'APPROVED' });
  });

  test('several decisions in one call: a result each, in order, whatever becomes of the others', async () => {
    const [one, two, three] = await Promise.all([asked(), asked(), asked()]);
    const decision = ({ approvalId, digest }: typeof one, more: object = {}) => ({
      approvalId,
      digest,
      verdict: 'APPROVED',
      ...more,
    });
    const decisions = [
      decision(one),
      decision(two, { digest: 'another' }),
      decision(three, { verdict: 'REJECTED', comment: 'Too early' }),
    ];
    const results = await desk.done(ana, 'decideActions', { decisions });
    expect(results).toMatchObject([
      { approvalId: one.approvalId, approval: { status: 'APPROVED' }, error: null },
      {
        approvalId: two.approvalId,
        approval: null,
        error: { code: 'DIGEST_MISMATCH', extensions: { expected: two.digest } },
      },
      { approvalId: three.approvalId, approval: { status: 'REJECTED', comment: 'Too early' }, error: null },
    ]);
    const again = await desk.done(ben, 'decideActions', { decisions: [decision(one)] });
    expect(again).toMatchObject([
      { error: { code: 'CONFLICT', extensions: { status: 'APPROVED', decidedBy: 'ana' } } },
    ]);
    const twice = { decisions: [decision(two), decision(two)] };
    expect(await desk.refused(ana, 'decideActions', twice)).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['input', 'decisions', 1, 'approvalId'] }],
    });
    const mute = { decisions: [decision(two, { verdict: 'REJECTED' })] };
    expect(await desk.refused(ana, 'decideActions', mute)).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('one that fails as nobody expected is masked, and touches none of the others', async () => {
    const all = await Promise.all([asked(), asked(), asked()]);
    const decisions = all.map(({ approvalId, digest }) => ({ approvalId, digest, verdict: 'APPROVED' }));
    const undo = setFailpoint({ name: 'before-decide-commit', action: 'throw', passage: 2 });
    const results = await desk.done(ana, 'decideActions', { decisions }).finally(undo);
    const id = results[1].error.extensions.id;
    const message = expect.stringContaining(id);
    expect(results).toMatchObject([
      { approval: { status: 'APPROVED' }, error: null },
      {
        approval: null,
        error: { code: 'INTERNAL', message, extensions: { code: 'INTERNAL', id: expect.any(String) } },
      },
      { approval: { status: 'APPROVED' }, error: null },
    ]);
    expect(JSON.stringify(results)).not.toContain('failpoint');
    expect(log.find(({ errorId }) => errorId === id)).toMatchObject({ err: { type: 'FailpointFailure' } });
    expect(await desk.approval(all[1].approvalId)).toMatchObject({ status: 'PENDING', votes: [] });
  });
});
