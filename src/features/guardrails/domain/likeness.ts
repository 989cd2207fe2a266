import { isBuiltIn } from './registry.js';
import { RESTRICTION_REASONS } from './restrictions.js';

/** So many letters apart, one type can be mistaken for the other. */
const ALIKE = 2;

/**
 * The built-in type that needs a person and that this one could be mistaken for, or slipped in for; undefined: none.
 * A type like that never runs alone, whatever a policy says.
 */
export function restrictedLookAlike(actionType: string): string | undefined {
  if (isBuiltIn(actionType)) return undefined;
  return [...RESTRICTION_REASONS.keys()].find((restricted) => editDistance(actionType, restricted, ALIKE) <= ALIKE);
}

/** The word of `known` that is fewest letters away, if it is near enough to have been meant. */
export function nearestWord(word: string, known: readonly string[], most = ALIKE): string | undefined {
  let nearest: string | undefined;
  let distance = most + 1;
  for (const candidate of known) {
    // Stryker disable next-line ArithmeticOperator: a higher bound only counts on where nothing is to be found
    const apart = editDistance(word, candidate, distance - 1);
    if (apart < distance) [nearest, distance] = [candidate, apart];
  }
  return nearest;
}

/** How many letters have to be put in, left out or changed; where it is more than `most`, some number above that. */
function editDistance(one: string, other: string, most: number): number {
  // Stryker disable next-line ConditionalExpression: a short cut, for long texts
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      current.push(
        Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + change),
      );
    }
    // Stryker disable next-line ConditionalExpression: a short cut, for long texts
    if (Math.min(...current) > most) return most + 1;
    previous = current;
  }
  return previous[other.length] ?? 0;
}
