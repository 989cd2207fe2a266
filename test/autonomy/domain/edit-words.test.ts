import { describe, expect, test } from 'vitest';
import { type HardStopMatter, hardStopMatter } from '../../../src/features/autonomy/domain/edit-content.js';
import type { JsonObject } from '../../../src/kernel/json.js';

const findings = (after: JsonObject, before: JsonObject = {}) => hardStopMatter(before, after);
const inText = (text: string) => [...new Set(findings({ text }).map(({ matter }) => matter))];

const KEYS: Readonly<Record<HardStopMatter, string>> = {
  discount: 'discount discounts discounted rebate rebates markdown',
  committed_price: 'price prices pricing fee fees amount rate total cost',
  contract_change: 'contract amendment addendum clause clauses terms renewal termination',
  legal_commitment: 'liability indemnity warranty guarantee penalty sla nda jurisdiction',
};

describe('a key that names a matter', () => {
  const words = Object.entries(KEYS).flatMap(([matter, keys]) => keys.split(' ').map((key) => [key, matter] as const));

  test.each(words)('%s: %s', (key, matter) => {
    const finding = { matter, path: `/${key}`, found: key };
    expect(findings({ [key]: 7 })).toContainEqual(finding);
    expect(findings({ [key]: 7 }, { [key]: 8 })).toEqual([finding]);
  });

  test.each([['unitPrice'], ['line2Total'], ['UNIT-PRICE'], ['unit_price_'], ['unit..price'], ['preisÄnderungCost']])(
    'in the manner of %s',
    (key) => {
      expect(findings({ [key]: 7 })).toEqual([{ matter: 'committed_price', path: `/${key}`, found: key }]);
    },
  );

  test.each([['priceless'], ['unitprice'], ['untotal2']])('not %s, which is another word', (key) => {
    expect(findings({ [key]: 7 })).toEqual([]);
  });

  test('is told with the keys above it, and where it stands', () => {
    expect(findings({ lines: [{ x: 1 }, { 'a/b~': { fee: 7 } }] })).toEqual([
      { matter: 'committed_price', path: '/lines/1/a~1b~0/fee', found: 'lines.a/b~.fee' },
    ]);
  });

  test('that says it all is found where it is new, not where its value changes', () => {
    expect(findings({ '10% off': 2 })).toEqual([{ matter: 'discount', path: '/10% off', found: '10% off' }]);
    expect(findings({ '10% off': 2 }, { '10% off': 1 })).toEqual([]);
    expect(findings({ '10% off': [3] }, { '10%  OFF': [1, 2] })).toEqual([]);
  });
});

