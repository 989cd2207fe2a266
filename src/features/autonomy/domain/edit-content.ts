import type { JsonObject, JsonValue } from '../../../kernel/json.js';
import { isArray, isObject } from './diff.js';

/** What only people do, outside: the matter of the hard stops. */
export const HARD_STOP_MATTERS = ['discount', 'committed_price', 'contract_change', 'legal_commitment'] as const;
export type HardStopMatter = (typeof HARD_STOP_MATTERS)[number];

/** Something an edit brings in that is the matter of a hard stop. */
export interface Finding {
  readonly matter: HardStopMatter;
  /** JSON Pointer into the payload. */
  readonly path: string;
  /** The sentence, or the key, that names it. */
  readonly found: string;
}

/** Words of keys, whole words in lower case: `discountPercent` and `discount_percent` have the word `discount`. */
const KEY_WORDS: Readonly<Record<HardStopMatter, ReadonlySet<string>>> = {
  discount: new Set(['discount', 'discounts', 'discounted', 'rebate', 'rebates', 'markdown']),
  committed_price: new Set(['price', 'prices', 'pricing', 'fee', 'fees', 'amount', 'rate', 'total', 'cost']),
  contract_change: new Set([
    'contract',
    'amendment',
    'addendum',
    'clause',
    'clauses',
    'terms',
    'renewal',
    'termination',
  ]),
  legal_commitment: new Set([
    'liability',
    'indemnity',
    'warranty',
    'guarantee',
    'penalty',
    'sla',
    'nda',
    'jurisdiction',
  ]),
};

/** Looked for in folded text, see `fold`. */
const PHRASES: Readonly<Record<HardStopMatter, readonly RegExp[]>> = {
  discount: [
    /\b(discount|rebate|mark-?down|price (cut|reduction|break)|special (price|offer|rate)|reduced (price|rate|fee))/,
    /\d\s*(%|percent|per cent)\s*(off|less|cheaper|lower|reduction)/,
    /\b(half|third|quarter)[- ]price\b|\bhalf off\b|\bcheaper\b|\bfree (of charge|month|year|week|trial extension)|\bat no (extra )?(cost|charge)\b/,
    /\bwaiv\w|\bknock(ing)? .{0,20}\boff\b|\btake .{0,20}\d.{0,10} off\b|\bcredit note\b|\bon the house\b/,
  ],
  committed_price: [
    /(€|\$|£|¥|\b(eur|usd|gbp|chf|jpy))\s*\d/,
    /\d[.,]?\s*(k|m)?\s*(€|\$|£|¥|(eur|euros?|usd|dollars?|gbp|pounds?|chf|francs?|jpy|yen)\b)/,
    /\b(fix|lock|guarantee|commit|promise|agree|confirm|hold)\w*\b.{0,30}\b(price|pricing|rate|fee)s?\b/,
    /\b(price|pricing|rate|fee)s?\b.{0,30}\b(fixed|locked|guaranteed|committed|promised|agreed|binding|final)\b/,
  ],
  contract_change: [
    /\b(amend|addend|terminat|cancel|extend|renew|modif|chang|updat|revis|alter|replac|rewrit)\w*\b.{0,40}\b(contract|agreement|terms|clause|sow|msa)s?\b/,
    /\b(contract|agreement|terms|clause|sow|msa)s?\b.{0,40}\b(amend|addend|terminat|cancel|extend|renew|modif|chang|updat|revis|alter|replac|rewrit)/,
    /\b(addendum|amendment|side letter|opt-?out clause|notice period|net[- ]?\d{2,3}|payment terms)\b|\bauto-?renew/,
  ],
  legal_commitment: [
    /\b(liab(le|ility)|warrant(y|ies|s)?|penalt(y|ies)|liquidated damages|governing law|jurisdiction|exclusivity)\b|\bindemni\w/,
    /\b(legally|contractually) (binding|committed|obliged|bound)\b|\bhereby\b|\bwe (undertake|warrant|guarantee|indemnify|commit)\b/,
    /\b(sla|service level agreement|nda|non-disclosure|data processing agreement|dpa)\b/,
  ],
};

