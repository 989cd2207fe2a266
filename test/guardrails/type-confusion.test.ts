import { beforeAll, describe, expect, test } from 'vitest';
import { checkAction, classifyAction, parseActionType } from '../../src/features/guardrails/index.js';
import { demandsOf, type Facts, type Policy } from '../../src/features/policy/index.js';
import { DomainError } from '../../src/kernel/errors.js';
import { allConfusables, type Confusable, neighbours, WIDE_ALPHABET } from './confusables.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP } from './rules-as-agreed.js';

const RESTRICTED = [...APPROVAL_REQUIRED, ...HARD_STOP];
const FACTS: Facts = { dealStage: null, givenStage: null, contactTitles: [], optedOut: false };
const NOON = new Date('2026-03-04T12:00:00Z');

/** What an agent may run alone under a policy, outside every gate: the most it could ever get. */
const runsAlone = (policy: Policy, actionType: string): boolean =>
  demandsOf(policy, { actionType, facts: FACTS, now: NOON, defaultOpenMs: 1 }).decision.allowed;

/** How `parseActionType` takes it: as it came, or not at all. */
function edgeTakes(text: string): boolean {
  try {
    if (parseActionType(text, ['actionType']) === text) return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'VALIDATION_FAILED') return false;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was corrected`);
}

describe('names that look like a built-in type', () => {
  let all: readonly Confusable[];
  const tried = new Map<string, number>();
  beforeAll(() => {
    all = allConfusables();
    for (const { trick } of all) tried.set(trick, (tried.get(trick) ?? 0) + 1);
  });

  test('there are more than 100,000 of them, by every trick', () => {
    console.log(
      `type confusion: ${all.length} names (${[...tried].map(([trick, count]) => `${trick} ${count}`).join(', ')})`,
    );
    expect(all.length).toBeGreaterThan(100_000);
    expect([...tried.keys()].sort()).toMatchInlineSnapshot(`
      [
        "a letter exchanged",
        "a letter left out",
        "a letter put in",
        "case",
        "circled letters",
        "full-width letters",
        "long",
        "look-alike letters",
        "marks",
        "mathematical letters",
        "special",
        "two letters swapped",
        "unseen around it",
        "unseen between",
        "wrapped",
      ]
    `);
  });

  test('none of them is autonomous to the guardrails, and they are taken as they came or refused', () => {
    const through = all.filter(({ text }) => {
      const decision = checkAction({ actionType: text, dealStage: null });
      return decision.allowed || !decision.requiresHuman || classifyAction(text) === 'autonomous';
    });
    expect(through).toEqual([]);
    const wellFormed = all.filter(({ text }) => edgeTakes(text));
    // Both kinds are in the set, or the one above would prove little.
    expect(wellFormed.length).toBeGreaterThan(10_000);
    expect(wellFormed.filter(({ text }) => /[^a-z0-9_]/.test(text) || text.length > 64)).toEqual([]);
  });

  test('none of them is autonomous under a policy that lets types of its own run alone', () => {
    const own = ['send_gift', 'order_flowers', 'constructor', 'value_of', 'toString'];
    const rules = Object.fromEntries(
      [...own, ...AUTONOMOUS, ...RESTRICTED].map((type) => [type, { tier: 'autonomous' as const }]),
    );
    const policy: Policy = { version: 1, document: { rules, budgets: [] } };
    expect(own.filter((type) => runsAlone(policy, type))).toEqual(own);
    const through = all.filter(({ text }) => !own.includes(text) && runsAlone(policy, text));
    expect(through).toEqual([]);
  });

  test('what looks like a restricted type waits for a person, even where the policy names it autonomous', () => {
    const near = RESTRICTED.flatMap((word) => [...neighbours(word, WIDE_ALPHABET)]).map(({ text }) => text);
    const rules = Object.fromEntries(near.map((text) => [text, { tier: 'autonomous' as const }]));
    const policy: Policy = { version: 1, document: { rules, budgets: [] } };
    expect(near.length).toBeGreaterThan(100_000);
    expect(near.filter((text) => runsAlone(policy, text))).toEqual([]);
  });

  test('the exact names are autonomous, with and without a policy', () => {
    const policy: Policy = { version: 1, document: { rules: {}, budgets: [] } };
    expect(AUTONOMOUS.filter((type) => checkAction({ actionType: type, dealStage: null }).allowed)).toEqual(AUTONOMOUS);
    expect(AUTONOMOUS.filter((type) => runsAlone(policy, type))).toEqual(AUTONOMOUS);
  });
});
