import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTITIES } from '../../src/compose/entities.js';
import { openDatabase } from '../../src/platform/db/database.js';
import { createPostgresDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PEOPLE = 50;
const ROUNDS = 6;
const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest } action { id } } }`;
const WON = 'id status decidedBy decidedAt digest';
const DO = {
  approveAction: `mutation ($input: ApproveActionInput!) { approveAction(input: $input) { ${WON} } }`,
  rejectAction: `mutation ($input: RejectActionInput!) { rejectAction(input: $input) { ${WON} } }`,
  editAction: `mutation ($input: EditActionInput!) { editAction(input: $input) { ${WON} } }`,
} as const;
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id, first: 100) { edges { node { type actor } } } }';

/** Three servers, each with connections of its own, on one PostgreSQL. */
let servers: TestServer[];
let release: () => Promise<unknown>;
let people: string[];
let agent: string;
beforeAll(async () => {
  const url = await createPostgresDatabase();
  const databases = await Promise.all([1, 2, 3].map(() => openDatabase({ location: { url }, entities: ENTITIES })));
  await databases[0]?.migrate();
  servers = [];
  for (const database of databases) servers.push(await startTestServer({ database }));
  release = async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(databases.map((database) => database.close()));
  };
  const [first] = servers;
  if (!first) throw new Error('no server');
  agent = await first.token('agent');
  people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => first.token('approver', `person-${n}`)));
}, 60_000);
afterAll(() => release());

const at = (n: number): TestServer => {
  const server = servers[n % servers.length];
  if (!server) throw new Error('no server');
  return server;
};

async function propose(key: string) {
  const input = { actionType: 'send_proposal', payload: { text: 'Hello' }, idempotencyKey: key };
  const { approval, action } = (await at(0).data(agent, PROPOSE, { input })).proposeAction;
  return { asked: { approvalId: approval.id, digest: approval.digest }, actionId: action.id };
}

const trailOf = async (id: string): Promise<string[]> =>
  (await at(1).data(agent, TRAIL, { id })).auditTrail.edges.map(({ node }: { node: { type: string } }) => node.type);

test('fifty people approve and reject at once on three servers: one wins, all others learn who and when', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { asked, actionId } = await propose(`race-${round}`);
    const replies = await Promise.all(
      people.map((person, n) =>
        n % 2 === 0
          ? at(n).request(person, DO.approveAction, { input: asked })
          : at(n).request(person, DO.rejectAction, { input: { ...asked, reason: 'no' } }),
      ),
    );
    const winners = replies.filter(({ errors }) => !errors);
    expect(winners).toHaveLength(1);
    const won = winners[0]?.data.approveAction ?? winners[0]?.data.rejectAction;
    for (const { errors } of replies.filter((reply) => reply.errors)) {
      const { status, decidedBy, decidedAt } = won;
      expect(errors?.[0].extensions).toMatchObject({ code: 'CONFLICT', status, decidedBy, decidedAt });
    }
    expect(await trailOf(actionId)).toEqual(['APPROVAL_REQUESTED', `APPROVAL_${won.status}`]);
  }
});

test('edits and approvals at once: what is approved is the text that stands, and only that', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { asked, actionId } = await propose(`edit-race-${round}`);
    const replies = await Promise.all(
      people
        .slice(0, 20)
        .map((person, n) =>
          n % 2 === 0
            ? at(n).request(person, DO.approveAction, { input: asked })
            : at(n).request(person, DO.editAction, { input: { ...asked, payload: { text: `Hello from ${n}` } } }),
        ),
    );
    expect(replies.filter(({ errors }) => !errors)).toHaveLength(1);
    const query = 'query ($id: ID!) { action(id: $id) { digest status revision approval { digest status } } }';
    const { action } = await at(2).data(agent, query, { id: actionId });
    expect(action.approval.digest).toBe(action.digest);
    const isEdited = action.revision === 1;
    expect(action).toMatchObject(
      isEdited ? { status: 'PENDING_APPROVAL' } : { status: 'APPROVED', digest: asked.digest },
    );
    const codes = new Set(replies.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []));
    expect([...codes]).toEqual([isEdited ? 'DIGEST_MISMATCH' : 'CONFLICT']);
  }
});
