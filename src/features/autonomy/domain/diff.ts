import type { JsonObject, JsonValue } from '../../../kernel/json.js';

/** One difference, in the manner of RFC 6902: what stood at a JSON Pointer before, and what stands there now. */
export type Change = JsonObject & {
  readonly op: 'add' | 'remove' | 'replace';
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  /** Null for what was added; `op` tells it from a null that stood there. */
  readonly before: JsonValue;
  /** Null for what was removed. */
  readonly after: JsonValue;
};

/**
 * What changed between two values, in the order of the keys: objects key by key, arrays place by place, so that
 * something put in front shows as a change of every place behind. Nothing that is equal is told.
 */
export function diff(before: JsonValue, after: JsonValue, path = ''): readonly Change[] {
  if (before === after) return [];
  if (isArray(before) && isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      compare(before[index], after[index], `${path}/${index}`),
    ).flat();
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compare(own(before, key), own(after, key), `${path}/${escapeKey(key)}`));
  }
  return [{ op: 'replace', path, before, after }];
}

function compare(before: JsonValue | undefined, after: JsonValue | undefined, path: string): readonly Change[] {
  if (before === undefined) return after === undefined ? [] : [{ op: 'add', path, before: null, after }];
  if (after === undefined) return [{ op: 'remove', path, before, after: null }];
  return diff(before, after, path);
}

/** Never what every object inherits. */
const own = (object: JsonObject, key: string): JsonValue | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

export const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
export const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
