import { type Candidate, SEVERITIES } from './plan.js';

export interface AdmissionRules {
  /** Most requests for approval that the planner may have waiting, and most that one run opens. */
  readonly most: number;
  /** Requests of the planner that wait for a decision already. */
  readonly waiting: number;
}

/**
 * Of the candidates that a person would have to sign, those that are proposed now: the most severe first, then by the
 * gap of the goal, then by what the account's open deals are worth, then as given. So many that no more than `most` wait
 * in the end; critical ones do not wait for the others to be decided, but one run brings no more than `most` of them
 * either.
 */
export function admit(asking: readonly Candidate[], { most, waiting }: AdmissionRules): ReadonlySet<Candidate> {
  const room = Math.max(0, most - waiting);
  const admitted = new Set<Candidate>();
  for (const candidate of [...asking].sort(byUrgency)) {
    if (admitted.size < (candidate.severity === 'critical' ? most : room)) admitted.add(candidate);
  }
  return admitted;
}

const rankOf = ({ severity }: Candidate): number => (severity === null ? -1 : SEVERITIES.indexOf(severity));

const byUrgency = (a: Candidate, b: Candidate): number =>
  rankOf(b) - rankOf(a) || b.goalGap - a.goalGap || b.openValue - a.openValue;
