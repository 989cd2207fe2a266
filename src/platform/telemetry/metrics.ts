import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../../kernel/errors.js';
import type { EventType } from '../../kernel/events.js';
import type { LoggedEvent } from '../../kernel/transaction.js';

/** What can be refused for being too much. Closed: each is one value of a label. */
export const LIMITS = ['principal', 'address', 'sockets', 'subscriptions', 'messages'] as const;
export type Limit = (typeof LIMITS)[number];

/** How a background round ended. `partial`: some of its items failed, all others were done. */
export type RoundOutcome = 'done' | 'partial' | 'failed';

/** How an operation ended: with the code of its first error, if it had one. */
export type Outcome = 'OK' | ErrorCode;
export type OperationType = 'query' | 'mutation' | 'subscription' | 'unknown';

/** A question to a language model, and what came of it. */
export interface AskedQuestion {
  readonly purpose: string;
  readonly outcome: string;
  readonly used: { readonly in: number; readonly out: number };
  readonly cost: number;
}

/** A figure that is read when somebody asks for the metrics. Undefined: not known now. */
export interface Figure {
  readonly name: `countersign_${string}`;
  readonly help: string;
  readonly read: () => number | undefined | Promise<number | undefined>;
}

/**
 * What this process counts. Each instance counts what it did itself, so sums over all instances are true. No label
 * takes a value that callers can make up.
 */
export interface Metrics {
  /** An HTTP request was answered. @param route its pattern, not its address */
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
  /** A GraphQL operation ended, over either door. Streams have no duration. */
  operated(operation: { type: OperationType; outcome: Outcome; seconds?: number }): void;
  /** A limit turned somebody away. */
  refused(limit: Limit): void;
  socketOpened(): void;
  socketClosed(): void;
  streamOpened(): void;
  streamClosed(): void;
  /** An event went out to a subscriber. */
  pushed(): void;
  /** A transaction with these events in it is committed. */
  logged(events: readonly LoggedEvent[]): void;
  roundEnded(run: { round: string; outcome: RoundOutcome; seconds: number }): void;
  /** A question to a language model ended. @param question `purpose` and `outcome` are of closed lists */
  asked(question: AskedQuestion): void;
  /** Adds a figure to what is served. */
  show(figure: Figure): void;
  /** Adds figures of several things of one kind. @param label of a closed list of values */
  showEach(figures: Omit<Figure, 'read'> & { label: string; read: () => readonly (readonly [string, number])[] }): void;
  readonly contentType: string;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
}

/** What a proposal and a decision leave in the log. */
const PROPOSED: ReadonlySet<EventType> = new Set<EventType>(['action.allowed', 'approval.requested', 'action.blocked']);
const VERDICTS: Partial<Record<EventType, string>> = {
  'approval.approved': 'approved',
  'approval.rejected': 'rejected',
  'approval.expired': 'expired',
};

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
/** From a cached read to the timeout of a statement. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ROUND_SECONDS = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300];

/** The process's own figures (memory, event loop, garbage collection): one set however many apps run in it. */
let ofProcess: Registry | undefined;
function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

/** Counters at nought, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `countersign_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `countersign_${name}`, help, registers });
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name: `countersign_${name}`, help, labelNames, buckets, registers });

  const requests = histogram(
    'http_request_duration_seconds',
    'HTTP requests answered, by method, route and status.',
    ['method', 'route', 'status'],
    SECONDS,
  );
  const operations = counter('graphql_operations_total', 'GraphQL operations that ended, by type and outcome.', [
    'type',
    'outcome',
  ]);
  const durations = histogram(
    'graphql_operation_duration_seconds',
    'Time that queries and mutations took.',
    ['type'],
    SECONDS,
  );
  const refusals = counter('refusals_total', 'Requests, sockets and messages that a limit turned away.', ['limit']);
  const sockets = gauge('sockets_open', 'WebSockets open now.');
  const streams = gauge('subscriptions_open', 'Subscriptions open now.');
  const pushes = counter('pushed_events_total', 'Events sent to subscribers.');
  const events = counter('events_total', 'Events this instance wrote to the log, by type.', ['type']);
  const proposals = counter('proposals_total', 'Proposals recorded by this instance.', ['tier', 'reason']);
  const decisions = counter('decisions_total', 'Requests for approval ended by this instance.', ['verdict']);
  const rounds = counter('rounds_total', 'Background rounds of this instance, by how they ended.', [
    'round',
    'outcome',
  ]);
  const roundTimes = histogram('round_duration_seconds', 'Time that background rounds took.', ['round'], ROUND_SECONDS);
  const jobs = counter('job_runs_total', 'Runs of jobs that ended on this instance.', ['job', 'status']);
  const questions = counter('model_questions_total', 'Questions to the language model, by purpose and outcome.', [
    'purpose',
    'outcome',
  ]);
  const tokens = counter('model_tokens_total', 'Tokens that went to the language model and came back.', [
    'purpose',
    'direction',
  ]);
  const costs = counter('model_cost_total', 'What those tokens cost by the prices that are set.', ['purpose']);
  for (const limit of LIMITS) refusals.inc({ limit }, 0);
  for (const verdict of Object.values(VERDICTS)) decisions.inc({ verdict }, 0);

  return {
    answered({ method, route, status, seconds }) {
      requests.observe({ method: METHODS.has(method) ? method : 'other', route, status }, seconds);
    },
    operated({ type, outcome, seconds }) {
      operations.inc({ type, outcome });
      if (seconds !== undefined) durations.observe({ type }, seconds);
    },
    refused: (limit) => refusals.inc({ limit }),
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    pushed: () => pushes.inc(),
    logged(written) {
      for (const { type, tier, reason, data } of written) {
        events.inc({ type });
        if (type === 'job.finished') jobs.inc({ job: String(data?.job), status: String(data?.status) });
        const verdict = VERDICTS[type];
        if (verdict) decisions.inc({ verdict });
        else if (PROPOSED.has(type)) proposals.inc({ tier: tier ?? 'unknown', reason: reason ?? 'unknown' });
      }
    },
    roundEnded({ round, outcome, seconds }) {
      rounds.inc({ round, outcome });
      roundTimes.observe({ round }, seconds);
    },
    asked({ purpose, outcome, used, cost }) {
      questions.inc({ purpose, outcome });
      tokens.inc({ purpose, direction: 'in' }, used.in);
      tokens.inc({ purpose, direction: 'out' }, used.out);
      costs.inc({ purpose }, cost);
    },
    show({ name, help, read }) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set((await read()) ?? Number.NaN);
        },
      });
    },
    showEach({ name, help, label, read }) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, figure] of read()) this.set({ [label]: value }, figure);
        },
      });
    },
    contentType: registry.contentType,
    async text() {
      const texts = await Promise.all([registry.metrics(), processRegistry().metrics()]);
      return texts.join('\n');
    },
  };
}
