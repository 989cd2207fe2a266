import { describe, expect, test } from 'vitest';
import { type References, situate } from '../../../src/features/autonomy/domain/proposal.js';
import { GATED_STAGES } from '../../../src/features/guardrails/domain/index.js';
import { DomainError } from '../../../src/kernel/errors.js';

type Named = Parameters<typeof situate>[0];

const NAMED: Named = { accountId: null, dealId: null, cloneId: null, contactId: null, dealStage: null };
const FOUND: References = {
  accountExists: true,
  cloneExists: true,
  deal: { stage: 'discovery', accountId: 'a', value: 7 },
  contact: { accountId: 'a', title: 'Buyer', email: null },
  account: { gatedStage: null, openValue: undefined, contactTitles: ['CEO', 'CFO'], optedOut: false },
  reached: { gatedStage: null, openValue: undefined, contactTitles: [] },
  reachedAccounts: [],
  knownByAgentsOnly: false,
};
const look = (named: Partial<Named>, found: Partial<References> = {}) =>
  situate({ ...NAMED, ...named }, { ...FOUND, ...found }, (stage) => GATED_STAGES.has(stage));
const reached = (more: Partial<References['reached']>) => ({ reached: { ...FOUND.reached, ...more } });
const account = (more: Partial<References['account']>) => ({ account: { ...FOUND.account, ...more } });

/** Where the refusal points, and what it says. */
function refusal(named: Partial<Named>, found: Partial<References> = {}): [string, string] | undefined {
  try {
    look(named, found);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'VALIDATION_FAILED') throw error;
    const [{ path, message }] = error.details.issues as [{ path: string[]; message: string }];
    return [path.join('.'), message];
  }
}

describe('what is named', () => {
  test.each<[string, Partial<Named>, Partial<References>]>([
    ['account', { accountId: 'x' }, { accountExists: false }],
    ['clone', { cloneId: 'x' }, { cloneExists: false }],
    ['deal', { dealId: 'x' }, { deal: undefined }],
    ['contact', { contactId: 'x' }, { contact: undefined }],
  ])('is there: the %s', (what, named, found) => {
    expect(refusal(named, found)).toEqual([`input.${what}Id`, `there is no ${what} with id "x".`]);
    expect(refusal({}, found)).toBeUndefined();
    expect(refusal(named)).toBeUndefined();
  });

  test('is in the stage that is given', () => {
    expect(refusal({ dealId: 'd', dealStage: 'discovery' })).toBeUndefined();
    expect(refusal({ dealId: 'd', dealStage: 'evaluation' })).toEqual([
      'input.dealStage',
      'the deal is in stage discovery, got evaluation. Leave dealStage out when dealId is given.',
    ]);
  });

  test('belongs together: deal and account', () => {
    const told = ['input.dealId', 'this deal belongs to another account than accountId names.'];
    expect(refusal({ dealId: 'd', accountId: 'a' })).toBeUndefined();
    expect(refusal({ dealId: 'd', accountId: 'b' })).toEqual(told);
    expect(
      refusal({ dealId: 'd', accountId: 'a' }, { deal: { stage: 'discovery', accountId: null, value: 1 } }),
    ).toEqual(told);
  });

  test('belongs together: contact, and the account that is named or the deal’s', () => {
    const told = ['input.contactId', 'this contact belongs to another account than the one that is named.'];
    const contact = { accountId: 'b', title: null, email: null };
    expect(refusal({ contactId: 'c', accountId: 'a' })).toBeUndefined();
    expect(refusal({ contactId: 'c', accountId: 'a' }, { contact })).toEqual(told);
    expect(refusal({ contactId: 'c', dealId: 'd' })).toBeUndefined();
    expect(refusal({ contactId: 'c', dealId: 'd' }, { contact })).toEqual(told);
    expect(refusal({ contactId: 'c' }, { contact })).toBeUndefined();
    const deal = { stage: 'discovery' as const, accountId: null, value: 1 };
    expect(refusal({ contactId: 'c', dealId: 'd' }, { contact, deal })).toBeUndefined();
  });
});

describe('the account it is about', () => {
  test('is the one named, else the deal’s, else the contact’s, else none', () => {
    const deal = { stage: 'discovery' as const, accountId: 'of-deal', value: 1 };
    const contact = { accountId: 'of-contact', title: null, email: null };
    expect(look({ accountId: 'a' }, { deal, contact }).accountId).toBe('a');
    expect(look({}, { deal, contact }).accountId).toBe('of-deal');
    expect(look({}, { deal: { ...deal, accountId: null }, contact }).accountId).toBe('of-contact');
    expect(look({}, { deal: undefined, contact }).accountId).toBe('of-contact');
    expect(look({}, { deal: undefined, contact: undefined }).accountId).toBeNull();
  });
});

