import { each, type Invariant, type View } from './view.js';

/** What holds at each start of an action, whatever was signed before: the policy, the deal, the pause of that moment. */
export const GROUND: readonly Invariant[] = [
  each(
    'ground',
    'nothing started alone that the policy then in force gave to a person',
    ({ claims }) => claims.filter(({ approvedAt }) => approvedAt === undefined),
    ({ action: { id, actionType }, at }, view) => {
      const rule = policyAt(view, at)?.document.rules?.[actionType];
      return rule?.tier === 'approval_required' ? `${id}: ${actionType} at ${at.toISOString()}` : undefined;
    },
  ),
  each(
    'ground',
    'what was signed under another policy than the one in force did not start',
    ({ claims }) => claims.filter(({ approvedAt }) => approvedAt !== undefined),
    ({ action: { id, policyVersion }, at }, view) => {
      const inForce = policyAt(view, at)?.version;
      return inForce === policyVersion ? undefined : `${id}: signed under ${policyVersion}, started under ${inForce}`;
    },
  ),
  each(
    'ground',
    'nothing started on a deal that had left the early stages, unless it was signed since',
    ({ claims }) => claims.filter(({ action }) => action.dealId !== null),
    ({ action: { id, dealId }, at, approvedAt }, { ledger }) => {
      const moved = ledger.dealMoves.find(
        (move) =>
          move.dealId === dealId &&
          at.getTime() > move.acknowledgedAt &&
          (approvedAt === undefined || approvedAt.getTime() < move.sentAt),
      );
      return moved && `${id}: started at ${at.toISOString()}`;
    },
  ),
  each(
    'pause',
    'nothing started while autonomy was paused',
    ({ pauses }) => pauses,
    ({ from, to }, { claims }) => {
      const started = claims.filter(({ at }) => at > from && (to === null || at < to));
      if (started.length === 0) return undefined;
      return `from ${from.toISOString()}: ${started.map(({ action }) => action.id).join(', ')}`;
    },
  ),
];

/** Whoever starts an action, and whoever changes the policy, hold the same row: the order of their times is the truth. */
const policyAt = ({ policies }: View, at: Date) => policies.findLast(({ createdAt }) => createdAt <= at);
