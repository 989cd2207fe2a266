import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectPatterns, EVIDENCE_DAYS, MAX_EVIDENCE } from '../../src/features/patterns/domain/detect.js';
import { DORMANT_DAYS, SILENCE_DAYS } from '../../src/features/patterns/domain/engagement.js';
import { ownSentences } from '../../src/features/patterns/domain/own-words.js';
import {
  DAY_MS,
  INITIAL_THRESHOLDS,
  type ObservedInteraction,
  PATTERN_TYPES,
} from '../../src/features/patterns/domain/pattern.js';
import { severityOf } from '../../src/features/patterns/domain/severity.js';
import { ThemeCount, topicsIn } from '../../src/features/patterns/domain/themes.js';
import { THRESHOLD_BOUNDS, thresholdAfter } from '../../src/features/patterns/domain/threshold.js';
import { interaction, NOW, situation } from './labelled-set.js';

const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
let ids = 0;
const said = (content: string, days = 1, given: Partial<ObservedInteraction> = {}) =>
  interaction({
    id: `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`,
    content,
    occurredAt: daysAgo(days),
    ...given,
  });
const detect = (...interactions: ObservedInteraction[]) =>
  detectPatterns(situation(interactions), NOW, INITIAL_THRESHOLDS);
const typesOf = (...interactions: ObservedInteraction[]) => detect(...interactions).map(({ type }) => type);

describe('evidence', () => {
  test('one strong piece, or two weak ones, but not one weak one', () => {
    expect(typesOf(said('The budget is approved.'))).toEqual(['budget']);
    expect(typesOf(said('A budget review is planned.'))).toEqual([]);
    expect(typesOf(said('A budget review is planned.', 5), said('It fits within our budget.'))).toEqual(['budget']);
  });

  test('the same sentence twice is one piece', () => {
    expect(typesOf(said('A budget review is planned.', 5), said('A budget review  is planned.', 3))).toEqual([]);
  });

  test('more pieces make it surer, and the newest comes first', () => {
    const [once] = detect(said('The budget is approved.', 4));
    const [twice] = detect(said('The budget is approved.', 4), said('Our funding was secured.', 2));
    expect(twice?.confidence).toBeGreaterThan(once?.confidence ?? 1);
    expect(twice?.evidence.map(({ quote }) => quote)).toEqual(['Our funding was secured.', 'The budget is approved.']);
    expect(twice?.at).toEqual(daysAgo(2));
  });

  test('the quote is the sentence as it stands in the source, and says where', () => {
    const content = 'Hello!\n> The budget is gone.\nGood news:  the budget is approved. See you.';
    const [match] = detect(said(content));
    expect(match?.evidence).toMatchObject([{ field: 'content', quote: 'Good news:  the budget is approved.' }]);
    expect(content.slice(match?.evidence[0]?.start, match?.evidence[0]?.end)).toBe(match?.evidence[0]?.quote);
  });

  test('a subject line is read too', () => {
    expect(detect(said('', 1, { subject: 'Budget approved' }))[0]?.evidence[0]).toMatchObject({ field: 'subject' });
  });

  test('what was said long before the latest exchange describes the account no longer', () => {
    const old = said('The budget is approved.', 2 + EVIDENCE_DAYS);
    expect(typesOf(old, said('Thank you.', 3))).toEqual(['budget']);
    expect(typesOf(old, said('Thank you.', 1))).toEqual([]);
  });

  test('what is planned or was called off says nothing yet', () => {
    expect(typesOf(said('The budget is approved.', -2), said('Thank you.'))).toEqual([]);
    expect(typesOf(said('The budget is approved.', 1, { status: 'cancelled' }), said('Thank you.'))).toEqual([]);
  });
});

describe('when channels disagree, the most recent holds', () => {
  const email = (content: string, days: number) => said(content, days, { channel: 'email' });
  const meeting = (content: string, days: number) => said(content, days, { channel: 'meeting', direction: null });

  test('a later denial overrules', () => {
    const frozen = email('Our budget is frozen.', 9);
    expect(typesOf(frozen, meeting('The budget freeze was lifted.', 3))).toEqual([]);
    expect(typesOf(meeting('The budget freeze was lifted.', 12), frozen)).toEqual(['budget_freeze']);
  });

  test('a later freeze overrules an approved budget, and the other way round', () => {
    const approved = 'The budget is approved.';
    const frozen = 'All spending is frozen.';
    expect(typesOf(email(approved, 9), meeting(frozen, 3))).toEqual(['budget_freeze']);
    expect(typesOf(meeting(frozen, 9), email(approved, 3))).toEqual(['budget']);
  });
});

