import type { ActionRow, Evidence } from './evidence.js';
import { byAction, type Logged } from './histories.js';
import type { Effect } from './ledger.js';
import type { Promised } from './promises.js';

/** The evidence, arranged for those who look through it. */
export interface View extends Evidence {
  readonly byId: ReadonlyMap<string, ActionRow>;
  readonly histories: ReadonlyMap<string, readonly Logged[]>;
  readonly effectsOf: ReadonlyMap<string, readonly Effect[]>;
  typesOf(id: string): readonly string[];
  /** Each start of an action, with the approval that came before it, if one did. */
  readonly claims: readonly Claimed[];
}

export interface Claimed {
  readonly action: ActionRow;
  readonly at: Date;
  readonly approvedAt: Date | undefined;
}

export function viewOf(evidence: Evidence): View {
  const byId = new Map(evidence.actions.map((action) => [action.id, action]));
  const histories = byAction(evidence.log);
  const claims = [...histories].flatMap(([id, events]) => {
    const action = byId.get(id);
    if (!action) return [];
    return events.flatMap(({ type, at }, place) => {
      if (type !== 'action.claimed') return [];
      const before = events.slice(0, place).findLast((event) => event.type === 'approval.approved');
      return [{ action, at, approvedAt: before?.at }];
    });
  });
  return {
    ...evidence,
    byId,
    histories,
    effectsOf: Map.groupBy(evidence.ledger.effects, ({ actionId }) => actionId),
    typesOf: (id) => (histories.get(id) ?? []).map(({ type }) => type),
    claims,
  };
}

/** Something that must hold. */
export interface Invariant {
  readonly says: string;
  /** What it keeps from doing harm; none: it keeps the rig itself honest. */
  readonly promise: Promised | undefined;
  readonly look: (view: View) => Outcome;
}

/** Over how many cases it was looked at, and where it does not hold. */
export interface Outcome {
  readonly cases: number;
  readonly violations: readonly string[];
}

/** Looks at each case of its own. */
export const each = <Case>(
  promise: Promised | undefined,
  says: string,
  cases: (view: View) => Iterable<Case>,
  problem: (one: Case, view: View) => string | undefined,
): Invariant => ({
  says,
  promise,
  look(view) {
    const all = [...cases(view)];
    return {
      cases: all.length,
      violations: all.map((one) => problem(one, view)).filter((found) => found !== undefined),
    };
  },
});
