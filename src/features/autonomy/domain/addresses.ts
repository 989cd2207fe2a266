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
  for (const text of [...textsIn(payload)].flatMap(formsOf)) {
    // Stryker disable next-line ConditionalExpression,StringLiteral: a short cut
    if (!text.includes('@')) continue;
    // Whole as well: what separates entries may stand in an address too.
    for (const word of [text.trim(), ...text.split(BETWEEN)]) {
      // Stryker disable next-line StringLiteral: no address either
      const address = word.length > LONGEST ? '' : word.replace(AT_THE_EDGE, '').toLowerCase();
      if (!/^[^\s@]+@[^\s@]+$/.test(address)) continue;
      for (const form of mailboxOf(address)) addresses.add(form);
    }
  }
  return [...addresses];
}

/** The text as it stands, and as mail programs would read it: no unseen signs, plain letters and dots, `%40` as `@`. */
function formsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u3002\uFF61]/g, '.')
    .replace(/%40/g, '@');
  return plain === text ? [text] : [text, plain];
}

/** The address, and those of the same mailbox: without what stands behind a `+`, its host up to what no host has. */
function mailboxOf(address: string): readonly string[] {
  const at = address.indexOf('@');
  const [local, host] = [address.slice(0, at), address.slice(at + 1)];
  const box = local.replace(/(?<=.)\+.*$/, '');
  const domain = host.replace(/[^\p{L}\p{N}.-].*$/u, '').replace(/\.+$/, '');
  const others = domain === '' ? [] : [`${local}@${domain}`, `${box}@${domain}`];
  return [address, ...others];
}

function* textsIn(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    yield key;
    yield* textsIn(item);
  }
}
