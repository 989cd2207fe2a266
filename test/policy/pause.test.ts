import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest } action { id status } } }`;
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { status leaseEpoch } }';
const STATUS = 'autonomyStatus { paused pauses { cloneId by reason } }';
const PAUSE =
  'mutation ($input: PauseAutonomyInput!) { pauseAutonomy(input: $input) { paused pauses { cloneId by reason } } }';
const RESUME =
  'mutation ($input: ResumeAutonomyInput!) { resumeAutonomy(input: $input) { paused pauses { cloneId } } }';

describe.each(DATABASES)('pausing on %s', (kind) => {
  let server: TestServer;
  let agent: string;
  let approver: string;
  let manager: string;
  let clones: readonly { readonly id: string }[];
  beforeAll(async () => {
    server = await startTestServer({ kind });
    [agent, approver, manager] = await Promise.all([
      server.token('agent'),
      server.token('approver', 'ana'),
      server.token('manager', 'mia'),
    ]);
    clones = (await server.data(agent, '{ clones { id } }')).clones;
  });
  afterAll(() => server.close());

  let keys = 0;
  const propose = async (more: object = {}): Promise<string> => {
    const input = {
      actionType: 'send_follow_up_email',
      payload: { text: 'Hello' },
      idempotencyKey: `pause-${keys++}`,
      ...more,
    };
    return (await server.data(agent, PROPOSE, { input })).proposeAction.action.id;
  };
  const claim = (actionId: string) => server.request(agent, CLAIM, { input: { actionId } });

  test('nothing is claimed once the pause has been answered, and proposing goes on', async () => {
    const before = await propose();
    await server.data(approver, PAUSE, { input: { reason: 'A price list with errors went out.' } });
    const during = await propose();
    for (const actionId of [before, during]) {
      const { errors } = await claim(actionId);
      expect(errors?.[0].extensions).toMatchObject({
        code: 'PAUSED',
        pausedBy: 'ana',
        reason: 'A price list with errors went out.',
      });
    }
    expect((await server.data(agent, `{ ${STATUS} }`)).autonomyStatus).toEqual({
      paused: true,
      pauses: [{ cloneId: null, by: 'ana', reason: 'A price list with errors went out.' }],
    });
    await server.data(manager, RESUME, { input: {} });
    expect((await claim(before)).data.claimAction.status).toBe('EXECUTING');
    expect((await claim(during)).data.claimAction.status).toBe('EXECUTING');
  });

  test('of concurrent claims and a pause, every claim that succeeds began before the pause was answered', async () => {
    const actions = await Promise.all(Array.from({ length: 20 }, () => propose()));
    let answered = false;
    const pausing = server.data(manager, PAUSE, { input: { reason: 'Stop.' } }).then(() => {
      answered = true;
    });
    const outcomes = await Promise.all(
      actions.map(async (actionId) => {
        const late = answered;
        const { errors } = await claim(actionId);
        return { late, code: errors?.[0].extensions.code as string | undefined };
      }),
    );
    await pausing;
    expect(outcomes.filter(({ late, code }) => late && code !== 'PAUSED')).toEqual([]);
    expect((await claim(await propose())).errors?.[0].extensions.code).toBe('PAUSED');
    await server.data(manager, RESUME, { input: {} });
  });

  test('an agent that claims without end cannot keep the pause waiting', async () => {
    const { action } = (
      await server.data(agent, PROPOSE, {
        input: { actionType: 'send_proposal', payload: { text: 'Hello' }, idempotencyKey: 'flood' },
      })
    ).proposeAction;
    let answered = false;
    const flood = Array.from({ length: 24 }, async () => {
      while (!answered) await claim(action.id);
    });
    const { errors } = await server.request(manager, PAUSE, { input: { reason: 'Stop the flood.' } });
    answered = true;
    await Promise.all(flood);
    expect(errors).toBeUndefined();
    await server.data(manager, RESUME, { input: {} });
  });

  test('the pause of one clone leaves the others alone, and does not end with the tenant’s', async () => {
    const [first, second] = clones;
    await server.data(manager, PAUSE, { input: { cloneId: first?.id, reason: 'It repeats itself.' } });
    await server.data(manager, PAUSE, { input: { reason: 'All of it.' } });
    const { resumeAutonomy } = await server.data(manager, RESUME, { input: {} });
    expect(resumeAutonomy).toEqual({ paused: false, pauses: [{ cloneId: first?.id }] });
    const inVoiceOf = (cloneId: string | undefined) => propose({ cloneId });
    expect((await claim(await inVoiceOf(first?.id))).errors?.[0].extensions.code).toBe('PAUSED');
    expect((await claim(await inVoiceOf(second?.id))).errors).toBeUndefined();
    expect((await claim(await propose())).errors).toBeUndefined();
    await server.data(manager, RESUME, { input: { cloneId: first?.id } });
  });

  test('pausing twice names who was first; resuming what runs, and a clone that is not there, are refused', async () => {
    await server.data(manager, PAUSE, { input: { reason: 'First.' } });
    const again = await server.request(approver, PAUSE, { input: { reason: 'Second.' } });
    expect(again.errors?.[0].extensions).toMatchObject({ code: 'CONFLICT', pausedBy: 'mia', reason: 'First.' });
    await server.data(manager, RESUME, { input: {} });
    const idle = await server.request(manager, RESUME, { input: {} });
    expect(idle.errors?.[0].extensions.code).toBe('CONFLICT');
    const unknown = { cloneId: '01900000-0000-7000-8000-00000000dead', reason: 'Who?' };
    expect((await server.request(manager, PAUSE, { input: unknown })).errors?.[0].extensions.code).toBe(
      'VALIDATION_FAILED',
    );
  });

  test('who may decide may stop; resuming needs a manager', async () => {
    await server.data(approver, PAUSE, { input: { reason: 'To be sure.' } });
    expect((await server.request(approver, RESUME, { input: {} })).errors?.[0].extensions.code).toBe('FORBIDDEN');
    await server.data(manager, RESUME, { input: { note: 'Looked at it.' } });
    const { events } = await server.data(
      manager,
      '{ events(last: 2, types: [AUTONOMY_PAUSED, AUTONOMY_RESUMED]) { edges { node { type actor } } } }',
    );
    expect(events.edges.map(({ node }: { node: object }) => node)).toEqual([
      { type: 'AUTONOMY_PAUSED', actor: 'ana' },
      { type: 'AUTONOMY_RESUMED', actor: 'mia' },
    ]);
  });
});
