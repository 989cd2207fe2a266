import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Command, expectOf, type Model, newModel, PEOPLE, QUORUM } from './approval-model.js';
import { type Asked, type Desk, HOUR, openDesk } from './desk.js';

/** Hours after which a request runs out unless it is decided. */
const OPEN = 24;

/** Everything that may come first, all at once; time among them. */
const RACERS: readonly Command[] = [
  { do: 'approve', who: 0 },
  { do: 'approve', who: 1 },
  { do: 'reject', who: 2 },
  { do: 'cancel' },
  { do: 'claim' },
  { do: 'sweep' },
  { do: 'sweep' },
  { do: 'pass', hours: 1 },
];

let desk: Desk;
let agent: string;
let tokens: string[];
beforeAll(async () => {
  desk = await openDesk('postgres');
  agent = await desk.token('agent', 'agent-one');
  tokens = await Promise.all(PEOPLE.map((name) => desk.token('approver', name)));
  await desk.enact({ rules: { send_proposal: { quorum: QUORUM } } });
});
afterAll(() => desk.close());

async function perform({ approvalId, actionId, digest }: Asked, racer: Command): Promise<string | undefined> {
  const send = async (token: string, operation: Parameters<Desk['call']>[1], input: object) =>
    (await desk.call(token, operation, input)).errors?.[0].extensions.code;
  const token = 'who' in racer ? (tokens[racer.who] ?? '') : '';
  switch (racer.do) {
    case 'approve':
      return send(token, 'approveAction', { approvalId, digest });
    case 'reject':
      return send(token, 'rejectAction', { approvalId, digest, reason: 'no' });
    case 'cancel':
      return send(agent, 'cancelAction', { actionId });
    case 'claim':
      return send(agent, 'claimAction', { actionId });
    case 'sweep':
      await desk.sweep();
      return undefined;
    case 'pass':
      // While the others are on their way.
      await desk.approval(approvalId);
      desk.pass(racer.hours * HOUR);
      return undefined;
    default:
      throw new Error(`nobody races to ${racer.do}`);
  }
}

/** What came of a race: the refusal of each racer, and where it left the request. */
interface Result {
  readonly refusals: readonly (string | undefined)[];
  readonly approval: string;
  readonly action: string;
  readonly voters: readonly (string | undefined)[];
}

const resultOf = ({ approval, action, voters }: Model, refusals: Result['refusals']): Result => ({
  refusals,
  approval,
  action,
  voters: [...voters].map((index) => PEOPLE[index]).sort(),
});

/** Every result that some order of the racers, one after the other, would have. */
function possible(model: Model, racers: readonly Command[]): Result[] {
  const results: Result[] = [];
  const go = (now: Model, left: readonly number[], refusals: readonly (string | undefined)[]): void => {
    if (left.length === 0) results.push(resultOf(now, refusals));
    for (const index of left) {
      const next = { ...now, voters: new Set(now.voters) };
      const racer = racers[index];
      if (!racer) continue;
      const refusal = expectOf(next, racer);
      const told = refusals.with(index, refusal);
      go(
        next,
        left.filter((other) => other !== index),
        told,
      );
    }
  };
  const none = racers.map(() => undefined);
  go(model, [...racers.keys()], none);
  return results;
}

test('whatever races, time too, it ends as if one had come after the other', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(OPEN - 1, OPEN - 1, OPEN, 1),
      fc.shuffledSubarray([...RACERS.keys()], { minLength: 3, maxLength: 5 }),
      async (age, chosen) => {
        const racers = chosen.flatMap((index) => RACERS[index] ?? []);
        const asked = await desk.propose();
        desk.pass(age * HOUR);
        const refusals = await Promise.all(racers.map((racer) => perform(asked, racer)));
        const stored = await desk.approval(asked.approvalId);
        const voters = stored.votes
          .filter(({ current, verdict }: { current: boolean; verdict: string }) => current && verdict === 'APPROVED')
          .map(({ voter }: { voter: string }) => voter)
          .sort();
        const result: Result = { refusals, approval: stored.status, action: stored.action.status, voters };
        expect(possible({ ...newModel(), age }, racers)).toContainEqual(result);
        reached.add(stored.status);
      },
    ),
    { numRuns: 40, seed: 20_260_302 },
  );
  expect([...reached].sort()).toEqual(expect.arrayContaining(['APPROVED', 'CANCELLED', 'EXPIRED', 'REJECTED']));
}, 180_000);
