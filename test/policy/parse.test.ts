import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSamePolicy, parsePolicy, policyChanges } from '../../src/features/policy/domain/index.js';
import type { DomainError } from '../../src/kernel/errors.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP } from '../guardrails/rules-as-agreed.js';
import { runs } from '../support/runs.js';

const PATH = ['input', 'policy'];
const EMPTY = { rules: [], budgets: [] };
const BUDGET = { name: 'mails', scope: 'tenant', period: 'day', limit: 5 };
const HOURS = { timeZone: 'Europe/Berlin', from: '08:00', to: '18:30', days: [5, 1] };

/** What is wrong with a policy, by where it stands. */
function wrongs(raw: unknown): Record<string, string> {
  try {
    parsePolicy(raw, PATH);
  } catch (error) {
    const { code, details } = error as DomainError;
    expect(code).toBe('VALIDATION_FAILED');
    const issues = details.issues as { path: string[]; message: string }[];
    return Object.fromEntries(issues.map(({ path, message }) => [path.slice(2).join('.'), message]));
  }
  return {};
}
const rule = (more: object) => ({ ...EMPTY, rules: [{ actionType: 'send_proposal', ...more }] });
const budget = (more: object) => ({ ...EMPTY, budgets: [{ ...BUDGET, ...more }] });
const gates = (more: object) => ({ ...EMPTY, gates: more });

describe('a policy that is in order', () => {
  test('is read as it is meant, in one form', () => {
    const raw = {
      gates: { dealValueAbove: 0, stages: ['discovery', 'prospecting'], contactTitles: [' CEO '], hours: HOURS },
      rules: [
        { actionType: 'send_proposal', tier: 'hard_stop', quorum: 2, requiredRole: 'manager', expiryHours: 0.1 },
        { actionType: 'constructor', tier: 'autonomous', connector: 'webhook', fallbackRole: 'admin', gates: null },
        { actionType: 'log_interaction', tier: 'autonomous', gates: {} },
      ],
      budgets: [BUDGET, { ...BUDGET, name: 'gifts', actionType: 'constructor', limit: 0 }],
    };
    const document = parsePolicy(raw, PATH);
    expect(document).toEqual({
      gates: {
        dealValueAbove: 0,
        stages: ['prospecting', 'discovery'],
        contactTitles: ['CEO'],
        hours: { timeZone: 'Europe/Berlin', from: 480, to: 1_110, days: [1, 5] },
      },
      rules: {
        constructor: { tier: 'autonomous', connector: 'webhook', fallbackRole: 'admin' },
        log_interaction: { tier: 'autonomous' },
        send_proposal: { tier: 'hard_stop', quorum: 2, requiredRole: 'manager', expiryHours: 0.1 },
      },
      budgets: [BUDGET, { ...BUDGET, name: 'gifts', actionType: 'constructor', limit: 0 }],
    });
    const again = parsePolicy({ ...raw, rules: raw.rules.toReversed() }, PATH);
    expect(isSamePolicy(document, JSON.parse(JSON.stringify(again)))).toBe(true);
    expect(policyChanges(document, again)).toEqual([]);
  });

  test('may make every built-in type as strict as it is, or stricter, and no looser', () => {
    const tiers = ['autonomous', 'approval_required', 'hard_stop'];
    for (const [own, types] of [AUTONOMOUS, APPROVAL_REQUIRED, HARD_STOP].entries()) {
      for (const actionType of types) {
        for (const [wanted, tier] of tiers.entries()) {
          const refusal = wrongs({ ...EMPTY, rules: [{ actionType, tier }] });
          expect(Object.keys(refusal)).toEqual(wanted < own ? ['rules.0.tier'] : []);
          if (wanted < own) expect(refusal['rules.0.tier']).toMatch(/can only make it stricter; got \w+\. [A-Z].+\.$/);
        }
      }
    }
  });
});

