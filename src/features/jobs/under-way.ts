import type { JobBody, JobOutcome } from './body.js';
import type { JobRun, Progress } from './domain/job.js';
import { isWorthTelling } from './domain/schedule.js';

/** How a body ended. */
export type Ending = { readonly outcome: JobOutcome } | { readonly error: unknown };

/** A run that is under way in this process. */
export class UnderWay {
  /** How far it has come; in memory only, until somebody writes it down. */
  progress: Progress = { done: 0, total: null };
  /** What those who watch were last told, and when. */
  told: Progress & { readonly at: Date };
  /** Resolves when the run is over and its end has been seen to. Never rejects. */
  ended: Promise<void> = Promise.resolve();
  private readonly stop = new AbortController();

  constructor(readonly run: JobRun) {
    this.told = { ...this.progress, at: run.startedAt };
  }

  get isAborted(): boolean {
    return this.stop.signal.aborted;
  }

  abort(reason: Error): void {
    this.stop.abort(reason);
  }

  /** @param onEnd sees to the end; must not reject */
  begin(body: JobBody, onEnd: (ending: Ending) => Promise<void>): void {
    const { tenantId, startedAt } = this.run;
    const progress = (done: number, total: number | null): void => {
      this.progress = { done, total };
    };
    const context = { tenantId, now: startedAt, signal: this.stop.signal, progress };
    this.ended = Promise.resolve()
      .then(() => body(context))
      .then(
        (outcome): Ending => ({ outcome }),
        (error: unknown): Ending => ({ error }),
      )
      .then(onEnd);
  }

  isWorthTelling(now: Date): boolean {
    return isWorthTelling(this.told, this.progress, now);
  }
}
