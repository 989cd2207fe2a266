import { invalid } from '../../../kernel/errors.js';

const GRAMMAR = /^[a-z][a-z0-9_]{0,63}$/;
const QUOTE_LIMIT = 80;

/**
 * Reads an action type off untrusted input. A type that passes may still be unknown to the registry; that is for
 * the check to say.
 *
 * Nothing is trimmed, lower-cased or mapped to a look-alike: a spelling that was corrected on the way in would let
 * two different strings stand for one decision.
 *
 * @param path of the argument, starting with its name.
 * @returns `raw`, unchanged.
 * @throws VALIDATION_FAILED when `raw` is not a lower-case ASCII letter followed by at most 63 lower-case ASCII
 *   letters, digits or underscores.
 */
export function parseActionType(raw: string, path: readonly (string | number)[]): string {
  if (GRAMMAR.test(raw)) return raw;
  throw invalid(
    path,
    'expected an action type: a lower-case letter a-z, then at most 63 lower-case letters a-z, digits or underscores; ' +
      `got ${quote(raw)}. Send the exact name of the type; no spelling is corrected.`,
  );
}

/**
 * Text from outside, safe to show in a message: printable ASCII only, everything else as a JSON escape (so that a
 * look-alike or invisible letter becomes visible), and no more than 80 characters between the quotes.
 */
export function quote(raw: string): string {
  let quoted = '';
  // Stryker disable next-line MethodExpression: without the slice the same comes out, only later
  for (const unit of raw.slice(0, QUOTE_LIMIT).split('')) {
    const escaped = escapeUnit(unit);
    if (quoted.length + escaped.length > QUOTE_LIMIT) return cut(quoted, raw.length);
    quoted += escaped;
  }
  return raw.length > QUOTE_LIMIT ? cut(quoted, raw.length) : `"${quoted}"`;
}

const cut = (quoted: string, length: number): string => `"${quoted}..." (${length} characters)`;

/** @param unit one UTF-16 code unit; half of a surrogate pair is escaped on its own, as JSON does. */
function escapeUnit(unit: string): string {
  if (unit > '\x7e') return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(unit).slice(1, -1);
}
