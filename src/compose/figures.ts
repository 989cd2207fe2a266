import { unsealedSeconds } from '../features/audit/store/unsealed.js';
import { waitingRequests } from '../features/autonomy/store/waiting.js';
import type { Database, PoolFigures } from '../platform/db/database.js';
import type { Rounds } from '../platform/jobs/rounds.js';
import type { EventTail } from '../platform/realtime/event-tail.js';
import { heldBackSeconds } from '../platform/realtime/held-back.js';
import { answerWithin } from '../platform/telemetry/answer-within.js';
import type { Metrics } from '../platform/telemetry/metrics.js';

export interface FigureSources {
  readonly database: Database;
  readonly tail: EventTail;
  readonly rounds: Rounds;
}

/** How long the database may take for one figure when the metrics are asked for, in milliseconds. */
const ANSWER_MS = 2_000;

/** What is read when the metrics are asked for, beside what is counted as it happens. */
export function showFigures(metrics: Metrics, { database, tail, rounds }: FigureSources): void {
  const show = (name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void =>
    metrics.show({ name: `countersign_${name}`, help, read });
  const asking = <Result>(work: (database: Database) => Promise<Result>) => {
    const ask = answerWithin(ANSWER_MS, () => work(database));
    // A figure that cannot be had is no reason to give none of the others.
    return (): Promise<Result | undefined> => ask().catch(() => undefined);
  };

  show(
    'log_lag_seconds',
    'Time since this instance last read the log with success.',
    () => tail.lag(Date.now()) / 1000,
  );
  show(
    'log_held_back_seconds',
    'Age of the oldest committed event that an open transaction keeps readers from.',
    asking(heldBackSeconds),
  );
  show(
    'log_unsealed_seconds',
    'Age of the oldest event that no seal of the audit chain covers.',
    asking(unsealedSeconds),
  );
  const waiting = asking(waitingRequests);
  show('approvals_pending', 'Requests for approval that wait for a person.', async () => (await waiting())?.count);
  show(
    'approvals_pending_oldest_seconds',
    'How long the oldest of them has been waiting.',
    async () => (await waiting())?.seconds,
  );
  if (database.pool()) showPool(show, () => database.pool());
  metrics.showEach({
    name: 'countersign_round_last_success_age_seconds',
    help: 'Time since all of a background round went well; since the start, if none has.',
    label: 'round',
    read: () =>
      rounds
        .states()
        .map(({ name, lastSuccess, since }) => [name, (Date.now() - (lastSuccess ?? since)) / 1000] as const),
  });
}

function showPool(
  show: (name: string, help: string, read: () => number | undefined) => void,
  pool: () => PoolFigures | undefined,
): void {
  show('database_connections_open', 'Connections to PostgreSQL that are open.', () => pool()?.open);
  show('database_connections_idle', 'Connections to PostgreSQL that nobody uses.', () => pool()?.idle);
  show('database_connections_most', 'Connections to PostgreSQL that this instance may open.', () => pool()?.most);
  show('database_callers_waiting', 'Callers that wait for a connection to PostgreSQL.', () => pool()?.waiting);
}
