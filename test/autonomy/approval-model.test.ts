import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Command, expectOf, newModel, PEOPLE, QUORUM } from './approval-model.js';
import { type Asked, type Desk, HOUR, openDesk } from './desk.js';

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
      const model = newModel();
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
