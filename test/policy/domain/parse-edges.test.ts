import { describe, expect, test } from 'vitest';
import {
  isSamePolicy,
  MAX_BUDGETS,
  MAX_POLICY_BYTES,
  MAX_RULES,
  parsePolicy,
} from '../../../src/features/policy/domain/index.js';
import { DomainError } from '../../../src/kernel/errors.js';

const PATH = ['input', 'policy'];

/** What is wrong with a document, where and in which words. */
function wrongs(raw: unknown): Record<string, string> {
  try {
    parsePolicy(raw, PATH);
    return {};
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'VALIDATION_FAILED') throw error;
    const issues = error.details.issues as { path: (string | number)[]; message: string }[];
    return Object.fromEntries(issues.map(({ path, message }) => [path.slice(2).join('.'), message]));
  }
}
const rule = (more: object) => ({ rules: [{ actionType: 'send_proposal', ...more }] });
const gates = (more: object) => ({ gates: more });
const HOURS = { timeZone: 'UTC', from: '00:00', to: '24:00', days: [1] };
const BUDGET = { name: 'mails', scope: 'tenant', period: 'day', limit: 5 };
const list = <Item>(length: number, item: (index: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => item(index));

describe('a policy at the edge of what may be', () => {
  test('is empty', () => {
    for (const raw of [{}, { gates: null, rules: null, budgets: null }, { gates: {}, rules: [], budgets: [] }]) {
      expect(parsePolicy(raw, PATH)).toEqual({ rules: {}, budgets: [] });
    }
  });

  test('has as many rules and budgets as are allowed', () => {
    expect([MAX_RULES, MAX_BUDGETS, MAX_POLICY_BYTES]).toEqual([200, 50, 65_536]);
    const rules = list(200, (index) => ({ actionType: `own_type_${index}` }));
    const budgets = list(50, (index) => ({ ...BUDGET, name: `budget ${index}` }));
    const document = parsePolicy({ rules, budgets }, PATH);
    expect([Object.keys(document.rules), document.budgets].map(({ length }) => length)).toEqual([200, 50]);
  });

  test.each([
    ['a quorum of one', rule({ quorum: 1 })],
    ['a quorum of ten', rule({ quorum: 10 })],
    ['the shortest time', rule({ expiryHours: 0.1 })],
    ['the longest time', rule({ expiryHours: 8_760 })],
    ['a description of 500 letters', rule({ description: 'x'.repeat(500) })],
    ['a value of nothing', gates({ dealValueAbove: 0 })],
    ['the highest value', gates({ dealValueAbove: 1e15 })],
    ['fifty titles', gates({ contactTitles: list(50, (index) => `title ${index}`) })],
    ['a title of 100 letters', gates({ contactTitles: ['x'.repeat(100)] })],
    [
      'all stages',
      gates({
        stages: 'prospecting qualification discovery evaluation negotiation closed_won closed_lost'.split(' '),
      }),
    ],
    ['no stages', gates({ stages: [] })],
    ['no titles', gates({ contactTitles: [] })],
    ['all day, all week', gates({ hours: { ...HOURS, days: [1, 2, 3, 4, 5, 6, 7] } })],
    ['a minute', gates({ hours: { ...HOURS, from: '23:59' } })],
    ['a limit of nothing', { budgets: [{ ...BUDGET, limit: 0 }] }],
    ['the highest limit', { budgets: [{ ...BUDGET, limit: 1_000_000 }] }],
    ['a name of 100 letters', { budgets: [{ ...BUDGET, name: 'x'.repeat(100) }] }],
    ['a budget of a built-in type', { budgets: [{ ...BUDGET, actionType: 'send_chat_message' }] }],
    [
      'a budget of a type of one’s own',
      { rules: [{ actionType: 'send_gift' }], budgets: [{ ...BUDGET, actionType: 'send_gift' }] },
    ],
    ['a misspelling with a description', { rules: [{ actionType: 'send_proposl', description: 'ours' }] }],
    ['a tier as strict as the type’s own', rule({ tier: 'approval_required' })],
    ['a tier that is stricter', rule({ tier: 'hard_stop' })],
    ['a type of one’s own that runs alone', { rules: [{ actionType: 'send_gift', tier: 'autonomous' }] }],
  ])('has %s', (_what, raw) => {
    expect(wrongs(raw)).toEqual({});
  });

  test('keeps every field of a rule, a gate and a budget', () => {
    const whole = {
      description: 'ours',
      tier: 'approval_required',
      quorum: 2,
      requiredRole: 'manager',
      fallbackRole: 'admin',
      expiryHours: 1,
      connector: 'webhook',
      gates: { dealValueAbove: 1, stages: ['discovery'], contactTitles: ['CEO'] },
    };
    const hours = { timeZone: 'UTC', from: 0, to: 1_440, days: [1] };
    const document = parsePolicy(
      {
        gates: { hours: HOURS },
        rules: [{ actionType: 'send_gift', ...whole }],
        budgets: [{ ...BUDGET, actionType: 'send_gift' }],
      },
      PATH,
    );
    expect(document).toEqual({
      gates: { hours },
      rules: { send_gift: whole },
      budgets: [{ ...BUDGET, actionType: 'send_gift' }],
    });
    expect(Object.keys(parsePolicy(rule({}), PATH).rules.send_proposal ?? { no: 'rule' })).toEqual([]);
    expect(Object.keys(parsePolicy({ budgets: [BUDGET] }, PATH).budgets[0] ?? {})).toEqual(Object.keys(BUDGET));
  });

  test('is the same in whatever order its rules came, in the order of their types', () => {
    const types = ['send_gift', 'a_type', 'order_flowers'];
    const one = parsePolicy({ rules: types.map((actionType) => ({ actionType })) }, PATH);
    const other = parsePolicy({ rules: types.toReversed().map((actionType) => ({ actionType })) }, PATH);
    expect(Object.keys(one.rules)).toEqual(['a_type', 'order_flowers', 'send_gift']);
    expect(Object.keys(other.rules)).toEqual(['a_type', 'order_flowers', 'send_gift']);
    expect(isSamePolicy(one, other)).toBe(true);
    expect(isSamePolicy(one, parsePolicy({ rules: [{ actionType: 'a_type' }] }, PATH))).toBe(false);
  });

  test('is as large as is allowed, and no larger, in bytes', () => {
    const filled = (description: string) => ({
      rules: [
        ...list(120, (index) => ({ actionType: `own_type_${100 + index}`, description: 'x'.repeat(500) })),
        { actionType: 'own_type_999', description },
      ],
    });
    const size = (raw: object) => Buffer.byteLength(JSON.stringify(parsePolicy(raw, PATH)));
    const room = MAX_POLICY_BYTES - size(filled('x'));
    expect(room).toBeGreaterThan(0);
    // What is left of the last description goes into further rules of the same size.
    const each = size({ rules: [{ actionType: 'own_type_100', description: 'x' }] }) - size({ rules: [] }) + 1;
    const more = (bytes: number) => {
      const count = Math.ceil(bytes / (each + 499));
      const letters = bytes - count * each;
      return list(count, (index) => ({
        actionType: `own_type_${300 + index}`,
        description: 'x'.repeat(1 + (index === 0 ? letters - 400 * (count - 1) : 400)),
      }));
    };
    const whole = { rules: [...filled('x').rules, ...more(room)] };
    expect(size(whole)).toBe(MAX_POLICY_BYTES);
    const [first, ...rest] = whole.rules;
    const larger = { rules: [{ ...first, description: `${'x'.repeat(499)}ä` }, ...rest] };
    expect(wrongs(larger)).toEqual({ '': 'expected at most 65536 bytes as canonical JSON, got 65537.' });
  });
});

describe('a policy is refused in these words', () => {
  test.each<[string, object, Record<string, unknown>]>([
    [
      'a tier that loosens',
      rule({ tier: 'autonomous' }),
      {
        'rules.0.tier':
          'send_proposal is approval_required for every tenant, and a policy can only make it stricter; got autonomous. ' +
          'A proposal is a formal offer in the company’s name, and the customer will hold us to its contents.',
      },
    ],
    [
      'a look-alike that is to run alone',
      { rules: [{ actionType: 'send_proposl', description: 'ours', tier: 'autonomous' }] },
      {
        'rules.0.tier':
          'send_proposl may not run alone: it could be mistaken for the built-in send_proposal, which is ' +
          'approval_required. Choose a name that differs by more than two letters.',
      },
    ],
    [
      'a misspelling',
      { rules: [{ actionType: 'log_interactio' }] },
      {
        'rules.0.actionType':
          'log_interactio is not built in. Did you mean log_interaction? If it is a type of your own, say in ' +
          '`description` what it means.',
      },
    ],
    ['no type', { rules: [{ actionType: 7 }] }, { 'rules.0.actionType': 'expected an action type; got 7.' }],
    [
      'no type, and something else beside',
      { rules: [{ quorum: 0 }] },
      {
        'rules.0.actionType': 'expected an action type; got undefined.',
        'rules.0.quorum': 'expected a whole number from 1 to 10; got 0.',
      },
    ],
    [
      'a type in capitals, and something else beside',
      { rules: [{ actionType: 'Send', quorum: 0 }] },
      {
        'rules.0.actionType': expect.stringMatching(/^expected an action type: .* got "Send"/),
        'rules.0.quorum': 'expected a whole number from 1 to 10; got 0.',
      },
    ],
    [
      'an empty description, gates that are none, and a budget for a type in capitals',
      {
        rules: [{ actionType: 'send_gift', description: ' ', gates: 7 }],
        budgets: [{ ...BUDGET, actionType: 'Send' }],
      },
      {
        'rules.0.description': 'expected plain Unicode text of 1 to 500 characters; got " ".',
        'rules.0.gates': 'expected an object; got 7.',
        'budgets.0.actionType': expect.stringContaining('got "Send"'),
      },
    ],
    [
      'a budget for no type',
      { rules: [{ actionType: 'send_gift' }], budgets: [{ ...BUDGET, actionType: 'send_gif' }] },
      {
        'budgets.0.actionType':
          'expected a built-in type or one that a rule is for; got "send_gif". Did you mean send_gift?',
      },
    ],
    [
      'an empty budget',
      { budgets: [{}] },
      {
        'budgets.0.name': 'expected plain Unicode text of 1 to 100 characters; got null.',
        'budgets.0.scope': 'expected one of tenant, clone, account; got null.',
        'budgets.0.period': 'expected one of hour, day, week; got null.',
        'budgets.0.limit': 'expected a whole number from 0 to 1000000; got null.',
      },
    ],
    [
      'half a place in a budget',
      { budgets: [{ ...BUDGET, limit: 1.5 }] },
      { 'budgets.0.limit': 'expected a whole number from 0 to 1000000; got 1.5.' },
    ],
    [
      'a title without a word',
      gates({ contactTitles: ['—'] }),
      { 'gates.contactTitles.0': 'expected a word with letters or digits; got "\\u2014".' },
    ],
    [
      'titles and stages twice',
      gates({ contactTitles: ['CEO', 'CEO '], stages: ['discovery', 'discovery'] }),
      {
        'gates.contactTitles': 'expected each only once; "CEO" stands there again.',
        'gates.stages': 'expected each only once; "discovery" stands there again.',
      },
    ],
    [
      'too many titles',
      gates({ contactTitles: list(51, (index) => `title ${index}`) }),
      { 'gates.contactTitles': 'expected 0 to 50 entries; got 51.' },
    ],
    [
      'too many stages',
      gates({ stages: list(8, () => 'discovery') }),
      { 'gates.stages': 'expected 0 to 7 entries; got 8.' },
    ],
    [
      'a value too high',
      gates({ dealValueAbove: 1.1e15 }),
      { 'gates.dealValueAbove': 'expected a number from 0 to 1000000000000000; got 1100000000000000.' },
    ],
    [
      'no hours at all',
      gates({ hours: {} }),
      {
        'gates.hours.timeZone': 'expected the IANA name of a time zone, such as Europe/Berlin; got undefined.',
        'gates.hours.from': 'expected a time of day from 00:00 to 24:00; got undefined.',
        'gates.hours.to': 'expected a time of day from 00:00 to 24:00; got undefined.',
        'gates.hours.days': 'expected a list; got null.',
      },
    ],
    [
      'days that are none',
      gates({ hours: { ...HOURS, days: [0, 1.5, 8] } }),
      {
        'gates.hours.days.0': 'expected a whole number from 1 to 7; got 0.',
        'gates.hours.days.1': 'expected a whole number from 1 to 7; got 1.5.',
        'gates.hours.days.2': 'expected a whole number from 1 to 7; got 8.',
      },
    ],
    [
      'eight days',
      gates({ hours: { ...HOURS, days: [1, 2, 3, 4, 5, 6, 7, 1] } }),
      { 'gates.hours.days': 'expected 1 to 7 entries; got 8.' },
    ],
    [
      'a day twice',
      gates({ hours: { ...HOURS, days: [2, 2] } }),
      { 'gates.hours.days': 'expected each only once; "2" stands there again.' },
    ],
    [
      'hours that end when they begin',
      gates({ hours: { ...HOURS, from: '08:00', to: '08:00' } }),
      {
        'gates.hours.to':
          'expected an end after the start on the same day; got "08:00" to "08:00". The end of the day is 24:00.',
      },
    ],
    [
      'a time zone with a slip in it',
      gates({ hours: { ...HOURS, timeZone: 'Europe/Berlim' } }),
      {
        'gates.hours.timeZone':
          'expected the IANA name of a time zone, such as Europe/Berlin; got "Europe/Berlim". Did you mean Europe/Berlin?',
      },
    ],
  ])('for %s', (_what, raw, issues) => {
    expect(wrongs(raw)).toEqual(issues);
  });

  test.each([
    '',
    '+01:00',
    '-05:00',
    '\u221201:00',
    '1UTC',
    `U${'T'.repeat(64)}`,
    'Europe/Berlin ',
    'Euröpe/Berlin',
    ' UTC',
  ])('for the time zone %j', (timeZone) => {
    expect(Object.keys(wrongs(gates({ hours: { ...HOURS, timeZone } })))).toEqual(['gates.hours.timeZone']);
  });

  test.each(['America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'America/Port-au-Prince', 'utc'])(
    'not for the time zone %s',
    (timeZone) => {
      expect(wrongs(gates({ hours: { ...HOURS, timeZone } }))).toEqual({});
    },
  );

  test.each(['8:00', '08:0', '08:60', '24:01', '99:00', 'x08:00', '08:00x', '0800', '08.00', '', 8, null, ['08:00']])(
    'for the time of day %j',
    (from) => {
      expect(Object.keys(wrongs(gates({ hours: { ...HOURS, from } })))).toContain('gates.hours.from');
    },
  );

  test('that name every place, in one message', () => {
    const raw = { rules: [{ actionType: 'send_proposal', quorum: 0 }], budgets: [{ ...BUDGET, limit: -1 }] };
    expect(() => parsePolicy(raw, PATH)).toThrow(
      'input.policy.rules.0.quorum: expected a whole number from 1 to 10; got 0. ' +
        'input.policy.budgets.0.limit: expected a whole number from 0 to 1000000; got -1.',
    );
  });
});
