import fc from 'fast-check';
import type { ActionRule, Budget, Facts, Gates, Policy } from '../../src/features/policy/domain/index.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP } from '../guardrails/rules-as-agreed.js';

export const STAGES = [
  'prospecting',
  'qualification',
  'discovery',
  'evaluation',
  'negotiation',
  'closed_won',
  'closed_lost',
] as const;
const GATED = ['evaluation', 'negotiation', 'closed_won', 'closed_lost'];
export const isGated = (stage: string | null): boolean => stage !== null && GATED.includes(stage);

/** Types of a tenant's own: plain, named like members of objects, and one letter off a restricted built-in type. */
export const OWN = ['send_gift', 'constructor', 'value_of', 'send_proposals', 'approve_discoun', 'modify_contrac'];

export const anyType: fc.Arbitrary<string> = fc.constantFrom(...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP, ...OWN);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

export const anyGates: fc.Arbitrary<Gates> = fc
  .record({
    dealValueAbove: optional(fc.constantFrom(0, 999.99, 1_000, 50_000)),
    stages: optional(fc.uniqueArray(fc.constantFrom(...STAGES), { minLength: 1 })),
    contactTitles: optional(fc.uniqueArray(fc.constantFrom('CEO', 'vice president', 'Vorstand'), { minLength: 1 })),
    hours: optional(
      fc.record({
        timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'),
        from: fc.constantFrom(0, 480, 540),
        to: fc.constantFrom(1_020, 1_440),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      }),
    ),
  })
  .map(without);

/** Also what `parsePolicy` would refuse: a tier looser than the built-in one. */
const anyRule: fc.Arbitrary<ActionRule> = fc
  .record({
    tier: optional(fc.constantFrom('autonomous' as const, 'approval_required' as const, 'hard_stop' as const)),
    gates: optional(anyGates),
    quorum: optional(fc.integer({ min: 1, max: 10 })),
  })
  .map(without);

const anyBudget: fc.Arbitrary<Budget> = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c'),
    scope: fc.constantFrom('tenant' as const, 'clone' as const, 'account' as const),
    actionType: optional(anyType),
    period: fc.constantFrom('hour' as const, 'day' as const, 'week' as const),
    limit: fc.integer({ min: 0, max: 5 }),
  })
  .map(without);

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  version: fc.integer({ min: 1, max: 9 }),
  document: fc
    .record({
      gates: optional(anyGates),
      rules: fc.dictionary(anyType, anyRule, { maxKeys: 6, noNullPrototype: true }),
      budgets: fc.uniqueArray(anyBudget, { maxLength: 3, selector: ({ name }) => name }),
    })
    .map(without),
});

export const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    dealStage: fc.option(fc.constantFrom(...STAGES)),
    givenStage: fc.constant(null),
    dealValue: fc.constantFrom(undefined, null, 0, 1_000, 1_000.01, 1_000_000),
    contactTitles: fc.subarray(['Chief Executive Officer (CEO)', 'Vice President, Sales', 'Buyer', 'VORSTAND']),
    optedOut: fc.boolean(),
  })
  .map(({ dealValue, ...facts }): Facts => ({ ...facts, ...(dealValue !== undefined && { dealValue }) }));

export const anyTime: fc.Arbitrary<Date> = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-01-01T00:00:00Z'),
  noInvalidDate: true,
});

/** How strict a decision is: 0 runs alone, 1 a person signs, 2 never runs. */
export const strictness = ({ allowed, reason }: { readonly allowed: boolean; readonly reason: string }): number =>
  allowed ? 0 : reason === 'hard_stop' || reason === 'policy_hard_stop' ? 2 : 1;
