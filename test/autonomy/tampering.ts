import fc from 'fast-check';
import type { Action } from '../../src/features/autonomy/domain/action.js';
import { canonicalAction, type SignedContent } from '../../src/features/autonomy/domain/canonical.js';
import { CONNECTORS } from '../../src/features/policy/index.js';
import type { JsonObject, JsonValue } from '../../src/kernel/json.js';
import { APPROVAL_REQUIRED, AUTONOMOUS } from '../guardrails/rules-as-agreed.js';

/** What can be changed behind the back of who signed. */
export type Stored = SignedContent & Pick<Action, 'canonical' | 'digest' | 'connector'>;

/** One way to change it. */
export interface Tampering {
  readonly what: string;
  readonly stored: Stored;
}

const id = fc.uuid({ version: 7 });
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('Dear Kim', '1', 'true', 'null', ''),
);
const { payload: anyPayload } = fc.letrec<{ value: JsonValue; payload: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('payload'),
  ),
  payload: fc.dictionary(fc.stringMatching(/^[a-zA-Z0-9 äß]{1,12}$/), tie('value'), {
    minKeys: 2,
    maxKeys: 6,
    noNullPrototype: true,
  }),
}));

/** Signed actions of every shape, always the same for one seed. */
export const signedActions = (seed: number, count: number): Stored[] =>
  fc
    .sample(
      fc.record({
        tenantId: id,
        actionType: fc.constantFrom(...AUTONOMOUS, ...APPROVAL_REQUIRED, 'send_gift'),
        accountId: fc.option(id),
        dealId: fc.option(id),
        cloneId: fc.option(id),
        contactId: fc.option(id),
        connector: fc.constantFrom(...CONNECTORS),
        policyVersion: fc.nat(50),
        revision: fc.nat(3),
        payload: anyPayload,
      }),
      { seed, numRuns: count },
    )
    .map((content) => ({ ...content, ...canonicalAction(content) }));

/** Every field of the action set to something else, the text and its digest left as they were. */
export function* otherFields(stored: Stored): Generator<Tampering> {
  const others: { readonly [Field in keyof SignedContent]?: readonly SignedContent[Field][] } = {
    tenantId: ['019f0000-0000-7000-8000-000000000000', stored.tenantId.toUpperCase(), ''],
    actionType: [
      ...AUTONOMOUS,
      ...APPROVAL_REQUIRED,
      'commit_pricing',
      `${stored.actionType} `,
      stored.actionType.toUpperCase(),
    ],
    connector: CONNECTORS,
    revision: [stored.revision + 1, stored.revision - 1, 0],
    policyVersion: [stored.policyVersion + 1, stored.policyVersion - 1, -stored.policyVersion, 0],
  };
  for (const [field, values] of Object.entries(others)) {
    for (const value of values) yield { what: field, stored: { ...stored, [field]: value } };
  }
  for (const field of ['accountId', 'dealId', 'cloneId', 'contactId'] as const) {
    for (const value of [
      null,
      '019f0000-0000-7000-8000-000000000000',
      stored.tenantId,
      stored.accountId,
      stored.dealId,
    ])
      yield { what: field, stored: { ...stored, [field]: value } };
  }
}

/** Every bit of the text flipped, every byte left out, doubled, or swapped with the next. */
export function* otherBytes(stored: Stored): Generator<Tampering> {
  const bytes = Buffer.from(stored.canonical, 'utf8');
  const spliced = (at: number, removed: number, ...put: number[]) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + removed)]).toString('utf8');
  for (const [at, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit += 1)
      yield { what: 'a bit of the text', stored: { ...stored, canonical: spliced(at, 1, byte ^ (1 << bit)) } };
    yield { what: 'a byte less', stored: { ...stored, canonical: spliced(at, 1) } };
    yield { what: 'a byte more', stored: { ...stored, canonical: spliced(at, 1, byte, byte) } };
    yield { what: 'a space more', stored: { ...stored, canonical: spliced(at, 0, 0x20) } };
    const next = bytes[at + 1];
    if (next !== undefined)
      yield { what: 'two bytes swapped', stored: { ...stored, canonical: spliced(at, 2, next, byte) } };
  }
}

/** Every digit of the digest changed. */
export function* otherDigests(stored: Stored): Generator<Tampering> {
  for (let at = 0; at < stored.digest.length; at += 1) {
    for (const digit of '0123456789abcdef') {
      const digest = stored.digest.slice(0, at) + digit + stored.digest.slice(at + 1);
      yield { what: 'a digit of the digest', stored: { ...stored, digest } };
    }
  }
  yield { what: 'the case of the digest', stored: { ...stored, digest: stored.digest.toUpperCase() } };
}

/** The payload changed at every depth, by somebody who knows how the text and its digest are made. */
export function* otherPayloads(stored: Stored): Generator<Tampering> {
  for (const payload of changes(stored.payload)) {
    // The root stays an object, as the server would insist.
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) continue;
    const changed = { ...stored, payload: payload as JsonObject };
    const { canonical: _text, digest: _digest, ...content } = changed;
    const { canonical, digest } = canonicalAction(content);
    yield { what: 'the payload', stored: { ...changed, canonical } };
    yield { what: 'the payload and the digest', stored: { ...changed, canonical, digest } };
  }
}

function* changes(value: JsonValue): Generator<JsonValue> {
  yield* [null, true, false, 0, '', 'evil', [], {}, [value], { value }, JSON.stringify(value)];
  if (typeof value === 'number') yield* [value + 1, -value, value / 3];
  if (typeof value === 'string') yield* [`${value} `, value.toUpperCase(), value.normalize('NFD'), `${value}\u200b`];
  if (Array.isArray(value)) {
    yield* [[...value, null], [...value].reverse(), value.slice(1), [...value, ...value]];
    for (const [at, item] of value.entries()) for (const other of changes(item)) yield value.with(at, other);
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value as JsonObject);
    yield { ...value, evil: true };
    for (const [key, item] of members) {
      const rest = Object.fromEntries(members.filter(([other]) => other !== key));
      yield* [rest, { ...rest, [`${key} `]: item }, { ...rest, [key.toUpperCase()]: item, evil: 1 }];
      for (const other of changes(item)) yield { ...value, [key]: other };
    }
  }
}

/** The same content in other words: what parses alike and is not the text that was shown. */
export function* otherSpellings({ canonical, ...stored }: Stored): Generator<Tampering> {
  const parsed = JSON.parse(canonical) as JsonObject;
  const spellings = [
    JSON.stringify(parsed, null, 1),
    JSON.stringify(Object.fromEntries(Object.entries(parsed).reverse())),
    canonical.replace('"payload":', '"payload":{"evil":true},"payload":'),
    canonical.replace('"payload":', '"note":"evil","payload":'),
    canonical.replace('"actionType"', '"\\u0061ctionType"'),
    canonical.replace('countersign.action.v', 'countersign.action.w'),
    canonical.replace(/"policyVersion":(\d+)/, '"policyVersion":$1.0'),
    canonical.replace(/"policyVersion":(\d+)/, '"policyVersion":$1e0'),
    ` ${canonical}`,
    `${canonical}\n`,
    `\ufeff${canonical}`,
  ];
  for (const spelling of spellings) yield { what: 'another spelling', stored: { ...stored, canonical: spelling } };
}
