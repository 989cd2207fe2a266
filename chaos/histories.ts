/** One row of the log, about an action. */
export interface Logged {
  readonly type: string;
  readonly subjectId: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** Every step an action may take, as agreed and not as implemented. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  '': ['allowed', 'pending_approval', 'blocked'],
  allowed: ['executing', 'pending_approval', 'invalidated', 'cancelled', 'outcome_unknown'],
  pending_approval: ['approved', 'rejected', 'expired', 'invalidated', 'cancelled'],
  approved: ['executing', 'invalidated', 'expired', 'outcome_unknown'],
  executing: ['executed', 'failed', 'outcome_unknown', 'allowed', 'approved'],
  outcome_unknown: ['executed', 'failed'],
  failed: ['allowed', 'approved'],
};

/** The state an event leaves its action in; undefined: the one it was in. */
const STATE_AFTER: Readonly<Record<string, string>> = {
  'action.allowed': 'allowed',
  'approval.requested': 'pending_approval',
  'action.blocked': 'blocked',
  'approval.approved': 'approved',
  'approval.rejected': 'rejected',
  'approval.expired': 'expired',
  'approval.invalidated': 'invalidated',
  'approval.cancelled': 'cancelled',
  'action.cancelled': 'cancelled',
  'action.claimed': 'executing',
  'action.executed': 'executed',
  'action.failed': 'failed',
  'action.invalidated': 'invalidated',
  'action.expired': 'expired',
  'action.outcome_unknown': 'outcome_unknown',
};

/** Where the log leaves an action, and the steps in it that nobody may take. */
export interface Walk {
  readonly state: string;
  readonly illegal: readonly string[];
}

export function walk(events: readonly Logged[]): Walk {
  const illegal: string[] = [];
  let state = '';
  let cleared = 'allowed';
  for (const { type } of events) {
    if (type === 'approval.approved') cleared = 'approved';
    // Back to where it may be claimed again.
    const next = type === 'action.retried' ? cleared : STATE_AFTER[type];
    if (next === undefined || next === state) continue;
    if (!STEPS[state]?.includes(next)) illegal.push(`${state || 'nothing'} -> ${next}`);
    state = next;
  }
  return { state, illegal };
}

/** The rows of each action, in their order. */
export function byAction(log: readonly Logged[]): ReadonlyMap<string, readonly Logged[]> {
  const histories = new Map<string, Logged[]>();
  for (const event of log) histories.set(event.subjectId, [...(histories.get(event.subjectId) ?? []), event]);
  return histories;
}