describe('a policy is refused, with the place and what was probably meant,', () => {
  test.each<[string, unknown, string, string]>([
    ['a misspelt tier', rule({ tier: 'aproval_required' }), 'rules.0.tier', 'Did you mean approval_required?'],
    ['a tier in another case', rule({ tier: 'HARD_STOP' }), 'rules.0.tier', 'got "HARD_STOP". Did you mean hard_stop?'],
    ['a tier of another type', rule({ tier: 3 }), 'rules.0.tier', 'got 3'],
    ['a misspelt field', rule({ quorun: 2 }), 'rules.0.quorun', 'Did you mean quorum?'],
    ['a misspelt gate', gates({ stage: ['discovery'] }), 'gates.stage', 'Did you mean stages?'],
    ['a misspelt stage', gates({ stages: ['discovry'] }), 'gates.stages.0', 'Did you mean discovery?'],
    ['a misspelt role', rule({ requiredRole: 'manger' }), 'rules.0.requiredRole', 'Did you mean manager?'],
    ['a role that may not decide', rule({ fallbackRole: 'agent' }), 'rules.0.fallbackRole', 'expected one of approver'],
    ['a misspelt connector', rule({ connector: 'web_hook' }), 'rules.0.connector', 'Did you mean webhook?'],
    ['a field nobody knows', { ...EMPTY, __proto: 1 }, '__proto', 'Known are gates, rules, budgets.'],
    ['nothing', null, '', 'expected an object; got null'],
    ['a list', [], '', 'expected an object; got a list'],
    ['rules that are no list', { rules: {}, budgets: [] }, 'rules', 'expected a list; got an object'],
    ['a quorum of none', rule({ quorum: 0 }), 'rules.0.quorum', 'from 1 to 10; got 0'],
    ['a quorum of eleven', rule({ quorum: 11 }), 'rules.0.quorum', 'got 11'],
    ['half a person', rule({ quorum: 1.5 }), 'rules.0.quorum', 'whole number'],
    ['no time at all', rule({ expiryHours: 0.09 }), 'rules.0.expiryHours', 'from 0.1 to 8760'],
    ['more than a year', rule({ expiryHours: 8_760.1 }), 'rules.0.expiryHours', 'got 8760.1'],
    ['a time that is no number', rule({ expiryHours: Number.NaN }), 'rules.0.expiryHours', 'got NaN'],
    ['a type with a capital', rule({ actionType: 'Send_gift' }), 'rules.0.actionType', 'got "Send_gift"'],
    ['a type from a prototype', rule({ actionType: '__proto__' }), 'rules.0.actionType', 'expected an action type'],
    ['no type', { ...EMPTY, rules: [{}] }, 'rules.0.actionType', 'got undefined'],
    [
      'a misspelt built-in type',
      rule({ actionType: 'send_proposl' }),
      'rules.0.actionType',
      'Did you mean send_proposal?',
    ],
    [
      'two rules for a type',
      { ...EMPTY, rules: [...rule({}).rules, ...rule({}).rules] },
      'rules',
      '"send_proposal" stands there again',
    ],
    ['too many rules', { ...EMPTY, rules: Array(201).fill({}) }, 'rules', 'expected 0 to 200 entries; got 201'],
    ['a value below nothing', gates({ dealValueAbove: -1 }), 'gates.dealValueAbove', 'from 0'],
    [
      'a value without end',
      gates({ dealValueAbove: Number.POSITIVE_INFINITY }),
      'gates.dealValueAbove',
      'got Infinity',
    ],
    ['a title without a word', gates({ contactTitles: ['CEO', ' . '] }), 'gates.contactTitles.1', 'letters or digits'],
    ['an empty title', gates({ contactTitles: [''] }), 'gates.contactTitles.0', '1 to 100 characters'],
    ['a title with half a letter', gates({ contactTitles: ['a\ud800'] }), 'gates.contactTitles.0', 'plain Unicode'],
    [
      'a misspelt time zone',
      gates({ hours: { ...HOURS, timeZone: 'Europe/Berlim' } }),
      'gates.hours.timeZone',
      'Did you mean Europe/Berlin?',
    ],
    ['an offset', gates({ hours: { ...HOURS, timeZone: '+01:00' } }), 'gates.hours.timeZone', 'got "+01:00"'],
    ['an hour after midnight', gates({ hours: { ...HOURS, to: '24:01' } }), 'gates.hours.to', '00:00 to 24:00'],
    ['an hour in one digit', gates({ hours: { ...HOURS, from: '8:00' } }), 'gates.hours.from', 'got "8:00"'],
    [
      'hours that end before they start',
      gates({ hours: { ...HOURS, to: '08:00' } }),
      'gates.hours.to',
      'after the start',
    ],
    ['hours on no day', gates({ hours: { ...HOURS, days: [] } }), 'gates.hours.days', 'expected 1 to 7'],
    ['an eighth day', gates({ hours: { ...HOURS, days: [8] } }), 'gates.hours.days.0', 'from 1 to 7'],
    ['a day twice', gates({ hours: { ...HOURS, days: [1, 1] } }), 'gates.hours.days', 'stands there again'],
    ['a budget without a name', budget({ name: undefined }), 'budgets.0.name', '1 to 100 characters'],
    ['a misspelt scope', budget({ scope: 'tennant' }), 'budgets.0.scope', 'Did you mean tenant?'],
    ['a misspelt period', budget({ period: 'days' }), 'budgets.0.period', 'Did you mean day?'],
    ['a limit below 0', budget({ limit: -1 }), 'budgets.0.limit', 'from 0 to 1000000'],
    ['a limit too high', budget({ limit: 1_000_001 }), 'budgets.0.limit', 'got 1000001'],
    [
      'a budget for a type that nothing is of',
      budget({ actionType: 'send_chat_mesage' }),
      'budgets.0.actionType',
      'Did you mean send_chat_message?',
    ],
    ['two budgets of a name', { ...EMPTY, budgets: [BUDGET, BUDGET] }, 'budgets', '"mails" stands there again'],
    ['too many budgets', { ...EMPTY, budgets: Array(51).fill(BUDGET) }, 'budgets', 'got 51'],
  ])('for %s', (_what, raw, where, message) => {
    const found = wrongs(raw);
    expect(Object.keys(found)).toContain(where);
    expect(found[where]).toContain(message);
  });

  test('for everything that is wrong at once', () => {
    const raw = { gates: { stages: ['x'] }, rules: [{ actionType: 'a', quorum: 0 }], budgets: [{}] };
    expect(Object.keys(wrongs(raw)).sort()).toEqual([
      'budgets.0.limit',
      'budgets.0.name',
      'budgets.0.period',
      'budgets.0.scope',
      'gates.stages.0',
      'rules.0.quorum',
    ]);
  });

  test('for being too large', () => {
    const rules = Array.from({ length: 200 }, (_, index) => ({
      actionType: `own_type_${index}`,
      description: 'x'.repeat(400),
    }));
    expect(wrongs({ ...EMPTY, rules })['']).toMatch(/expected at most 65536 bytes as canonical JSON, got \d+/);
  });

  test('for letting a type run alone that is within two letters of a restricted one', () => {
    const restricted = fc.constantFrom(...APPROVAL_REQUIRED, ...HARD_STOP);
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz_0123456789'.split(''));
    const edit = fc.tuple(fc.nat(40), fc.constantFrom('put', 'drop', 'change'), letter);
    const builtIn = new Set([...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP]);
    fc.assert(
      fc.property(restricted, fc.array(edit, { minLength: 1, maxLength: 2 }), (type, edits) => {
        let actionType = type;
        for (const [at, what, put] of edits) {
          const place = 1 + (at % (actionType.length - 1));
          actionType =
            actionType.slice(0, place) +
            (what === 'drop' ? '' : put) +
            actionType.slice(place + (what === 'put' ? 0 : 1));
        }
        fc.pre(!builtIn.has(actionType));
        const raw = { ...EMPTY, rules: [{ actionType, description: 'ours', tier: 'autonomous' }] };
        expect(wrongs(raw)['rules.0.tier']).toContain('could be mistaken for the built-in');
        expect(wrongs({ ...EMPTY, rules: [{ actionType, description: 'ours', tier: 'hard_stop' }] })).toEqual({});
      }),
      runs(2_000),
    );
  });
});

test('what one policy changes in another is told by where it stands', () => {
  const before = parsePolicy({ ...rule({ quorum: 2, tier: 'approval_required' }), budgets: [BUDGET] }, PATH);
  const after = parsePolicy(
    {
      ...gates({ hours: HOURS }),
      rules: [{ actionType: 'send_proposal', quorum: 3 }],
      budgets: [{ ...BUDGET, limit: 6 }],
    },
    PATH,
  );
  expect(policyChanges(before, after)).toEqual([
    {
      what: 'budgets.mails',
      before: '5 actions of any type a day for each tenant',
      after: '6 actions of any type a day for each tenant',
    },
    { what: 'gates.hours', before: null, after: '08:00 to 18:30 in Europe/Berlin on Mon, Fri' },
    { what: 'rules.send_proposal.quorum', before: '2', after: '3' },
    { what: 'rules.send_proposal.tier', before: 'approval_required', after: null },
  ]);
});
