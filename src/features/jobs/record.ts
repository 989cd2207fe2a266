import { randomUUID } from 'node:crypto';
import { DomainError } from '../../kernel/errors.js';
import type { ItemFailure } from './body.js';
import { type JobRun, MAX_FAILURES_KEPT, type StoredFailure } from './domain/job.js';
import type { Ending } from './under-way.js';

type Start = Pick<JobRun, 'tenantId' | 'id' | 'job' | 'trigger' | 'startedBy' | 'instance' | 'attempt'>;
type OnTrouble = (error: unknown, what: string) => void;

/** A run at its start. */
export const startedRun = (start: Start, now: Date): JobRun => ({
  ...start,
  status: 'running',
  startedAt: now,
  finishedAt: null,
  done: 0,
  total: null,
  counts: {},
  failed: 0,
  failures: [],
  error: null,
});

/** A run whose instance has not been heard of. */
export const lostRun = (run: JobRun, now: Date): JobRun => ({
  ...run,
  status: 'lost',
  finishedAt: now,
  error: `${run.instance} has not been heard of since its lease ran out.`,
});

/** A run that was ended because its server stops. */
export const abortedRun = (run: JobRun, now: Date): JobRun => ({ ...run, status: 'aborted', finishedAt: now });

/**
 * A run whose body has ended.
 *
 * @param onTrouble told of every error that people see as an id only
 */
export function endedRun(run: JobRun, ending: Ending, now: Date, onTrouble: OnTrouble): JobRun {
  if ('error' in ending) {
    const error = publicText(ending.error, `${run.job} failed`, onTrouble);
    return { ...run, status: 'failed', finishedAt: now, error };
  }
  const { counts, failures = [], failed = failures.length } = ending.outcome;
  const kept = failures.slice(0, MAX_FAILURES_KEPT).map((failure) => storedFailure(failure, run, onTrouble));
  return { ...run, status: 'completed', finishedAt: now, counts, failed, failures: kept };
}

const storedFailure = ({ subjectId, error }: ItemFailure, { job }: JobRun, onTrouble: OnTrouble): StoredFailure => ({
  subjectId,
  message: publicText(error, `${job} failed for ${subjectId}`, onTrouble),
});

/** An expected failure says what people may know; anything else may hold what nobody should see. */
function publicText(error: unknown, what: string, onTrouble: OnTrouble): string {
  if (error instanceof DomainError) return error.message;
  const errorId = randomUUID();
  onTrouble(error, `${what} (${errorId})`);
  return `Something failed that should not have. Tell the operator this id: ${errorId}`;
}
