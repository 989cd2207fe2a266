import { expect, test } from 'vitest';
import { openTestDatabase } from '../support/database.js';
import { startTestServer } from '../support/server.js';
import { allConfusables, SPECIAL } from './confusables.js';
import { AUTONOMOUS } from './rules-as-agreed.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  decision { allowed } action { actionType status } } }`;
/** One of so many, so that the sample is spread over all types and tricks; prime, so that it keeps no step with them. */
const ONE_OF = 1499;

test('of names that look like a built-in type none gets through the API, exact ones do', async () => {
  const database = await openTestDatabase('pglite');
  const server = await startTestServer({ database });
  const agent = await server.token('agent');
  let key = 0;
  const propose = (actionType: string) => {
    key += 1;
    return server.request(agent, PROPOSE, { input: { actionType, payload: {}, idempotencyKey: `key-${key}` } });
  };
  try {
    const sample = [
      ...allConfusables()
        .filter((_, at) => at % ONE_OF === 0)
        .map(({ text }) => text),
      ...SPECIAL,
    ];
    expect(sample.length).toBeGreaterThan(300);
    const outcomes = new Map<string, number>();
    for (const actionType of sample) {
      const { data, errors } = await propose(actionType);
      const outcome: string = errors ? errors[0].extensions.code : data.proposeAction.action.status;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (!errors) expect(data.proposeAction.action.actionType).toBe(actionType);
    }
    expect(
      [...outcomes.keys()].filter((outcome) => !['VALIDATION_FAILED', 'PENDING_APPROVAL', 'BLOCKED'].includes(outcome)),
    ).toEqual([]);
    const allowed = `select count(*)::int as count from action where status not in ('pending_approval', 'blocked')`;
    expect(await database.asServer((sql) => sql(allowed, []))).toEqual([{ count: 0 }]);
    expect(outcomes.get('PENDING_APPROVAL')).toBeGreaterThan(30);

    for (const type of AUTONOMOUS) expect((await propose(type)).data.proposeAction.decision.allowed).toBe(true);
  } finally {
    await server.close();
    await database.close();
  }
}, 120_000);
