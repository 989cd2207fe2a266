import { describe, expect, test } from 'vitest';
import { hardStopMatter } from '../../src/features/autonomy/domain/edit-content.js';

const BEFORE = { subject: 'Our proposal', text: 'Dear Kim, thank you for the call. Best, Ana' };
const mattersOf = (after: object, before: object = BEFORE) =>
  [...new Set(hardStopMatter(before as never, after as never).map(({ matter }) => matter))].sort();
const saying = (sentence: string) => ({ ...BEFORE, text: `Dear Kim, thank you for the call. ${sentence} Best, Ana` });

describe('what an edit must not bring in', () => {
  test.each([
    ['We can offer a discount.', 'discount'],
    ['We can offer a DISCOUNT.', 'discount'],
    ['You get 15 % off in the first year.', 'discount'],
    ['You get ten, no, 12.5 percent less.', 'discount'],
    ['There is a rebate in it.', 'discount'],
    ['We will waive the setup.', 'discount'],
    ['The first month is free of charge.', 'discount'],
    ['Expect a special price.', 'discount'],
    ['It is half price today.', 'discount'],
    ['We knock 500 off.', 'discount'],
    ['A d i s c o u n t is possible.', 'discount'],
    ['A dis\u200bcount is possible.', 'discount'],
    ['A dis\u00adcount is possible.', 'discount'],
    ['A ｄｉｓｃｏｕｎｔ is possible.', 'discount'],
    ['A díscóunt is possible.', 'discount'],
    ['A disсоunt is possible.', 'discount'],
    ['It is € 9,500 all in.', 'committed_price'],
    ['It is $9500 all in.', 'committed_price'],
    ['It is 9.500 EUR all in.', 'committed_price'],
    ['It is 9500 euros all in.', 'committed_price'],
    ['It is 12k USD.', 'committed_price'],
    ['We guarantee this price until June.', 'committed_price'],
    ['The rate is fixed for three years.', 'committed_price'],
    ['We will amend the contract.', 'contract_change'],
    ['Your agreement can be extended.', 'contract_change'],
    ['There will be an addendum.', 'contract_change'],
    ['You can pay net 60.', 'contract_change'],
    ['The notice period is two weeks.', 'contract_change'],
    ['We accept liability.', 'legal_commitment'],
    ['We undertake to deliver.', 'legal_commitment'],
    ['This is legally binding.', 'legal_commitment'],
    ['We hereby confirm.', 'legal_commitment'],
    ['The SLA promises four nines.', 'legal_commitment'],
    ['A penalty is due for each day.', 'legal_commitment'],
  ])('%s', (sentence, matter) => {
    expect(mattersOf(saying(sentence))).toContain(matter);
  });

  test.each([
    ['a key', { ...BEFORE, discount: 10 }, 'discount'],
    ['a key in camel case', { ...BEFORE, discountPercent: 10 }, 'discount'],
    ['a key in capitals and dashes', { ...BEFORE, 'REBATE-PCT': '5' }, 'discount'],
    ['a key deep inside', { ...BEFORE, offer: { lines: [{ unit_price: 10 }] } }, 'committed_price'],
    ['a parent of a key', { ...BEFORE, discount: { value: { is: 3 } } }, 'discount'],
    ['a key that says it all', { ...BEFORE, '10% off': true }, 'discount'],
    ['a key that lies about itself', { ...BEFORE, note: 'contract terms updated' }, 'contract_change'],
    ['a list of texts', { ...BEFORE, extra: ['ok', ['we warrant it']] }, 'legal_commitment'],
    ['a legal key', { ...BEFORE, sla: '99.9' }, 'legal_commitment'],
  ])('%s', (_what, after, matter) => {
    expect(mattersOf(after)).toContain(matter);
  });

  test('a changed number under a key that stood there, and a changed sentence that names the matter', () => {
    expect(mattersOf({ price: 900 }, { price: 1000 })).toEqual(['committed_price']);
    expect(mattersOf({ text: 'A discount of 20.' }, { text: 'A discount of 10.' })).toEqual(['discount']);
    expect(mattersOf({ text: 'There is a discount.' }, { text: 'There is no discount.' })).toEqual(['discount']);
  });
});

describe('what an edit may do', () => {
  test.each([
    ['greet otherwise', saying('I hope you are well.')],
    ['mend a typo', { ...BEFORE, subject: 'Our proposals' }],
    ['leave something out', { subject: 'Our proposal' }],
    ['name a day and a number', saying('Let us meet on 12 March at 15:00, room 4.')],
    ['discuss what was said', saying('You counted on us, and we agree on the plan.')],
    ['add an empty key', { ...BEFORE, discount: null, price: 0, sla: false, terms: '' }],
    ['add another key', { ...BEFORE, cc: ['lee@acme.example'] }],
  ])('%s', (_what, after) => {
    expect(mattersOf(after)).toEqual([]);
  });

  test('keep, move and reorder what the agent had written', () => {
    const before = { text: 'Hello. The price is € 900. Bye.', discount: 5, lines: ['a', 'b'] };
    expect(mattersOf({ text: 'Hi there. The price is € 900. Goodbye.', discount: 5, lines: ['b'] }, before)).toEqual(
      [],
    );
    expect(mattersOf({ intro: 'Hi.', body: 'The price is € 900.', discount: 5, lines: [] }, before)).toEqual([]);
    expect(mattersOf({ text: 'Hello.' }, before)).toEqual([]);
  });
});

test('a finding says where and what', () => {
  expect(hardStopMatter({ a: { 'b/c': 'x' } }, { a: { 'b/c': 'Fine. You get a rebate!' } })).toEqual([
    { matter: 'discount', path: '/a/b~1c', found: 'you get a rebate!' },
  ]);
});
