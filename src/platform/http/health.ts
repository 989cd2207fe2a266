import type { RoundState } from '../jobs/rounds.js';
import { answerWithin } from '../telemetry/answer-within.js';

/** How one thing stands that serving depends on. */
interface Check {
  readonly ok: boolean;
  /** Figures, with what they may be at most, and words for a person. */
  readonly [figure: string]: unknown;
}

export interface HealthReport {
  readonly status: 'ready' | 'not ready' | 'shutting down';
  /** Names of the checks that failed. */
  readonly failed: readonly string[];
  readonly checks: Readonly<Record<string, Check>>;
}

export interface HealthSources {
  /** Asks the database which migrations it has not had, and which it has had that this version does not know. */
  readonly migrations: () => Promise<{ readonly pending: readonly string[]; readonly newer: readonly string[] }>;
  /** Milliseconds since the log was last read with success. */
  readonly logLag: () => number;
  readonly rounds: () => readonly RoundState[];
}

export interface Health {
  /** Answers within a bounded time, whatever hangs. */
  report(): Promise<HealthReport>;
  /** From now on it is not ready, so that load balancers send nothing new. */
  startShutdown(): void;
}

/** How long the database may take to answer, in milliseconds: probes commonly wait for three seconds or more. */
const ANSWER_MS = 2_000;
/** Oldest last reading of the log, in milliseconds. Behind a working database it is milliseconds old. */
const LAG_MS = 30_000;
/** Oldest end of a background round: this many of its intervals, and never less than this many seconds. */
const ROUNDS = 10;
const LEAST_SECONDS = 300;

/**
 * Whether this instance can serve: the database answers, its tables are this version's, the log is being read, the
 * background rounds end.
 *
 * A round of which some items failed counts as ended: one tenant's trouble must not take the server from
 * all others. The metrics tell of it.
 */
export function createHealth({ migrations, logLag, rounds }: HealthSources): Health {
  let isShuttingDown = false;
  const askDatabase = answerWithin(ANSWER_MS, migrations);

  const databaseChecks = async (): Promise<Record<string, Check>> => {
    const asked = performance.now();
    const unknown = { ok: false, problem: 'cannot be read' };
    try {
      const found = await askDatabase();
      const ms = Math.round(performance.now() - asked);
      if (!found) {
        return { database: { ok: false, problem: 'does not answer', ms, most: ANSWER_MS }, migrations: unknown };
      }
      const { pending, newer } = found;
      return {
        database: { ok: true, ms, most: ANSWER_MS },
        migrations: { ok: pending.length === 0, pending, newer },
      };
    } catch {
      return { database: { ok: false, problem: 'refuses or cannot be reached' }, migrations: unknown };
    }
  };

  return {
    startShutdown() {
      isShuttingDown = true;
    },
    async report() {
      const lagMs = Math.max(Math.round(logLag()), 0);
      const checks: Record<string, Check> = {
        ...(await databaseChecks()),
        log: { ok: lagMs <= LAG_MS, lagMs, most: LAG_MS },
        ...Object.fromEntries(rounds().map((round) => [`round ${round.name}`, roundCheck(round, Date.now())])),
      };
      const failed = Object.keys(checks).filter((name) => !checks[name]?.ok);
      const status = isShuttingDown ? 'shutting down' : failed.length === 0 ? 'ready' : 'not ready';
      return { status, failed, checks };
    },
  };
}

function roundCheck({ everySeconds, lastDone, lastSuccess, since }: RoundState, now: number): Check {
  const most = Math.max(ROUNDS * everySeconds, LEAST_SECONDS);
  const seconds = (then: number): number => Math.max(Math.round((now - then) / 1000), 0);
  const ageSeconds = seconds(lastDone ?? since);
  const lastSuccessSeconds = lastSuccess === undefined ? null : seconds(lastSuccess);
  return { ok: ageSeconds <= most, ageSeconds, most, lastSuccessSeconds };
}
