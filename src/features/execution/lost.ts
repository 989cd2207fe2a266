import type { Clock } from '../../kernel/clock.js';
import { forEach } from '../../kernel/sweep.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { ActionStore } from '../autonomy/index.js';
import type { ExecutionJobs } from './ports.js';

export interface LostParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly jobs: ExecutionJobs;
  readonly clock: Clock;
}

/** How long an action has stood as it is before anybody misses its job, in milliseconds. */
const MISSED_AFTER_MS = 60_000;
/** Actions in one sweep; what is left over comes next time. */
const SWEEP = 200;

/** Puts jobs in for actions that wait for their connector and have none any more, whoever lost it. */
export class LostExecutions {
  constructor(private readonly parts: LostParts) {}

  /**
   * Of all tenants. Any number of instances may: each action gets one job.
   *
   * @returns how many jobs were put in
   * @throws AggregateError of those that failed, after all others were done
   */
  async sweep(): Promise<number> {
    const { transactor, actions, jobs, clock } = this.parts;
    const before = new Date(clock.now().getTime() - MISSED_AFTER_MS);
    return forEach(
      await jobs.lost(before, SWEEP),
      ({ tenantId, id }) =>
        transactor.run(tenantId, async (tx) => {
          const action = await actions.lock(tx, id);
          const waits = action?.status === 'allowed' || action?.status === 'approved';
          return waits && (await jobs.enqueueLost(tx, id));
        }),
      'lost jobs could not be put in',
    );
  }
}
