import type { Check } from './values.js';

/** What a caller says about the fields: left out (undefined) stays as it is, null empties. */
export type Draft<Fields> = { readonly [Key in keyof Fields]?: Fields[Key] | null };

/** One broken rule. */
export interface FieldIssue {
  /** The field as the caller knows it. */
  readonly field: string;
  /** What was expected and what came. */
  readonly message: string;
}

/** All fields of a record as they should be now, or why not. */
export type Change<Fields> = { readonly fields: Fields } | { readonly issues: readonly FieldIssue[] };

/** What a field may hold. */
export interface FieldRule<Value> {
  readonly check: Check<NonNullable<Value>>;
  /** What stands there when nothing is given; a rule without it makes the field necessary. */
  readonly empty?: Value;
}
export type FieldRules<Fields> = { readonly [Key in keyof Fields]: FieldRule<Fields[Key]> };

export const needed = <Value>(check: Check<NonNullable<Value>>): FieldRule<Value> => ({ check });
export const optional = <Value>(check: Check<NonNullable<Value>>): FieldRule<Value | null> => ({ check, empty: null });
export const withDefault = <Value>(check: Check<NonNullable<Value>>, empty: NoInfer<Value>): FieldRule<Value> => ({
  check,
  empty,
});

/** @param stored the fields as they are now; undefined for a new record */
export function applyDraft<Fields extends object>(
  rules: FieldRules<Fields>,
  stored: Fields | undefined,
  draft: Draft<Fields>,
): Change<Fields> {
  const fields: Partial<Fields> = {};
  const issues: FieldIssue[] = [];
  for (const key of Object.keys(rules) as (keyof Fields & string)[]) {
    const rule = rules[key];
    const given = draft[key];
    if (given === undefined && stored) {
      fields[key] = stored[key];
    } else if (given !== undefined && given !== null) {
      const checked = rule.check(given);
      if ('value' in checked) fields[key] = checked.value;
      else issues.push({ field: key, message: `expected ${checked.expected}; got ${show(given)}` });
    } else if ('empty' in rule) {
      fields[key] = rule.empty;
    } else {
      issues.push({ field: key, message: `expected a value: every record of this kind has one; got ${show(given)}` });
    }
  }
  return issues.length > 0 ? { issues } : { fields: fields as Fields };
}

/** Both parts of a record's fields, or the issues of both. */
export function join<A extends object, B extends object>(a: Change<A>, b: Change<B>): Change<A & B> {
  if ('fields' in a && 'fields' in b) return { fields: { ...a.fields, ...b.fields } };
  return { issues: [a, b].flatMap((change) => ('issues' in change ? change.issues : [])) };
}

/** Whether recording `next` over `stored` would change nothing. Compares the fields of `next` only. */
export const isSame = <Fields extends object>(stored: Fields, next: Fields): boolean =>
  (Object.keys(next) as (keyof Fields)[]).every((key) => comparable(stored[key]) === comparable(next[key]));

/** Those of the fields that differ. */
export const movedFields = <Fields extends object>(
  fields: readonly (keyof Fields & string)[],
  stored: Fields,
  next: Fields,
): (keyof Fields & string)[] => fields.filter((field) => comparable(stored[field]) !== comparable(next[field]));

const comparable = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

const SHOWN = 60;

/** A refused value as messages show it. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' && value.length > SHOWN) return `${value.length} characters`;
  return JSON.stringify(value);
}