describe('a text that names a matter', () => {
  test.each<[HardStopMatter, readonly string[]]>([
    [
      'discount',
      [
        'Discounts apply',
        'a mark-down',
        'a markdown',
        'a price cut',
        'a price reduction',
        'a price break',
        'a special offer',
        'a special rate',
        'a reduced fee',
        'a reduced rate',
        'a reduced price',
        '10%off',
        '12.5 % cheaper',
        '20 per cent lower',
        '5percent reduction',
        'a third-price sale',
        'a quarter price sale',
        'now half off',
        'it gets cheaper',
        'a free month',
        'free weeks',
        'a free year',
        'a free trial extension',
        'at no cost',
        'at no extra charge',
        'a waiver',
        'waived',
        'knocking something off',
        'we knock a bit off',
        'we take another 100 off',
        'we take 100 points off',
        'a credit note',
        'on the house',
      ],
    ],
    [
      'committed_price',
      [
        '€9',
        '$ 9',
        '£9',
        '¥9',
        'EUR 9',
        'usd9',
        'GBP 9',
        'chf 9',
        'jpy 9',
        '9€',
        '9 $',
        '9.£',
        '9,¥',
        '12k€',
        '12 m USD',
        '9 eur',
        '9500EUR',
        '12kUSD',
        '1 euro',
        '2 euros',
        '1 dollar',
        '2 dollars',
        '9 gbp',
        '1 pound',
        '2 pounds',
        '9 chf',
        '1 franc',
        '2 francs',
        '9 jpy',
        '9 yen',
        'we fixed the fee',
        'we locked your rates',
        'guaranteed pricing',
        'we commit to prices',
        'we promised a price',
        'agreed fees',
        'confirm the rate',
        'we hold the price',
        'the price stays locked',
        'prices guaranteed',
        'a rate that is committed',
        'the fee we promised',
        'pricing as agreed',
        'the price is binding',
        'fees are final',
      ],
    ],
    [
      'contract_change',
      [
        'we renewed the contract',
        'amending agreements',
        'addending a clause',
        'terminate the SOW',
        'cancel the MSA',
        'extending terms',
        'modify it in the agreement',
        'changes of the contract',
        'an updated contract',
        'a revised agreement',
        'altered clauses',
        'replace the contract',
        'rewrite the terms',
        'the contract is renewed',
        'agreements can be amended',
        'the clause we modify',
        'terms may change',
        'the SOW gets updated',
        'the MSA was revised',
        'the contract alters',
        'clauses replaced',
        'the agreement is rewritten',
        'terms that terminate',
        'the contract is cancelled',
        'the agreement will extend',
        'an amendment',
        'a side letter',
        'an opt-out clause',
        'an optout clause',
        'a notice period',
        'it auto-renews',
        'autorenewal',
        'net60',
        'net 120',
        'net-30',
        'payment terms',
      ],
    ],
    [
      'legal_commitment',
      [
        'liable',
        'liability',
        'we are indemnified',
        'an indemnity',
        'a warrant',
        'warrants',
        'warranty',
        'warranties',
        'penalty',
        'penalties',
        'liquidated damages',
        'governing law',
        'jurisdiction',
        'exclusivity',
        'legally bound',
        'legally obliged',
        'contractually committed',
        'contractually binding',
        'hereby',
        'we undertake',
        'we warrant',
        'we guarantee',
        'we indemnify',
        'we commit',
        'an SLA',
        'a service level agreement',
        'an NDA',
        'non-disclosure',
        'a data processing agreement',
        'a DPA',
      ],
    ],
  ])('%s', (matter, texts) => {
    expect(texts.filter((text) => !inText(text).includes(matter))).toEqual([]);
  });

  test.each([
    ['We take the day off.'],
    ['An event of 2018 eurosceptics'],
    ['The unusd 9th'],
    ['The waiters came.'],
    ['Write to Euroland 9.'],
    ['A fixture of the year'],
    ['The network has 60 people.'],
    ['They are reliable.'],
    ['An autonomous car'],
    ['A freeway'],
    ['We saw 3 kids and 4 men.'],
  ])('none in: %s', (text) => {
    expect(inText(text)).toEqual([]);
  });

  test.each([
    ['\u0430', 'reb\u0430te'],
    ['\u0441', 'dis\u0441ount'],
    ['\u0501', '\u0501iscount'],
    ['\u0435', 'r\u0435bate'],
    ['\u04bb', '\u04bbereby'],
    ['\u0456', 'd\u0456scount'],
    ['\u0458', '\u0458urisdiction'],
    ['\u043a', 'mar\u043adown'],
    ['\u043c', '\u043carkdown'],
    ['\u043d', '\u043dereby'],
    ['\u043e', 'disc\u043eunt'],
    ['\u0440', '\u0440rice cut'],
    ['\u0455', 'di\u0455count'],
    ['\u0442', 'reba\u0442e'],
    ['\u03c5', 'disco\u03c5nt'],
    ['\u0475', 'wai\u0475er'],
    ['\u0445', 'e\u0445clusivity'],
    ['\u0443', 'penalt\u0443'],
    ['\u03b1', 'reb\u03b1te'],
    ['\u03bf', 'disc\u03bfunt'],
    ['\u03c1', '\u03c1rice cut'],
    ['\u03bd', 'wai\u03bder'],
    ['\u03b9', 'd\u03b9scount'],
    ['\u03c4', 'reba\u03c4e'],
    ['\u03b5', 'r\u03b5bate'],
    ['\u03ba', 'mar\u03badown'],
  ])('under the letter %s, which is not Latin', (_letter, text) => {
    expect(inText(text)).toHaveLength(1);
  });
});

describe('a sentence that stood there before', () => {
  const before = { text: 'Hello.  The price is € 900; so be it. Bye' };

  test.each([
    ['the same with more space', 'The   price\u00a0is € 900;'],
    ['the same with space around it', '  The price is € 900; '],
    ['the same in capitals', 'THE PRICE IS € 900;'],
    ['the same in a line of its own', 'Hi\nThe price is € 900;\n\nBye'],
  ])('%s', (_what, text) => {
    expect(findings({ text }, before)).toEqual([]);
  });

  test.each([
    ['is told by the sentence alone', 'Yes! The price is € 901. Bye', 'the price is € 901.'],
    ['is told by the line alone', 'Yes\nThe price is € 901\nBye', 'the price is € 901'],
  ])('and was changed %s', (_what, text, found) => {
    expect(findings({ text }, before)).toEqual([{ matter: 'committed_price', path: '/text', found }]);
  });
});
