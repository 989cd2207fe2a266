import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/features/autonomy/domain/action.js';
import { requireAsSigned } from '../../src/features/autonomy/domain/as-signed.js';
import { sha256 } from '../../src/features/autonomy/domain/canonical.js';
import { DomainError } from '../../src/kernel/errors.js';
import {
  otherBytes,
  otherDigests,
  otherFields,
  otherPayloads,
  otherSpellings,
  type Stored,
  signedActions,
  type Tampering,
} from './tampering.js';

const SEED = 20_260_302;
const UNTOUCHED: Omit<Action, keyof Stored> = {
  id: '019f0000-0000-7000-8000-000000000001',
  tier: 'approval_required',
  reason: 'approval_required',
  explanation: null,
  status: 'approved',
  dealStage: null,
  facts: { dealStage: null, givenStage: null, contactTitles: [], optedOut: false },
  rationale: null,
  idempotencyKey: 'key',
  requestDigest: '',
  proposedBy: 'agent-one',
  proposedByRoot: 'agent-one',
  proposedAt: new Date(0),
  updatedAt: new Date(0),
  claimedBy: null,
  claimedAt: null,
  claimKey: null,
  leaseEpoch: 0,
  leaseUntil: null,
  finishedAt: null,
  outcome: null,
  failure: null,
  endedReason: null,
  attempts: 0,
  nextAttemptAt: null,
  budgets: [],
};

/** Whether it would be handed out; a refusal must be the one that says what is wrong. */
function runs(stored: Stored, signed: string): boolean {
  try {
    requireAsSigned({ ...UNTOUCHED, ...stored }, signed);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'DIGEST_MISMATCH') return false;
    throw error;
  }
}

const SIGNED_FIELDS = [
  ...(['tenantId', 'actionType', 'accountId', 'dealId', 'cloneId', 'contactId', 'connector'] as const),
  ...(['policyVersion', 'revision'] as const),
] as const;
const isSame = (one: Stored, other: Stored): boolean =>
  one.canonical === other.canonical &&
  one.digest === other.digest &&
  SIGNED_FIELDS.every((field) => one[field] === other[field]);

describe('an action that was changed after it was signed', () => {
  const actions = signedActions(SEED, 30);

  test('is handed out when nothing was changed', () => {
    expect(actions.filter((stored) => !runs(stored, stored.digest))).toEqual([]);
  });

  test('is never handed out, whatever was changed', { timeout: 120_000 }, () => {
    const tried = new Map<string, number>();
    const through: Tampering[] = [];
    for (const stored of actions) {
      const ways = [otherFields, otherBytes, otherDigests, otherPayloads, otherSpellings];
      for (const tampering of ways.flatMap((way) => [...way(stored)])) {
        if (isSame(tampering.stored, stored)) continue;
        tried.set(tampering.what, (tried.get(tampering.what) ?? 0) + 1);
        if (runs(tampering.stored, stored.digest)) through.push(tampering);
      }
    }
    const total = [...tried.values()].reduce((sum, count) => sum + count, 0);
    console.log(`tampering: ${total} (${[...tried].map(([what, count]) => `${what} ${count}`).join(', ')})`);
    expect(through).toEqual([]);
    expect(total).toBeGreaterThan(100_000);
    expect([...tried.keys()].sort()).toMatchInlineSnapshot(`
      [
        "a bit of the text",
        "a byte less",
        "a byte more",
        "a digit of the digest",
        "a space more",
        "accountId",
        "actionType",
        "another spelling",
        "cloneId",
        "connector",
        "contactId",
        "dealId",
        "policyVersion",
        "revision",
        "tenantId",
        "the case of the digest",
        "the payload",
        "the payload and the digest",
        "two bytes swapped",
      ]
    `);
  });

  test('is not handed out when every digest was made again for a text that is not the canonical one of its fields', () => {
    let tried = 0;
    for (const stored of actions) {
      for (const tampering of [...otherFields(stored), ...otherSpellings(stored)]) {
        const digest = sha256(tampering.stored.canonical);
        if (isSame(tampering.stored, stored)) continue;
        expect([tampering.what, runs({ ...tampering.stored, digest }, digest)]).toEqual([tampering.what, false]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });
});
