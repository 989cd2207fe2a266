import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Asked, type Desk, HOUR, openDesk } from './desk.js';

/** What may be done to a request, by whom; times in hours. */
type Command =
  | { readonly do: 'approve' | 'approveOld' | 'reject' | 'edit'; readonly who: number }
  | { readonly do: 'pass'; readonly hours: number }
  | { readonly do: 'policy' | 'cancel' | 'claim' | 'sweep' };

const PEOPLE = ['ana', 'ben', 'cleo'];
const QUORUM = 2;
const who = fc.integer({ min: 0, max: PEOPLE.length - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('approve' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approveOld' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(1, 11, 12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
);

/** The request as it ought to be, in the fewest words. */
interface Model {
  approval: string;
  action: string;
  /** Who has approved the text as it is. */
  voters: Set<number>;
  /** How often the text or its ground was changed and taken note of. */
  revision: number;
  /** Whether the policy has changed and nobody has noticed yet. */
  moved: boolean;
  age: number;
  escalated: boolean;
  /** Age at which the approval goes stale. */
  staleAt: number | null;
}

const PENDING = { approval: 'PENDING', action: 'PENDING_APPROVAL' };

/** What the command does to the model; gives the code of the refusal, if it is one. */
function expectOf(model: Model, command: Command): string | undefined {
  const end = (approval: string, action = approval) => Object.assign(model, { approval, action });
  const isOver = model.age >= 24;
  switch (command.do) {
    case 'pass':
      model.age += command.hours;
      return undefined;
    case 'policy':
      model.moved = true;
      return undefined;
    case 'sweep':
      if (model.approval === 'PENDING' && isOver) end('EXPIRED');
      if (model.approval === 'PENDING' && model.age >= 12) model.escalated = true;
      if (model.action === 'APPROVED' && model.staleAt !== null && model.age >= model.staleAt) end('EXPIRED');
      return undefined;
    case 'cancel':
      if (model.approval !== 'PENDING') return 'CONFLICT';
      end('CANCELLED');
      return undefined;
    case 'claim':
      if (model.action !== 'APPROVED') return 'CONFLICT';
      if (model.moved) {
        end('INVALIDATED');
        return 'CONFLICT';
      }
      if (model.staleAt !== null && model.age >= model.staleAt) {
        end('EXPIRED');
        return 'EXPIRED';
      }
      model.action = 'EXECUTING';
      return undefined;
  }
  if (model.approval !== 'PENDING') return model.approval === 'EXPIRED' ? 'EXPIRED' : 'CONFLICT';
  if (isOver) {
    end('EXPIRED');
    return 'EXPIRED';
  }
  if (command.do === 'approveOld') return 'DIGEST_MISMATCH';
  if (command.do === 'reject') {
    end('REJECTED');
    return undefined;
  }
  if (command.do === 'edit' || model.moved) {
    Object.assign(model, { revision: model.revision + 1, voters: new Set(), moved: false });
    return command.do === 'edit' ? undefined : 'DIGEST_MISMATCH';
  }
  if (model.voters.has(command.who)) return 'CONFLICT';
  model.voters.add(command.who);
  if (model.voters.size >= QUORUM) {
    end('APPROVED');
    model.staleAt = model.age + 24;
  }
  return undefined;
}

let desk: Desk;
let agent: string;
let tokens: string[];
beforeAll(async () => {
  desk = await openDesk('pglite');
  agent = await desk.token('agent', 'agent-one');
  tokens = await Promise.all(PEOPLE.map((name) => desk.token('approver', name)));
});
afterAll(() => desk.close());

const policy = () => desk.enact({ rules: { send_proposal: { quorum: QUORUM } } });

let edits = 0;
async function perform(asked: Asked, command: Command): Promise<string | undefined> {
  const { approvalId, actionId } = asked;
  const send = async (token: string, operation: Parameters<Desk['call']>[1], input: object) =>
    (await desk.call(token, operation, input)).errors?.[0].extensions.code;
  const token = 'who' in command ? (tokens[command.who] ?? '') : '';
  const digest = async () => (await desk.approval(approvalId)).digest;
  switch (command.do) {
    case 'approve':
      return send(token, 'approveAction', { approvalId, digest: await digest() });
    case 'approveOld':
      return send(token, 'approveAction', { approvalId, digest: 'of something else' });
    case 'reject':
      return send(token, 'rejectAction', { approvalId, digest: await digest(), reason: 'no' });
    case 'edit': {
      const payload = { text: `Version ${++edits}` };
      return send(token, 'editAction', { approvalId, digest: await digest(), payload });
    }
    case 'cancel':
      return send(agent, 'cancelAction', { actionId });
    case 'claim':
      return send(agent, 'claimAction', { actionId });
    case 'pass':
      desk.pass(command.hours * HOUR);
      return undefined;
    case 'policy':
      await policy();
      return undefined;
    case 'sweep':
      await desk.sweep();
      return undefined;
    default:
      return command satisfies never;
  }
}

test('whatever is done, in whatever order, a request is in the state that the rules say', async () => {
  await policy();
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), async (commands) => {
      const asked = await desk.propose();
      const model: Model = {
        ...PENDING,
        voters: new Set(),
        revision: 0,
        moved: false,
        age: 0,
        escalated: false,
        staleAt: null,
      };
      for (const next of commands) {
        const expected = expectOf(model, next);
        expect(await perform(asked, next), JSON.stringify(next)).toBe(expected);
        const stored = await desk.approval(asked.approvalId);
        const current = stored.votes.filter(
          ({ current, verdict }: { current: boolean; verdict: string }) => current && verdict === 'APPROVED',
        );
        expect({
          approval: stored.status,
          action: stored.action.status,
          revision: stored.action.revision,
          escalated: stored.escalatedAt !== null,
          voters: current.map(({ voter }: { voter: string }) => voter).sort(),
          hasDecider: stored.decidedBy !== null,
        }).toEqual({
          approval: model.approval,
          action: model.action,
          revision: model.revision,
          escalated: model.escalated,
          voters: [...model.voters].map((index) => PEOPLE[index]).sort(),
          hasDecider: model.staleAt !== null || model.approval === 'REJECTED',
        });
        expect(stored.digest).toBe(stored.action.digest);
      }
      reached.add(model.action);
    }),
    { numRuns: 40, seed: 20_260_302 },
  );
  expect([...reached].sort()).toEqual(
    expect.arrayContaining(['APPROVED', 'CANCELLED', 'EXECUTING', 'EXPIRED', 'PENDING_APPROVAL', 'REJECTED']),
  );
}, 180_000);