/** Letters of other alphabets that look like Latin ones. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    һ: 'h',
    і: 'i',
    ј: 'j',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    ѕ: 's',
    т: 't',
    υ: 'u',
    ѵ: 'v',
    х: 'x',
    у: 'y',
    α: 'a',
    ο: 'o',
    ρ: 'p',
    ν: 'v',
    ι: 'i',
    τ: 't',
    ε: 'e',
    κ: 'k',
  }),
);

/**
 * What an edit adds that is the matter of a hard stop: a discount, a committed price, a change of a contract, a legal
 * commitment. What stood there before, word for word, is not added: the agent proposed it, and the guardrails let it
 * be asked. A sentence that names such a matter and was changed counts as added, even where it got milder.
 *
 * Looked at are values under keys that name a matter, and sentences that name one. This is a net, not a proof. It
 * reads English and the signs of currencies; it does not understand. It misses other languages, circumlocutions
 * ("the figure we spoke of, minus a tenth"), numbers in words, pictures and links, and it stops harmless sentences
 * ("no discounts, please"). What it stops is sent back to be proposed anew or done by a person; what it misses was
 * still written by somebody who may decide, is kept with its difference, and has to be signed.
 */
export function hardStopMatter(before: JsonObject, after: JsonObject): readonly Finding[] {
  const old = leavesOf(before);
  const values = new Map(old.map(({ path, value }) => [path, value]));
  const texts = old.map(({ value }) => value).filter((value) => typeof value === 'string');
  const sentences = new Set(texts.flatMap(sentencesOf));
  const keys = new Set(old.flatMap(({ keys: named }) => named.map(fold)));
  return leavesOf(after).flatMap((leaf) => {
    if (values.get(leaf.path) === leaf.value) return [];
    return [...inKeys(leaf), ...inNewKeys(leaf, keys), ...inText(leaf, sentences)];
  });
}

interface Leaf {
  readonly path: string;
  readonly keys: readonly string[];
  readonly value: string | number | boolean | null;
}

function leavesOf(value: JsonValue, path = '', keys: readonly string[] = []): readonly Leaf[] {
  if (isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}/${index}`, keys));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      leavesOf(item, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, [...keys, key]),
    );
  }
  return [{ path, keys, value }];
}

/** Nothing is said by an empty value under whatever key. */
const isEmpty = (value: Leaf['value']) => value === null || value === false || value === '' || value === 0;

function inKeys({ path, keys, value }: Leaf): readonly Finding[] {
  if (isEmpty(value)) return [];
  const words = new Set(keys.flatMap(wordsOfKey));
  const matter = HARD_STOP_MATTERS.find((one) => [...KEY_WORDS[one]].some((word) => words.has(word)));
  return matter === undefined ? [] : [{ matter, path, found: keys.join('.') }];
}

/** A key can say it all: `{"10% off": true}`. */
const inNewKeys = ({ path, keys, value }: Leaf, known: ReadonlySet<string>): readonly Finding[] =>
  isEmpty(value) ? [] : keys.filter((key) => !known.has(fold(key))).flatMap((key) => matterOf(fold(key), path));

function inText({ path, value }: Leaf, known: ReadonlySet<string>): readonly Finding[] {
  if (typeof value !== 'string') return [];
  return sentencesOf(value)
    .filter((sentence) => !known.has(sentence))
    .flatMap((sentence) => matterOf(sentence, path));
}

const matterOf = (text: string, path: string): readonly Finding[] =>
  HARD_STOP_MATTERS.filter((matter) => PHRASES[matter].some((phrase) => phrase.test(text))).map((matter) => ({
    matter,
    path,
    found: text,
  }));

const wordsOfKey = (key: string): readonly string[] =>
  key
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\d]/u)
    .map(fold);

const sentencesOf = (text: string): readonly string[] => text.split(/(?<=[.!?;])\s|\n/u).map(fold);

/** The same words however they are dressed up: case, width, accents, invisible signs, look-alikes, l e t t e r s apart. */
function fold(text: string): string {
  const bare = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (sign) => LOOK_ALIKES.get(sign) ?? sign);
  return bare
    .replace(/\b[a-z](?:[\s._*-][a-z]\b){3,}/g, (spaced) => {
      const joined = spaced.replace(/[\s._*-]/g, '');
      // The first letter may be a word of its own: "a d i s c o u n t".
      return `${joined} ${joined.slice(1)}`;
    })
    .replace(/\s+/gu, ' ')
    .trim();
}
