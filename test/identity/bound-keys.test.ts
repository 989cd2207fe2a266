import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { administration } from './access.js';

const PROPOSE =
  'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { replayed action { cloneId } } }';
const CHECK = 'query ($input: CheckActionInput!) { checkAction(input: $input) { allowed } }';

describe.each(DATABASES)('a key that is bound to a clone, on %s', (kind) => {
  let server: TestServer;
  let bound: string;
  let free: string;
  let clara: string;
  let milo: string;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    const admin = await server.token(['admin'], 'adam');
    const { clones } = await server.data(admin, '{ clones { id slug } }');
    [clara, milo] = ['clara', 'milo'].map(
      (slug) => clones.find((clone: { slug: string }) => clone.slug === slug).id,
    ) as [string, string];
    const { key } = administration(server, admin);
    bound = (await key({ agent: 'bound-agent', cloneId: clara })).secret;
    free = (await key({ agent: 'free-agent' })).secret;
  });
  afterAll(() => server.close());
  const input = (idempotencyKey: string, more: object = {}) => ({
    actionType: 'send_follow_up_email',
    payload: { text: 'Dear Kim' },
    idempotencyKey,
    ...more,
  });
  const propose = async (secret: string, order: object) =>
    (await server.data(secret, PROPOSE, { input: order })).proposeAction;

  test('proposes in its voice, whether it names the clone or not', async () => {
    expect(await propose(bound, input('one'))).toEqual({ replayed: false, action: { cloneId: clara } });
    expect(await propose(bound, input('one', { cloneId: clara }))).toEqual({
      replayed: true,
      action: { cloneId: clara },
    });
  });

  test('and in no other clone’s, not even in a dry run', async () => {
    const proposed = await server.request(bound, PROPOSE, { input: input('two', { cloneId: milo }) });
    expect(proposed.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', boundCloneId: clara });
    const checked = { actionType: 'send_follow_up_email', cloneId: milo };
    const dry = await server.request(bound, CHECK, { input: checked });
    expect(dry.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', boundCloneId: clara });
  });

  test('runs what is done in its voice, and neither another clone’s nor what is nobody’s', async () => {
    const claim = 'mutation ($id: ID!) { claimAction(input: { actionId: $id }) { status } }';
    const proposal = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }';
    const claimed = async (key: string, more: object) => {
      const { proposeAction } = await server.data(free, proposal, { input: input(key, more) });
      return server.request(bound, claim, { id: proposeAction.action.id });
    };
    expect((await claimed('of clara', { cloneId: clara })).data.claimAction.status).toBe('EXECUTING');
    for (const more of [{ cloneId: milo }, {}]) {
      const { errors } = await claimed(`of another ${Object.keys(more)}`, more);
      expect(errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', boundCloneId: clara });
    }
  });

  test('one that is bound to none names whom it likes', async () => {
    expect((await propose(free, input('three', { cloneId: milo }))).action).toEqual({ cloneId: milo });
    expect((await propose(free, input('four'))).action).toEqual({ cloneId: null });
  });
});
