import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAction, opensApproval } from '../../src/features/guardrails/domain/index.js';
import { demandsOf, EMPTY_POLICY, type Facts, type PolicyDocument } from '../../src/features/policy/domain/index.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP, UNKNOWN } from '../guardrails/rules-as-agreed.js';
import { runs } from '../support/runs.js';
import { anyFacts, anyGates, anyPolicy, anyTime, anyType, isGated, strictness } from './policies.js';

const FACTS: Facts = { dealStage: null, givenStage: null, contactTitles: [], optedOut: false };
const NOON = new Date('2026-03-04T12:00:00Z');

const decide = (document: Partial<PolicyDocument>, actionType: string, facts: Partial<Facts> = {}, now = NOON) =>
  demandsOf(
    { version: 1, document: { rules: {}, budgets: [], ...document } },
    { actionType, facts: { ...FACTS, ...facts }, now, defaultOpenMs: 3_600_000 },
  ).decision;

const question = { actionType: anyType, facts: anyFacts, now: anyTime };
const RUNS = runs(3_000);

describe('whatever a policy says', () => {
  test('a built-in type is never treated more loosely than the guardrails treat it', () => {
    const builtIn = fc.constantFrom(...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP);
    fc.assert(
      fc.property(anyPolicy, builtIn, anyFacts, anyTime, (policy, actionType, facts, now) => {
        const own = checkAction({ actionType, dealStage: facts.dealStage });
        const { decision } = demandsOf(policy, { actionType, facts, now, defaultOpenMs: 1 });
        expect(strictness(decision)).toBeGreaterThanOrEqual(strictness(own));
        expect(decision.requiresHuman).toBe(!decision.allowed);
        expect(opensApproval(decision)).toBe(strictness(decision) === 1);
      }),
      RUNS,
    );
  });

  test('a hard stop stays one, for the reason built in', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom(...HARD_STOP), anyFacts, anyTime, (policy, actionType, facts, now) => {
        const { decision } = demandsOf(policy, { actionType, facts, now, defaultOpenMs: 1 });
        expect(decision).toEqual(checkAction({ actionType, dealStage: facts.dealStage }));
      }),
      RUNS,
    );
  });

  test('a further gate, for all types or for one, never loosens anything', () => {
    fc.assert(
      fc.property(anyPolicy, fc.record(question), anyGates, (policy, asked, gates) => {
        const ask = (document: PolicyDocument) =>
          strictness(demandsOf({ version: 1, document }, { ...asked, defaultOpenMs: 1 }).decision);
        const { document } = policy;
        const before = ask(document);
        for (const [key, gate] of Object.entries(gates)) {
          if (document.gates && key in document.gates) continue;
          expect(ask({ ...document, gates: { ...document.gates, [key]: gate } })).toBeGreaterThanOrEqual(before);
        }
        const rule = Object.hasOwn(document.rules, asked.actionType) ? document.rules[asked.actionType] : {};
        if (rule?.gates) return;
        const rules = { ...document.rules, [asked.actionType]: { ...rule, gates } };
        expect(ask({ ...document, rules })).toBeGreaterThanOrEqual(before);
      }),
      RUNS,
    );
  });

  test('a stricter tier never loosens anything', () => {
    fc.assert(
      fc.property(anyPolicy, fc.record(question), ({ document }, asked) => {
        const rule = Object.hasOwn(document.rules, asked.actionType) ? document.rules[asked.actionType] : {};
        const ask = (tier: 'autonomous' | 'approval_required' | 'hard_stop') =>
          strictness(
            demandsOf(
              {
                version: 1,
                document: { ...document, rules: { ...document.rules, [asked.actionType]: { ...rule, tier } } },
              },
              { ...asked, defaultOpenMs: 1 },
            ).decision,
          );
        expect(ask('approval_required')).toBeGreaterThanOrEqual(ask('autonomous'));
        expect(ask('hard_stop')).toBe(2);
      }),
      RUNS,
    );
  });

  test('a type of the tenant’s own runs alone only when the policy says so and its deal is in no gated stage', () => {
    fc.assert(
      fc.property(anyPolicy, fc.record(question), ({ document }, asked) => {
        if (AUTONOMOUS.includes(asked.actionType)) return;
        const { decision } = demandsOf({ version: 1, document }, { ...asked, defaultOpenMs: 1 });
        if (!decision.allowed) return;
        expect(['send_gift', 'constructor', 'value_of']).toContain(asked.actionType);
        expect(document.rules[asked.actionType]?.tier).toBe('autonomous');
        expect(isGated(asked.facts.dealStage)).toBe(false);
      }),
      RUNS,
    );
  });

  test('the same question has the same answer', () => {
    fc.assert(
      fc.property(anyPolicy, fc.record(question), (policy, asked) => {
        const ask = () => demandsOf(structuredClone(policy), { ...structuredClone(asked), defaultOpenMs: 1 });
        expect(ask()).toEqual(ask());
      }),
      runs(500),
    );
  });
});