describe('what the guardrails look at', () => {
  test('is the named deal’s stage and value, and nothing that was given', () => {
    expect(look({ dealId: 'd', dealStage: 'discovery' }, account({ gatedStage: 'evaluation', openValue: 99 }))).toEqual(
      {
        accountId: 'a',
        facts: {
          dealStage: 'discovery',
          givenStage: null,
          dealValue: 7,
          contactTitles: ['CEO', 'CFO'],
          optedOut: false,
        },
      },
    );
    const deal = { stage: 'discovery' as const, accountId: 'a', value: null };
    expect(look({ dealId: 'd' }, { deal, ...account({ openValue: 99 }) }).facts.dealValue).toBeNull();
  });

  test('is the account’s gated stage where no deal is named, unless the given one is gated itself', () => {
    const gated = account({ gatedStage: 'negotiation' });
    const stageOf = (dealStage: Named['dealStage'], found: Partial<References>) => look({ dealStage }, found).facts;
    expect(stageOf(null, {})).toMatchObject({ dealStage: null, givenStage: null });
    expect(stageOf(null, gated)).toMatchObject({ dealStage: 'negotiation', givenStage: null });
    expect(stageOf('discovery', gated)).toMatchObject({ dealStage: 'negotiation', givenStage: 'discovery' });
    expect(stageOf('discovery', {})).toMatchObject({ dealStage: 'discovery', givenStage: 'discovery' });
    expect(stageOf('closed_won', gated)).toMatchObject({ dealStage: 'closed_won', givenStage: 'closed_won' });
  });

  test('is the account’s open value where no deal is named; without an open deal there is none', () => {
    expect(look({}, account({ openValue: 5 })).facts.dealValue).toBe(5);
    expect(look({}, account({ openValue: null })).facts.dealValue).toBeNull();
    expect('dealValue' in look({}).facts).toBe(false);
  });

  test('is the title of the contact named, else of all the account’s', () => {
    expect(look({ contactId: 'c' }).facts.contactTitles).toEqual(['Buyer']);
    expect(
      look({ contactId: 'c' }, { contact: { accountId: 'a', title: null, email: null } }).facts.contactTitles,
    ).toEqual([]);
    expect(look({}).facts.contactTitles).toEqual(['CEO', 'CFO']);
  });

  test('asks of no stage where there is none whether it is gated', () => {
    const asked = (found: Partial<References>) => situate(NAMED, { ...FOUND, ...found }, () => true).facts.dealStage;
    expect(asked(account({ gatedStage: 'negotiation' }))).toBe('negotiation');
    expect(asked(reached({ gatedStage: 'negotiation' }))).toBe('negotiation');
  });

  test('is also the gated stage of those who are written to, unless its own is gated itself', () => {
    const others = reached({ gatedStage: 'negotiation' });
    expect(look({}, others).facts).toMatchObject({ dealStage: 'negotiation', givenStage: null });
    expect(look({ dealStage: 'discovery' }, others).facts).toMatchObject({
      dealStage: 'negotiation',
      givenStage: 'discovery',
    });
    expect(look({ dealId: 'd' }, others).facts.dealStage).toBe('negotiation');
    expect(look({ dealStage: 'closed_won' }, others).facts.dealStage).toBe('closed_won');
  });

  test.each([
    [undefined, undefined, undefined],
    [5, undefined, 5],
    [undefined, 5, 5],
    [null, undefined, null],
    [undefined, null, null],
    [null, 5, null],
    [5, null, null],
    [5, 6, 6],
    [6, 5, 6],
  ])('is the higher of the values %j and, of those who are written to, %j: %j', (own, theirs, value) => {
    expect(look({}, { ...account({ openValue: own }), ...reached({ openValue: theirs }) }).facts.dealValue).toBe(value);
  });

  test('is also the titles of those who are written to, each once', () => {
    const others = reached({ contactTitles: ['CEO', 'Buyer', 'Head'] });
    expect(look({}, others).facts.contactTitles).toEqual(['CEO', 'CFO', 'Buyer', 'Head']);
    expect(look({ contactId: 'c' }, others).facts.contactTitles).toEqual(['Buyer', 'CEO', 'Head']);
  });

  test('is whether the account opted out', () => {
    expect(look({}, account({ optedOut: true })).facts.optedOut).toBe(true);
  });
});
