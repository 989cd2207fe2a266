import { walk } from './histories.js';
import { each, type Invariant } from './view.js';

/** What crashes, frozen holders and broken connections must not do to actions that run. */
export const RUNNING: readonly Invariant[] = [
  each(
    'between',
    'an effect happens at most once',
    ({ effectsOf }) => effectsOf,
    ([id, effects]) => (effects.length === 1 ? undefined : `${id}: ${effects.length} effects`),
  ),
  each(
    'between',
    'what is stored as executed has happened',
    ({ actions }) => actions.filter(({ status, connector }) => status === 'executed' && connector !== 'built_in'),
    ({ id }, { effectsOf }) => (effectsOf.has(id) ? undefined : `${id}: nothing arrived`),
  ),
  each(
    'between',
    'what a connector calls failed has not happened',
    ({ actions }) => actions.filter(({ status, connector }) => status === 'failed' && connector !== 'agent'),
    ({ id }, { effectsOf }) => (effectsOf.has(id) ? `${id}: failed, and happened` : undefined),
  ),
  each(
    'between',
    'what has happened does not wait to happen again, but where the receiver knows it',
    ({ effectsOf }) => effectsOf.keys(),
    (id, { byId }) => {
      const { status = '', connector = '' } = byId.get(id) ?? {};
      const waits = status === 'allowed' || status === 'approved';
      return waits && connector !== 'webhook' ? `${id}: ${status}` : undefined;
    },
  ),
  each(
    'between',
    'what the server does in its own data is done exactly once, when it is executed',
    ({ actions }) => actions.filter(({ connector }) => connector === 'built_in'),
    ({ id, status, interactions }) =>
      interactions === (status === 'executed' ? 1 : 0) ? undefined : `${id}: ${status}, done ${interactions} times`,
  ),
  each(
    'crash',
    'an effect was allowed or approved, then claimed, before it happened',
    ({ effectsOf }) => effectsOf.keys(),
    (id, { typesOf }) => {
      const types = typesOf(id);
      const cleared = types.findIndex((type) => type === 'action.allowed' || type === 'approval.approved');
      return cleared !== -1 && types.indexOf('action.claimed') > cleared ? undefined : `${id}: ${types.join(', ')}`;
    },
  ),
  each(
    'crash',
    'what was reported is stored as it was reported',
    ({ ledger }) => ledger.reports,
    ({ actionId, leaseEpoch, status }, { byId }) => {
      const action = byId.get(actionId);
      const isSo = action?.status === status.toLowerCase() && action.leaseEpoch === leaseEpoch;
      return isSo
        ? undefined
        : `${actionId}: reported ${status} in ${leaseEpoch}, is ${action?.status} in ${action?.leaseEpoch}`;
    },
  ),
  each(
    'crash',
    'only allowed steps are in the log, and they lead to what is stored',
    ({ histories }) => histories,
    ([id, events], { byId, typesOf }) => {
      const { state, illegal } = walk(events);
      const stored = byId.get(id)?.status;
      return illegal.length === 0 && state === stored
        ? undefined
        : `${id}: ${illegal.join('; ')}; logged ${state}, stored ${stored}: ${typesOf(id).join(', ')}`;
    },
  ),
  each(
    'crash',
    'every stored action has its history',
    ({ actions }) => actions,
    ({ id }, { histories }) => (histories.has(id) ? undefined : `${id}: none`),
  ),
  each(
    'crash',
    'nothing waits for its connector without a job',
    ({ actions }) => actions.filter(({ connector }) => connector !== 'agent'),
    ({ id, status, hasJob }) =>
      (status === 'allowed' || status === 'approved') && !hasJob ? `${id}: ${status}` : undefined,
  ),
  each(
    'lease',
    'one holder for each claim',
    ({ ledger }) => ledger.claims,
    ([claim, holders]) => (holders.length === 1 ? undefined : `${claim}: ${holders.join(' and ')}`),
  ),
  each(
    'lease',
    'each epoch was claimed once and none is left out',
    ({ histories }) => histories,
    ([id, events], { byId }) => {
      // Where others than the holder end a claim, its epoch ends too.
      const raising = events.filter(
        ({ type, actor }) =>
          type === 'action.claimed' ||
          type === 'action.reconciled' ||
          (type === 'action.outcome_unknown' && actor === 'system:leases'),
      );
      const isSo = raising.every(({ type, data }, at) => type !== 'action.claimed' || data.leaseEpoch === at + 1);
      const claims = raising.map(({ type, data }) => `${type} ${data.leaseEpoch}`).join(', ');
      const stored = byId.get(id)?.leaseEpoch;
      return isSo && stored === raising.length ? undefined : `${id}: ${claims}, stored ${stored}`;
    },
  ),
  {
    says: 'no report is taken after the claim has run out',
    promise: 'lease',
    look: ({ ledger: { late } }) => ({ cases: late.sent, violations: late.accepted }),
  },
  each(
    'lease',
    'no claim outlives its time',
    ({ actions }) => actions,
    ({ id, status, isLate }) => (status === 'executing' && isLate ? id : undefined),
  ),
  each(
    'database',
    'each subscriber saw every change once and in order',
    ({ ledger }) => ledger.seen,
    // From its first event to the end of the log.
    (seen, { cursors }) => {
      const expected = seen[0] === undefined ? [] : cursors.slice(cursors.indexOf(seen[0]));
      const gone = expected.findIndex((cursor, place) => seen[place] !== cursor);
      if (expected.length > 0 && seen.length === expected.length && gone === -1) return undefined;
      return `${seen.length} came where ${expected.length} are in the log; they part at ${gone}`;
    },
  ),
];