describe('the empty policy', () => {
  test('decides as the guardrails do', () => {
    fc.assert(
      fc.property(fc.record(question), ({ actionType, facts, now }) => {
        fc.pre(!facts.optedOut);
        expect(demandsOf(EMPTY_POLICY, { actionType, facts, now, defaultOpenMs: 7 })).toEqual({
          decision: checkAction({ actionType, dealStage: facts.dealStage }),
          quorum: 1,
          requiredRole: 'approver',
          fallbackRole: 'approver',
          openMs: 7,
          connector: 'agent',
        });
      }),
      RUNS,
    );
  });

  test.each(UNKNOWN.filter((type) => type !== ''))('lets the unknown %s wait', (type) => {
    expect(decide({}, type)).toMatchObject({ allowed: false, reason: 'unknown_action_type' });
  });
});

describe('a tier in the policy', () => {
  test.each([
    ['send_follow_up_email', 'approval_required', 'policy_tier', 'approval_required'],
    ['send_follow_up_email', 'hard_stop', 'policy_hard_stop', 'hard_stop'],
    ['send_proposal', 'hard_stop', 'policy_hard_stop', 'hard_stop'],
    ['send_proposal', 'approval_required', 'approval_required', 'approval_required'],
    ['send_proposal', 'autonomous', 'approval_required', 'approval_required'],
    ['commit_pricing', 'autonomous', 'hard_stop', 'hard_stop'],
    ['send_gift', 'autonomous', 'autonomous', 'autonomous'],
    ['send_gift', 'approval_required', 'policy_tier', 'approval_required'],
    ['send_gift', 'hard_stop', 'policy_hard_stop', 'hard_stop'],
    ['send_proposals', 'autonomous', 'unknown_action_type', 'approval_required'],
    ['commit_pricin', 'autonomous', 'unknown_action_type', 'approval_required'],
  ] as const)('for %s: %s gives %s', (type, tier, reason, shown) => {
    expect(decide({ rules: { [type]: { tier } } }, type)).toMatchObject({
      actionType: type,
      reason,
      tier: shown,
      allowed: reason === 'autonomous',
    });
  });

  test('leaves the built-in stage gate in force for a type of the tenant’s own', () => {
    const rules = { send_gift: { tier: 'autonomous' as const } };
    expect(decide({ rules }, 'send_gift', { dealStage: 'discovery' })).toMatchObject({ allowed: true });
    expect(decide({ rules }, 'send_gift', { dealStage: 'negotiation' })).toMatchObject({ reason: 'stage_gate' });
  });
});

