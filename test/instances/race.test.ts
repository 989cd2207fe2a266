import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTokens } from '../../src/features/identity/index.js';
import type { Role } from '../../src/kernel/actor.js';
import { systemClock } from '../../src/kernel/clock.js';
import { createPostgresDatabase } from '../support/database.js';
import { type CompiledServer, compileServer } from '../support/process.js';
import { ask, type Caller } from './agent.js';

const SERVERS = 3;
const DECIDERS = 50;
const CLAIMERS = 10;
/** How long a request stays open, in milliseconds. */
const OPEN_MS = 3_000;
const SECRET = 'shared by all instances, and long enough';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  action { id } approval { id digest expiresAt } } }`;
const WON = 'status decidedBy decidedAt';
const APPROVE = `mutation ($input: ApproveActionInput!) { decided: approveAction(input: $input) { ${WON} } }`;
const REJECT = `mutation ($input: RejectActionInput!) { decided: rejectAction(input: $input) { ${WON} } }`;
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimed: claimAction(input: $input) { claimedBy leaseEpoch } }';
const APPROVAL = `query ($id: ID!) { action(id: $id) { approval { ${WON} } } }`;
const TRAIL = 'query ($id: ID!) { auditTrail(subjectId: $id, first: 100) { edges { node { type } } } }';

interface Asked {
  readonly actionId: string;
  readonly approvalId: string;
  readonly digest: string;
  readonly expiresAt: number;
}
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes are looked at
type Reply = any;

/** Processes of their own on one PostgreSQL: nothing but the database decides between them. */
let compiled: CompiledServer;
let deciders: Caller[];
let claimers: Caller[];
beforeAll(async () => {
  compiled = compileServer();
  const settings = {
    DATABASE_URL: await createPostgresDatabase(),
    COUNTERSIGN_JWT_SECRET: SECRET,
    COUNTERSIGN_APPROVAL_HOURS: String(OPEN_MS / 3_600_000),
    LOG_LEVEL: 'fatal',
  };
  const servers = Array.from({ length: SERVERS }, () => compiled.start(settings));
  const urls = await Promise.all(servers.map((server) => server.ready));
  const tokens = createTokens(SECRET, systemClock);
  const expiresAt = new Date(Date.now() + 3_600_000);
  /** Everybody is somebody else, and each server hears as many. */
  const people = (role: Role, count: number): Promise<Caller[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, n) => ({
        url: urls[n % urls.length] ?? '',
        token: await tokens.issue({ tenant: 'demo', user: `${role}-${n}`, roles: [role], expiresAt }),
      })),
    );
  [deciders, claimers] = await Promise.all([people('approver', DECIDERS), people('agent', CLAIMERS)]);
}, 120_000);
afterAll(() => compiled.remove());

const first = (callers: readonly Caller[]): Caller => {
  const [caller] = callers;
  if (!caller) throw new Error('nobody is there');
  return caller;
};

async function propose(key: string): Promise<Asked> {
  const input = { actionType: 'send_proposal', payload: { text: 'Hello' }, idempotencyKey: key };
  const { action, approval } = (await ask(first(claimers), PROPOSE, { input })).data.proposeAction;
  const { id: approvalId, digest, expiresAt } = approval;
  return { actionId: action.id, approvalId, digest, expiresAt: Date.parse(expiresAt) };
}

/** Says yes or no at a moment, in milliseconds since 1970. */
async function decide(decider: Caller, n: number, { approvalId, digest }: Asked, moment: number): Promise<Reply> {
  await pause(Math.max(0, moment - Date.now()));
  if (n % 2 === 0) return ask(decider, APPROVE, { input: { approvalId, digest } });
  return ask(decider, REJECT, { input: { approvalId, digest, reason: 'no' } });
}

/** Tries again as long as nobody has decided. */
async function claim(claimer: Caller, actionId: string): Promise<Reply> {
  for (;;) {
    const reply = await ask(claimer, CLAIM, { input: { actionId } });
    if (!/pending/i.test(String(reply.errors?.[0].extensions.status))) return reply;
  }
}

/** @param momentOf when the n-th decider speaks */
async function race(key: string, momentOf: (n: number, expiresAt: number) => number): Promise<string> {
  const asked = await propose(key);
  const [decisions, claims] = await Promise.all([
    Promise.all(deciders.map((decider, n) => decide(decider, n, asked, momentOf(n, asked.expiresAt)))),
    Promise.all(claimers.map((claimer) => claim(claimer, asked.actionId))),
  ]);
  const won = decisions.filter(({ errors }) => !errors).map(({ data }) => data.decided);
  const lost = decisions.flatMap(({ errors }) => errors ?? []).map(({ extensions }) => extensions);
  const taken = claims.filter(({ errors }) => !errors).map(({ data }) => data.claimed);
  const missed = claims.flatMap(({ errors }) => errors ?? []).map(({ extensions }) => extensions);
  const { approval } = (await ask(first(deciders), APPROVAL, { id: asked.actionId })).data.action;

  const { status, decidedBy, decidedAt } = won[0] ?? approval;
  expect({ status, decidedBy, decidedAt }).toEqual(approval);
  expect(won).toHaveLength(status === 'EXPIRED' ? 0 : 1);
  expect(lost).toHaveLength(DECIDERS - won.length);
  for (const refusal of lost) {
    // Whoever comes too late learns that time was first; everybody else who was, and when.
    if (status === 'EXPIRED') expect(refusal).toMatchObject({ code: 'EXPIRED' });
    else expect(refusal).toMatchObject({ code: 'CONFLICT', status, decidedBy, decidedAt });
  }
  expect(decidedBy === null).toBe(status === 'EXPIRED');

  expect(taken).toHaveLength(status === 'APPROVED' ? 1 : 0);
  expect(missed).toHaveLength(CLAIMERS - taken.length);
  for (const refusal of missed) {
    expect(refusal).toMatchObject({ code: 'CONFLICT', claimedBy: taken[0]?.claimedBy ?? null });
    expect(refusal.since).toEqual(expect.any(String));
  }
  const edges: { node: { type: string } }[] = (await ask(first(deciders), TRAIL, { id: asked.actionId })).data
    .auditTrail.edges;
  const types = edges.map(({ node }) => node.type).filter((type) => type !== 'APPROVAL_ESCALATED');
  const expected = ['APPROVAL_REQUESTED', `APPROVAL_${status}`, ...(taken.length > 0 ? ['ACTION_CLAIMED'] : [])];
  expect(types).toEqual(expected);
  return status;
}

test('fifty people decide and ten agents claim at once on three servers: one wins, all others learn who and when', async () => {
  for (let round = 0; round < 4; round += 1) await race(`at-once-${round}`, () => Date.now());
});

test('the deadline races too: whoever is first, a person or time, all others learn it', async () => {
  const outcomes = await Promise.all([
    // From a little before the deadline to a little after it.
    ...[0, 1, 2].map((round) => race(`deadline-${round}`, (n, expiresAt) => expiresAt + (n - DECIDERS / 2) * 4)),
    race('too-late', (_n, expiresAt) => expiresAt + 1),
  ]);
  expect(outcomes.at(-1)).toBe('EXPIRED');
});
