import type { JsonObject, JsonValue } from '../../../kernel/json.js';
import { reachesCustomer } from '../../guardrails/domain/index.js';
import type { Connector } from '../../policy/domain/index.js';

/** What stands between addresses in a text: spaces, brackets, quotes, and what separates the entries of a list. */
const BETWEEN = /[\s<>()[\]{},;:"?|]+/;
const AT_THE_EDGE = /^['.]+|['.!]+$/g;
/** No address is longer, and looking at longer words would take time without bounds. */
const LONGEST = 320;

/** What of an action tells whom it reaches. */
export interface Outgoing {
  readonly actionType: string;
  readonly connector: Connector;
  readonly payload: JsonObject;
}

/**
 * Every email address that stands in a payload, wherever in it, in lower case, each once; of an action that stays in
 * the house, none. Agents name their fields as they like, so no field is left out.
 */
export function addressesIn({ actionType, connector, payload }: Outgoing): readonly string[] {
  if (!reachesCustomer(actionType, connector)) return [];
  const addresses = new Set<string>();
  for (const text of textsIn(payload)) {
    // Stryker disable next-line ConditionalExpression,StringLiteral: a short cut
    if (!text.includes('@')) continue;
    // Whole as well: what separates entries may stand in an address too.
    for (const word of [text.trim(), ...text.split(BETWEEN)]) {
      // Stryker disable next-line StringLiteral: no address either
      const address = word.length > LONGEST ? '' : word.replace(AT_THE_EDGE, '').toLowerCase();
      if (/^[^\s@]+@[^\s@]+$/.test(address)) addresses.add(address);
    }
  }
  return [...addresses];
}

function* textsIn(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    yield key;
    yield* textsIn(item);
  }
}
