import { createHash } from 'node:crypto';
import type { ActionRow, Evidence } from './evidence.js';
import { GROUND } from './ground.js';
import type { Effect, Tries } from './ledger.js';
import type { Promised } from './promises.js';
import { RUNNING } from './running.js';
import { each, type Invariant, viewOf } from './view.js';
import { BRIEFINGS_AN_HOUR } from './world.js';

/** What must hold, over how many cases it was looked at, and where it does not. */
export interface Finding {
  readonly invariant: string;
  readonly promise: Promised | undefined;
  readonly cases: number;
  readonly violations: readonly string[];
}

/** Looks at everything that was acknowledged, arrived, is stored and was logged. */
export function judge(evidence: Evidence): readonly Finding[] {
  const view = viewOf(evidence);
  return INVARIANTS.map(({ says, promise, look }) => ({ invariant: says, promise, ...look(view) }));
}

/** What somebody tried who must not succeed. */
const refused = (promise: Promised, says: string, tries: (evidence: Evidence) => Tries): Invariant => ({
  says,
  promise,
  look: (view) => ({ cases: tries(view).sent, violations: tries(view).accepted }),
});

export const INVARIANTS: readonly Invariant[] = [
  each(
    'payload',
    'what arrived is what is stored and what was signed, byte for byte',
    ({ ledger }) => ledger.effects,
    (effect, { byId }) => (isAsSigned(effect, byId.get(effect.actionId)) ? undefined : JSON.stringify(effect)),
  ),
  each(
    'edit',
    'what was edited arrived as it was edited',
    ({ ledger }) => [...ledger.edits].filter(([id]) => ledger.effects.some(({ actionId }) => actionId === id)),
    ([id, texts], { effectsOf }) => {
      const canonical = effectsOf.get(id)?.[0]?.canonical ?? '';
      return [...texts].some((text) => canonical.includes(JSON.stringify(text))) ? undefined : `${id}: ${canonical}`;
    },
  ),
  ...GROUND,
  each(
    'race',
    'what was decided is stored and logged as it was decided, once',
    ({ ledger }) => ledger.decided,
    ([id, verdicts], { approvals, log }) => {
      const [verdict = ''] = verdicts;
      const status = approvals.find((approval) => approval.id === id)?.status ?? 'nothing';
      const later = verdict === 'APPROVED' ? ['approved', 'invalidated', 'expired'] : ['rejected'];
      const logged = log.filter(
        ({ type, data }) => data.approvalId === id && type === `approval.${verdict.toLowerCase()}`,
      );
      if (verdicts.size === 1 && later.includes(status) && logged.length === 1) return undefined;
      return `${id}: acknowledged ${[...verdicts].join(' and ')}, stored ${status}, logged ${logged.length} times`;
    },
  ),
  each(
    'self',
    'nobody signed what they proposed',
    ({ log }) => log.filter(({ type }) => type === 'approval.approved' || type === 'approval.voted'),
    ({ subjectId, actor }, { byId }) =>
      byId.get(subjectId)?.proposedBy === actor ? `${subjectId}: ${actor}` : undefined,
  ),
  refused('self', 'whoever tried to sign their own was refused', ({ ledger }) => ledger.own),
  each(
    'key',
    'what was proposed is stored once and logged',
    ({ ledger }) => ledger.proposed,
    ([key, ids], { byId, typesOf }) => {
      const [id = ''] = ids;
      const isSo = ids.size === 1 && byId.get(id)?.idempotencyKey === key && typesOf(id).length > 0;
      return isSo ? undefined : `${key}: acknowledged as ${[...ids].join(' and ')}, stored as ${byId.get(id)?.id}`;
    },
  ),
  refused('key', 'a key that came again with another body was refused', ({ ledger }) => ledger.otherBody),
  refused('name', 'a name that only looks like a type was refused', ({ ledger }) => ledger.lookAlike),
  each(
    'silence',
    'what ran out names nobody, and was neither approved nor started afterwards',
    ({ log }) => log.filter(({ type }) => type === 'approval.expired'),
    ({ subjectId, data }, { approvals, typesOf }) => {
      const decidedBy = approvals.find(({ id }) => id === data.approvalId)?.decidedBy ?? null;
      const types = typesOf(subjectId);
      const later = types.slice(types.indexOf('approval.expired') + 1);
      const isOver = !later.includes('approval.approved') && !later.includes('action.claimed');
      return decidedBy === null && isOver ? undefined : `${subjectId}: by ${decidedBy}, then ${later.join(', ')}`;
    },
  ),
  each(
    'silence',
    'what was rejected, ran out, was withdrawn or is a hard stop had no effect',
    ({ actions }) => actions.filter(({ status }) => UNDONE.has(status)),
    ({ id, status }, { effectsOf }) => (effectsOf.has(id) ? `${id}: ${status}, and happened` : undefined),
  ),
  ...RUNNING,
  each(
    'budget',
    'no budget is exceeded, and its count is right',
    ({ budgets }) => budgets,
    ({ window, held, used }) =>
      held === used && used <= BRIEFINGS_AN_HOUR ? undefined : `${window}: ${held} hold a place, ${used} are counted`,
  ),
  each(
    'shutdown',
    'a server that is told to stop ends by itself and in order',
    ({ ledger }) => ledger.stops,
    (code) => (code === 0 ? undefined : `ended with ${code}`),
  ),
  {
    says: 'the chained log verifies',
    promise: 'chain',
    look: ({ verification: { ok, complete, eventsChecked, problems } }) => ({
      cases: eventsChecked,
      violations: ok && complete && eventsChecked > 0 ? [] : [JSON.stringify(problems ?? 'not verified')],
    }),
  },
  {
    says: 'no refusal that nobody expects',
    promise: undefined,
    look: ({ ledger }) => ({ cases: 1, violations: [...new Set(ledger.surprises)] }),
  },
];

const UNDONE: ReadonlySet<string> = new Set([
  'rejected',
  'expired',
  'invalidated',
  'cancelled',
  'blocked',
  'pending_approval',
]);

/** Byte for byte, or as the email that the server makes of it. */
function isAsSigned({ canonical, email }: Effect, action: ActionRow | undefined): boolean {
  if (!action) return false;
  const { digest, signed, idempotencyKey } = action;
  const stored = createHash('sha256').update(action.canonical, 'utf8').digest('hex');
  const isStored = stored === digest && (signed ?? digest) === digest;
  if (email === undefined) return isStored && canonical === action.canonical;
  return (
    isStored &&
    email.includes(`<${action.id}.${digest.slice(0, 16)}@`) &&
    email.includes(`Subject: ${idempotencyKey}\r\n`) &&
    email.includes(`Dear Kim, this is ${idempotencyKey}.`)
  );
}