describe('silence', () => {
  test.each([
    [SILENCE_DAYS - 0.01, []],
    [SILENCE_DAYS, ['silence']],
  ])('counts from the fourteenth day: %d days', (days, expected) => {
    expect(typesOf(said('Bye.', days))).toEqual(expected);
  });

  test('our own messages do not end it, a meeting ahead does', () => {
    const last = said('Bye.', 20);
    const ours = said('Still there?', 2, { direction: 'outbound' });
    const ahead = said('', -5, { channel: 'meeting', status: 'scheduled' });
    expect(typesOf(last, ours)).toEqual(['silence']);
    expect(typesOf(last, ours, ahead)).toEqual([]);
    expect(typesOf()).toEqual([]);
  });

  test('after 180 days without an open deal it is dormancy, which is low', () => {
    const withDeal = (stage: string, days = DORMANT_DAYS + 1) =>
      detectPatterns(
        { ...situation([said('Bye.', days)]), deals: [{ stage, product: null }] },
        NOW,
        INITIAL_THRESHOLDS,
      ).map(({ type, severity }) => [type, severity]);
    expect(withDeal('closed_lost', DORMANT_DAYS)).toEqual([['silence', 'high']]);
    expect(withDeal('closed_lost')).toEqual([['dormancy', 'low']]);
    expect(withDeal('discovery')).toEqual([['silence', 'high']]);
    expect(withDeal('negotiation')).toEqual([['silence', 'critical']]);
  });

  test('is a more severe risk the longer it lasts, and where a deal is about to be decided', () => {
    const severity = (days: number, stage: string) =>
      severityOf({ type: 'silence', at: daysAgo(days), now: NOW, deals: [{ stage }] });
    expect([severity(14, 'discovery'), severity(30, 'discovery')]).toEqual(['medium', 'high']);
    expect([severity(14, 'negotiation'), severity(30, 'negotiation')]).toEqual(['high', 'critical']);
  });
});

test('new people weigh only where others were known before', () => {
  const by = (contactName: string, days: number) => said(`Note of ${contactName}.`, days, { contactName });
  expect(typesOf(by('Ana', 3), by('Ben', 2), by('Cem', 1))).not.toContain('stakeholder_expansion');
  expect(typesOf(by('Ana', 60), by('Ana', 4), by('Ben', 2), by('Cem', 1))).toContain('stakeholder_expansion');
});

test('a name counts as a competitor’s where it was introduced as one, and our product never does', () => {
  const alone = { competitors: [] };
  const found = (...texts: string[]) =>
    detectPatterns(
      situation(
        texts.map((text) => said(text)),
        alone,
      ),
      NOW,
      INITIAL_THRESHOLDS,
    ).map(({ type }) => type);
  expect(found('We look at Zenlabs.')).toEqual([]);
  expect(found('They mentioned competitors like Zenlabs.', 'We look at Zenlabs.')).toEqual(['competitive_evaluation']);
  expect(found('We compare GTX with the old setup.')).toEqual([]);
});

describe('thresholds', () => {
  test('a raised one hides what is not sure enough, a lowered one shows more', () => {
    const one = situation([said('The budget is approved.')]);
    expect(detectPatterns(one, NOW, { ...INITIAL_THRESHOLDS, budget: 0.81 })).toEqual([]);
    expect(detectPatterns(one, NOW, { ...INITIAL_THRESHOLDS, budget: 0.8 })).toHaveLength(1);
  });

  test('begin where they are without feedback, rise with false alarms, fall with useful ones', () => {
    expect(thresholdAfter({ useful: 0, falseAlarms: 0 })).toBe(0.7);
    expect(thresholdAfter({ useful: 0, falseAlarms: 1 })).toBe(0.77);
    expect(thresholdAfter({ useful: 1, falseAlarms: 0 })).toBe(0.67);
    expect(thresholdAfter({ useful: 0, falseAlarms: 3 })).toBe(0.85);
  });

  test('each voice moves them its own way and less than the one before, within bounds', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (useful, falseAlarms) => {
        const here = thresholdAfter({ useful, falseAlarms });
        expect(here).toBeGreaterThanOrEqual(THRESHOLD_BOUNDS.least);
        expect(here).toBeLessThanOrEqual(THRESHOLD_BOUNDS.most);
        expect(thresholdAfter({ useful: useful + 1, falseAlarms })).toBeLessThanOrEqual(here);
        expect(thresholdAfter({ useful, falseAlarms: falseAlarms + 1 })).toBeGreaterThanOrEqual(here);
      }),
    );
    const steps = [0, 1, 2, 3, 4].map((falseAlarms) => thresholdAfter({ useful: 0, falseAlarms }));
    const moves = steps.slice(1).map((value, index) => value - (steps[index] ?? 0));
    for (const [index, move] of moves.slice(1).entries()) expect(move).toBeLessThanOrEqual(moves[index] ?? 0);
  });
});

