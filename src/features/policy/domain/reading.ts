import type { ValidationIssue } from '../../../kernel/errors.js';
import { nearestWord, quote } from '../../guardrails/domain/index.js';

/** Where in an untrusted document something stands, and where what is wrong with it is written down. */
export class Place {
  constructor(
    readonly path: readonly (string | number)[],
    readonly issues: ValidationIssue[],
  ) {}

  at(key: string | number): Place {
    return new Place([...this.path, key], this.issues);
  }

  /** Notes what is wrong; gives undefined, so that reading can go on and find the rest. */
  refuse(message: string): undefined {
    this.issues.push({ path: this.path, message });
    return undefined;
  }
}

/** The fields of an object; a key that is not known is refused. Null stands for a field that was left out. */
export function readFields<Key extends string>(
  place: Place,
  raw: unknown,
  known: readonly Key[],
): Readonly<Partial<Record<Key, unknown>>> {
  const fields: Partial<Record<Key, unknown>> = {};
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    place.refuse(`expected an object; got ${show(raw)}.`);
    return fields;
  }
  const isKnown = (key: string): key is Key => known.some((name) => name === key);
  for (const [key, value] of Object.entries(raw)) {
    if (isKnown(key)) {
      if (value !== null && value !== undefined) fields[key] = value;
    } else place.at(key).refuse(`there is no such field.${meant(key, known)} Known are ${known.join(', ')}.`);
  }
  return fields;
}

/** One of a closed list of words, spelt exactly so. */
export function readWord<Word extends string>(place: Place, raw: unknown, words: readonly Word[]): Word | undefined {
  if (raw === undefined) return undefined;
  const found = words.find((word) => word === raw);
  if (found !== undefined) return found;
  const hint = typeof raw === 'string' ? meant(raw.toLowerCase(), words) : '';
  return place.refuse(`expected one of ${words.join(', ')}; got ${show(raw)}.${hint}`);
}

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
}

export function readNumber(place: Place, raw: unknown, { least, most, isWhole = false }: Range): number | undefined {
  if (raw === undefined) return undefined;
  if (typeof raw === 'number' && raw >= least && raw <= most && (!isWhole || Number.isInteger(raw))) return raw;
  return place.refuse(`expected a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}; got ${show(raw)}.`);
}

/** Text for people: trimmed, not empty, well-formed, without NUL. */
export function readText(place: Place, raw: unknown, most: number): string | undefined {
  if (raw === undefined) return undefined;
  const text = typeof raw === 'string' ? raw.trim() : '';
  if (text !== '' && text.length <= most && text.isWellFormed() && !text.includes('\u0000')) return text;
  return place.refuse(`expected plain Unicode text of 1 to ${most} characters; got ${show(raw)}.`);
}

/** Reads each of a list; what is refused is left out. */
export function readList<Item>(
  place: Place,
  raw: unknown,
  { least, most }: Range,
  read: (place: Place, raw: unknown) => Item | undefined,
): readonly Item[] {
  if (!Array.isArray(raw)) {
    place.refuse(`expected a list; got ${show(raw)}.`);
    return [];
  }
  if (raw.length < least || raw.length > most) {
    place.refuse(`expected ${least} to ${most} entries; got ${raw.length}.`);
    return [];
  }
  return raw.map((item, index) => read(place.at(index), item ?? null)).filter((item) => item !== undefined);
}

/** Refuses what stands there a second time. */
export function refuseRepeated<Item>(place: Place, items: readonly Item[], keyOf: (item: Item) => string): void {
  const seen = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (seen.has(key)) place.refuse(`expected each only once; ${quote(key)} stands there again.`);
    seen.add(key);
  }
}

/** A hint at the word that was probably meant. */
export function meant(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}

export function show(raw: unknown): string {
  if (typeof raw === 'string') return quote(raw);
  if (Array.isArray(raw)) return 'a list';
  return typeof raw === 'object' && raw !== null ? 'an object' : String(raw);
}
