/**
 * Places at which a test may make a server die, hang or fail, one by one; see `COUNTERSIGN_FAILPOINT`. Each stands
 * where a crash would hurt most: just before or behind a commit, and on both sides of an effect outside.
 */
export const FAILPOINTS = [
  /** The decision is written and not yet committed. */
  'before-decide-commit',
  /** The decision is committed, with the job that carries it out, and nobody has been told. */
  'after-decide-commit',
  /** Proposals are recorded and not yet committed. */
  'before-propose-commit',
  'after-propose-commit',
  /** A connector has taken up a job and has not claimed the action. */
  'before-claim',
  /** The claim is committed, and so is that an attempt has begun. */
  'after-claim',
  /** The last moment before anything leaves the server. */
  'before-effect',
  /** Whatever the connector does is done, and nothing is recorded. */
  'after-effect',
  /** What came of it is written and not yet committed. */
  'before-report-commit',
  'after-report',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** What happens there: the process dies as by a power cut, nothing happens any more, or the step fails. */
export const FAILPOINT_ACTIONS = ['kill', 'hang', 'throw'] as const;
export type FailpointAction = (typeof FAILPOINT_ACTIONS)[number];

/** A failpoint that is set. */
export interface FailpointPlan {
  readonly name: Failpoint;
  readonly action: FailpointAction;
  /** At which passage it happens, the first being 1; later passages are unharmed. */
  readonly passage: number;
}

let strike: ((name: Failpoint) => Promise<void> | undefined) | undefined;

/** Passes a failpoint. Does nothing at all unless one is set. */
export const failpoint = (name: Failpoint): Promise<void> | undefined => strike?.(name);

/**
 * Decides what happens at failpoints of this process from now on; undefined: nothing, as ever.
 *
 * @returns how to undo it
 */
export function onFailpoint(handler: (name: Failpoint) => Promise<void> | undefined): () => void {
  const before = strike;
  strike = handler;
  return () => {
    strike = before;
  };
}