describe('themes', () => {
  const about = (topic: string, index: number) =>
    topicsIn([said(`They have concerns about ${topic}, number ${index}.`, index + 1)]);

  test('a topic is one when several accounts raise it, with where they do', () => {
    const count = new ThemeCount();
    for (const index of [0, 1]) count.add(about('security', index));
    expect(count.themes(0.7)).toEqual([]);
    count.add(about('security', 2));
    count.add(topicsIn([said('We like security.')]));
    const [theme, ...others] = count.themes(0.7);
    expect(others).toEqual([]);
    expect(theme).toMatchObject({ topic: 'security', accountId: null, summary: '3 of 4 accounts raise security.' });
    expect(theme?.evidence.map(({ quote }) => quote)[0]).toBe('They have concerns about security, number 0.');
  });

  test('many accounts cost no more memory than few', () => {
    const count = new ThemeCount();
    for (let index = 0; index < 1_000; index += 1) count.add(about('security', index % 30));
    expect(count.themes(0.7)[0]?.evidence).toHaveLength(5);
  });
});

describe('whatever is written', () => {
  /** Any UTF-16, halves of characters included, mixed with what rules look for. */
  const scraps = fc.constantFrom(
    'The budget is approved. ',
    'budget freeze ',
    'is leaving the company',
    ' not ',
    'competitors like Zenlabs, ',
    '\n> ',
    '\nOn Monday, X wrote:\n',
    '\ud83d',
    '\ude00',
    '😀',
    ' Mon. ',
    '\u0000',
    'urgent!',
    '? ',
  );
  const anyText = fc.oneof(
    fc.array(fc.oneof(scraps, fc.string({ unit: 'binary' })), { maxLength: 12 }).map((parts) => parts.join('')),
    fc.array(fc.nat(0xffff), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
  );
  const anyInteraction = fc.record({
    content: anyText,
    subject: fc.option(anyText),
    days: fc.double({ min: -30, max: 120, noNaN: true }),
    channel: fc.constantFrom('email', 'chat', 'meeting', 'crm'),
    direction: fc.constantFrom('inbound', 'outbound', null),
    status: fc.constantFrom('completed', 'scheduled', 'cancelled'),
    contactName: fc.option(anyText),
  });
  const anyAccount = fc
    .array(anyInteraction, { maxLength: 12 })
    .map((all) => all.map(({ days, content, ...given }) => said(content, days, given as Partial<ObservedInteraction>)));

  test('nothing throws; quotes stand in the source; confidence is a probability; the answer is the same again', () => {
    fc.assert(
      fc.property(anyAccount, (interactions) => {
        const matches = detect(...interactions);
        for (const { type, confidence, evidence, at } of matches) {
          expect(PATTERN_TYPES).toContain(type);
          expect(confidence).toBeGreaterThanOrEqual(INITIAL_THRESHOLDS[type]);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(evidence.length).toBeGreaterThan(0);
          expect(evidence.length).toBeLessThanOrEqual(MAX_EVIDENCE);
          expect(at).toEqual(evidence[0]?.at);
          for (const { interactionId, field, quote, start, end } of evidence) {
            const source = interactions.find(({ id }) => id === interactionId);
            expect(source?.[field]?.slice(start, end) ?? '').toBe(quote);
          }
        }
        expect(new Set(matches.map(({ type }) => type)).size).toBe(matches.length);
        expect(detect(...interactions.toReversed())).toEqual(matches);
      }),
      { numRuns: 400 },
    );
  });

  test('a well-formed text gives well-formed quotes, however long its sentences are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 480, maxLength: 1_100 }), (text) => {
        const spans = ownSentences(text.replaceAll(/[.!?…。！？\n>|]/gu, '😀'));
        const source = text.replaceAll(/[.!?…。！？\n>|]/gu, '😀');
        for (const { start, end } of spans) expect(source.slice(start, end).isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('of a text as long as a book, the beginning is read', () => {
    const hostile = 'the budget money spend compared considering bring the leaving better offer NorthPeak '.repeat(
      2_000,
    );
    const sentences = ownSentences(hostile);
    expect(sentences.length).toBeLessThanOrEqual(101);
    expect(detect(said(hostile)).length).toBeLessThanOrEqual(PATTERN_TYPES.length);
  });
});