describe('a gate', () => {
  const closed = (reason: string) => ({
    allowed: false,
    reason: 'policy_gate',
    explanation: expect.stringContaining(reason),
  });
  const open = { allowed: true, reason: 'autonomous' };

  test('on the deal’s value closes above it and where there is no value, not without a deal', () => {
    const gates = { dealValueAbove: 50_000 };
    expect(decide({ gates }, 'log_interaction', { dealValue: 50_000 })).toMatchObject(open);
    expect(decide({ gates }, 'log_interaction')).toMatchObject(open);
    expect(decide({ gates }, 'log_interaction', { dealValue: 50_000.01 })).toMatchObject(closed('50000.01'));
    expect(decide({ gates }, 'log_interaction', { dealValue: null })).toMatchObject(closed('no value'));
    expect(decide({ gates }, 'log_interaction', { dealValue: Number.NaN })).toMatchObject(closed('NaN'));
  });

  test('on stages closes in these, and only for the type that it stands with', () => {
    const rules = { send_chat_message: { gates: { stages: ['discovery' as const] } } };
    expect(decide({ rules }, 'send_chat_message', { dealStage: 'discovery' })).toMatchObject(closed('discovery'));
    expect(decide({ rules }, 'send_chat_message', { dealStage: 'prospecting' })).toMatchObject(open);
    expect(decide({ rules }, 'send_follow_up_email', { dealStage: 'discovery' })).toMatchObject(open);
  });

  test.each([
    ['CEO', 'ceo'],
    ['CEO', 'Founder & CEO'],
    ['CEO', 'co-ceo'],
    ['CEO', 'C.E.O.'],
    ['C.E.O.', 'CEO'],
    ['CEO', 'Ｃ\u200bＥＯ'],
    ['CEO', 'C\u00adEO'],
    ['vice president', 'Senior VICE  President, EMEA'],
    ['geschäftsführer', 'GESCHÄFTSFÜHRER'],
    ['geschäftsführer', 'Gescha\u0308ftsfu\u0308hrer'],
    ['direktör', 'DİREKTÖR'],
    ['außenhandel', 'Leiter AUSSENHANDEL'],
    ['διευθυντής', 'ΔΙΕΥΘΥΝΤΉΣ'],
    ['директор', 'Генеральный ДИРЕКТОР'],
    ['社長', '社長'],
  ])('on the title %s closes for %s', (wanted, title) => {
    const gates = { contactTitles: ['Nobody', wanted] };
    expect(decide({ gates }, 'log_interaction', { contactTitles: ['Buyer', title] })).toMatchObject(closed(wanted));
  });

  test.each([
    ['CEO', 'Oceanographer'],
    ['CEO', 'CEOs'],
    ['vice president', 'President, Vice'],
    ['vice president', 'Vice'],
    ['CEO', ''],
    ['CEO', '...'],
  ])('on the title %s stays open for %j', (wanted, title) => {
    expect(decide({ gates: { contactTitles: [wanted] } }, 'log_interaction', { contactTitles: [title] })).toMatchObject(
      open,
    );
  });

  test('on hours goes by the clock of its time zone, also over the change to summer time', () => {
    const gates = { hours: { timeZone: 'Europe/Berlin', from: 8 * 60, to: 18 * 60, days: [1, 2, 3, 4, 5] } };
    const at = (instant: string) => decide({ gates }, 'log_interaction', {}, new Date(instant));
    // Friday in winter, UTC+1.
    expect(at('2026-03-27T07:00:00Z')).toMatchObject(open);
    expect(at('2026-03-27T06:59:59Z')).toMatchObject(closed('08:00 to 18:00 in Europe/Berlin'));
    expect(at('2026-03-27T16:59:59Z')).toMatchObject(open);
    expect(at('2026-03-27T17:00:00Z')).toMatchObject(closed('Mon, Tue, Wed, Thu, Fri'));
    expect(at('2026-03-28T09:00:00Z')).toMatchObject(closed('hours'));
    // Monday in summer, UTC+2.
    expect(at('2026-03-30T06:00:00Z')).toMatchObject(open);
    expect(at('2026-03-30T05:59:59Z')).toMatchObject(closed('hours'));
  });

  test('on hours reaches from midnight to midnight, and a zone that nobody knows closes it', () => {
    const hours = { timeZone: 'UTC', from: 0, to: 1_440, days: [3] };
    const at = (instant: string, timeZone = 'UTC') =>
      decide({ gates: { hours: { ...hours, timeZone } } }, 'log_interaction', {}, new Date(instant));
    expect(at('2026-03-04T00:00:00Z')).toMatchObject(open);
    expect(at('2026-03-04T23:59:59Z')).toMatchObject(open);
    expect(at('2026-03-05T00:00:00Z')).toMatchObject(closed('hours'));
    expect(at('2026-03-04T12:00:00Z', 'Europe/Atlantis')).toMatchObject(closed('hours'));
  });
});

describe('an account that asked not to be written to', () => {
  test('lets what reaches the customer wait for a person, and what stays inside run', () => {
    for (const type of ['send_follow_up_email', 'send_routine_response', 'send_chat_message', 'schedule_meeting']) {
      expect(decide({}, type, { optedOut: true })).toMatchObject({ allowed: false, reason: 'opted_out' });
    }
    for (const type of ['log_interaction', 'create_briefing', 'update_account_context', 'qualify_conversation']) {
      expect(decide({}, type, { optedOut: true })).toMatchObject({ allowed: true });
    }
    const rules = { send_gift: { tier: 'autonomous' as const } };
    expect(decide({ rules }, 'send_gift', { optedOut: true })).toMatchObject({ reason: 'opted_out' });
  });
});
