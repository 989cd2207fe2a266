import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { administration } from './access.js';

const PROPOSE = `mutation ($key: String!) { proposeAction(input: {
  actionType: "send_proposal", payload: { text: "Our offer" }, idempotencyKey: $key }) { approval { id digest } } }`;
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status decidedBy } }';
const REJECT = 'mutation ($input: RejectActionInput!) { rejectAction(input: $input) { status decidedBy } }';

describe.each(DATABASES)('nobody decides on their own proposal, on %s', (kind) => {
  let server: TestServer;
  let access: ReturnType<typeof administration>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    access = administration(server, await server.token('admin', 'adam'));
    await access.setUser({ name: 'bot-jwt', roles: ['AGENT', 'APPROVER'], owner: 'ana' });
    await access.setUser({ name: 'bot-other', roles: ['AGENT', 'APPROVER'], owner: 'ANA' });
    await access.setUser({ name: 'bot-nested', roles: ['AGENT'], owner: 'bot-jwt' });
    await access.setUser({ name: 'bot-ben', roles: ['AGENT', 'APPROVER'], owner: 'ben' });
    const { secret } = await access.key({ agent: 'bot-key', owner: 'Ana' });
    keyed = secret;
    alone = (await access.key({ agent: 'bot-alone' })).secret;
  });
  afterAll(() => server.close());

  let keyed: string;
  let alone: string;
  let keys = 0;
  const propose = async (token: string): Promise<{ approvalId: string; digest: string }> => {
    const { id, digest } = (await server.data(token, PROPOSE, { key: `key-${keys++}` })).proposeAction.approval;
    return { approvalId: id, digest };
  };

  /** Everybody who is Ana, under whatever name and by whatever proof; and some who are not. */
  const proposers: Readonly<Record<string, () => Promise<string>>> = {
    'ana herself': () => server.token('manager', 'ana'),
    'ana in another case': () => server.token('manager', 'ANA'),
    'an agent of hers with an API key': async () => keyed,
    'an agent of hers with a token': () => server.token('agent', 'bot-jwt'),
    'an agent of hers in another case': () => server.token('agent', 'Bot-JWT'),
    'an agent of an agent of hers': () => server.token('agent', 'bot-nested'),
  };
  const deciders: Readonly<Record<string, () => Promise<string>>> = {
    'ana herself': () => server.token('approver', 'ana'),
    'ana with a second token and another role': () => server.token('admin', 'ana'),
    'ana in another case': () => server.token('approver', 'Ana'),
    'an agent of hers': () => server.token('approver', 'bot-jwt'),
    'another agent of hers': () => server.token('approver', 'BOT-other'),
  };
  const pairs = Object.keys(proposers).flatMap((proposer) =>
    Object.keys(deciders).map((decider) => [proposer, decider] as const),
  );
  test.each(pairs)('what %s proposed is not decided by %s', async (proposer, decider) => {
    const asked = await propose((await proposers[proposer]?.()) ?? '');
    const token = (await deciders[decider]?.()) ?? '';
    for (const [query, input] of [
      [APPROVE, asked],
      [REJECT, { ...asked, reason: 'No' }],
    ] as const) {
      const { errors } = await server.request(token, query, { input });
      expect(errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', proposedBy: expect.any(String) });
    }
    const { approval } = await server.data(token, `{ approval(id: "${asked.approvalId}") { status } }`);
    expect(approval.status).toBe('PENDING');
  });

  test.each(Object.keys(proposers))(
    'what %s proposed is decided by somebody else, or their agent',
    async (proposer) => {
      for (const decider of ['ben', 'bot-ben', 'anabel']) {
        const asked = await propose((await proposers[proposer]?.()) ?? '');
        const { approveAction } = await server.data(await server.token('approver', decider), APPROVE, {
          input: asked,
        });
        expect(approveAction).toEqual({ status: 'APPROVED', decidedBy: decider });
      }
    },
  );

  test('an agent that belongs to nobody may be decided upon by anybody but itself', async () => {
    const asked = await propose(alone);
    const itself = await server.request(await server.token('approver', 'BOT-ALONE'), APPROVE, {
      input: asked,
    });
    expect(itself.errors?.[0].extensions.code).toBe('FORBIDDEN');
    await server.data(await server.token('approver', 'ana'), APPROVE, { input: asked });
  });

  test('who made a key of the agent was shown its secret, and does not decide on what it proposed', async () => {
    const asked = await propose(alone);
    const { errors } = await server.request(await server.token('admin', 'Adam'), APPROVE, { input: asked });
    expect(errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', proposedBy: 'bot-alone' });
  });

  test('who had the agent when it proposed does not decide after giving it away', async () => {
    const { secret } = await access.key({ agent: 'bot-passed-on', owner: 'dora' });
    const asked = await propose(secret);
    await access.setUser({ name: 'bot-passed-on', roles: ['AGENT'], owner: 'emil' });
    for (const name of ['Dora', 'emil']) {
      const { errors } = await server.request(await server.token('approver', name), APPROVE, { input: asked });
      expect(errors?.[0].extensions).toEqual({
        code: 'FORBIDDEN',
        proposedBy: 'bot-passed-on',
        proposedByRoot: 'dora',
      });
    }
    const { approval } = await server.data(
      secret,
      `{ approval(id: "${asked.approvalId}") { action { proposedByRoot } } }`,
    );
    expect(approval.action.proposedByRoot).toBe('dora');
  });

  test('who got the agent after it had proposed does not decide either', async () => {
    const asked = await propose((await access.key({ agent: 'bot-given' })).secret);
    await access.setUser({ name: 'bot-given', roles: ['AGENT'], owner: 'cleo' });
    const { errors } = await server.request(await server.token('approver', 'cleo'), APPROVE, { input: asked });
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
  });
});
