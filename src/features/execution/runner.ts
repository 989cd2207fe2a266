import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints.js';
import { type Id, newId } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { type Action, type ActionStore, type ExecutionQueue, isDue, type RunService } from '../autonomy/index.js';
import { connectorActor } from './connector-actor.js';
import {
  type Attempt,
  attemptResult,
  type Effect,
  heldBack,
  isUncertain,
  mayBeRepeated,
  nextStep,
} from './domain/attempt.js';
import type { ConfiguredKind } from './domain/connector.js';
import type { AttemptStore, Executor, Prepared } from './ports.js';

/** What a job carries: which action to run. What is to be done stands in the action alone. */
export interface ExecutionJob {
  readonly tenantId: Id;
  readonly actionId: Id;
}

export interface RunnerParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly run: RunService;
  readonly attempts: AttemptStore;
  readonly queue: ExecutionQueue;
  readonly outside: Readonly<Record<ConfiguredKind, Executor>>;
  /** Does what concerns our own data only, within the transaction. */
  readonly builtIn: (tx: Tx, action: Action) => Promise<JsonObject>;
  readonly clock: Clock;
  /** How long to wait after a first attempt that did nothing, in milliseconds. */
  readonly firstDelayMs: number;
}

/** How long a job waits while its action is paused, in milliseconds. */
const PAUSED_MS = 10_000;
/** Beside what an effect may take at most: for reading, and for writing down what came of it. */
const MARGIN_SECONDS = 15;
const BUILT_IN_SECONDS = 60;

/** Runs actions by their connectors, one job at a time: checked again, claimed, done, reported. */
export class ExecutionRunner {
  constructor(private readonly parts: RunnerParts) {}

  /**
   * Runs one action if it is its turn. A job whose action is not waiting to be run, or not yet, does nothing: jobs only
   * wake, the action's own state decides.
   *
   * @throws what nobody expected; nothing has left the server then, or the end of the lease will find it
   */
  async runJob({ tenantId, actionId }: ExecutionJob): Promise<void> {
    await failpoint('before-claim');
    const action = await this.parts.transactor.run(tenantId, (tx) => this.parts.actions.find(tx, actionId));
    if (!action || action.connector === 'agent') return;
    const now = this.parts.clock.now();
    // Its own job, a little early, comes again; any other has no business to use up an attempt before its time.
    if (!isDue(action, now)) return this.later(tenantId, action, waitOf(action, now));
    const actor = connectorActor(tenantId, action.connector);
    try {
      if (action.connector === 'built_in') await this.runInside(actor, action);
      else await this.runOutside(actor, action, action.connector);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Not this time: somebody else has it, it was withdrawn, or needs a person now. Only a pause ends by itself.
      if (error.code === 'PAUSED') await this.later(tenantId, action, PAUSED_MS);
    }
  }

  private later(tenantId: Id, action: Action, delayMs: number): Promise<void> {
    return this.parts.transactor.run(tenantId, (tx) => this.parts.queue.enqueue(tx, action, delayMs));
  }

  /** Claim, effect and report commit together: it happens exactly once, or not at all. */
  private async runInside(actor: Actor, action: Action): Promise<void> {
    const { run, builtIn, attempts } = this.parts;
    const command = { actionId: action.id, connector: action.connector, leaseSeconds: BUILT_IN_SECONDS };
    try {
      await run.perform(actor, command, async (tx, claimed) => {
        await this.begin(tx, claimed, INSIDE);
        const result = await builtIn(tx, claimed);
        await failpoint('after-effect');
        const at = this.parts.clock.now();
        await attempts.end(tx, attemptOf(claimed), {
          at,
          result: 'executed',
          detail: 'Done in the server’s own data.',
        });
        await failpoint('before-report-commit');
        return result;
      });
      await failpoint('after-report');
    } catch (error) {
      // What the payload asks for cannot be done; the claim is gone with the rest, so the refusal gets one of its own.
      if (!(error instanceof DomainError) || !UNDOABLE.has(error.code)) throw error;
      const effect: Effect = { kind: 'refused', detail: error.message, permanent: true };
      const { action: claimed } = await run.claim(actor, {
        ...command,
        alongside: (tx, taken) => this.begin(tx, taken, INSIDE),
      });
      await this.report(actor, claimed, { effect, maxAttempts: 1, ...INSIDE, uncertainBefore: false });
    }
  }

  private async runOutside(actor: Actor, action: Action, kind: ConfiguredKind): Promise<void> {
    const prepared = await this.parts.transactor.run(actor.tenantId, (tx) =>
      this.parts.outside[kind].prepare(tx, action),
    );
    let earlier: readonly Attempt[] = [];
    const { action: claimed } = await this.parts.run.claim(actor, {
      actionId: action.id,
      connector: kind,
      leaseSeconds: prepared.withinSeconds + MARGIN_SECONDS,
      alongside: async (tx, taken) => {
        earlier = await this.parts.attempts.ofActions(tx, [taken.id]);
        await this.begin(tx, taken, { ...prepared, safeToRepeat: mayBeRepeated(prepared, taken.attempts) });
      },
    });
    await failpoint('after-claim');
    const held = heldBack({ ...prepared, digest: action.digest }, { ...claimed, earlier }, this.parts.clock.now());
    await failpoint('before-effect');
    const effect = held ?? (await prepared.run());
    await failpoint('after-effect');
    await this.report(actor, claimed, { effect, ...prepared, uncertainBefore: earlier.some(isUncertain) });
    await failpoint('after-report');
  }

  private begin(
    tx: Tx,
    { tenantId, id, leaseEpoch, connector }: Action,
    { safeToRepeat, target }: Pick<Prepared, 'safeToRepeat' | 'target'>,
  ): Promise<void> {
    const startedAt = this.parts.clock.now();
    return this.parts.attempts.begin(tx, {
      tenantId,
      id: newId(startedAt),
      actionId: id,
      leaseEpoch,
      connector,
      startedAt,
      endedAt: null,
      result: null,
      detail: null,
      safeToRepeat,
      target: target ?? null,
      settledAt: null,
    });
  }

  private async report(
    actor: Actor,
    { id: actionId, leaseEpoch, attempts: attempt }: Action,
    { effect, maxAttempts, safeToRepeat, uncertainBefore, record }: Reported,
  ): Promise<void> {
    const { firstDelayMs, attempts, clock } = this.parts;
    const step = nextStep(effect, { attempt, maxAttempts, safeToRepeat, uncertainBefore, firstDelayMs });
    const write = (detail: string, alsoRecord?: Prepared['record']) =>
      this.parts.run.report(actor, {
        actionId,
        leaseEpoch,
        ...step,
        alongside: async (tx) => {
          const at = clock.now();
          await attempts.end(tx, { actionId, leaseEpoch }, { at, result: attemptResult(effect), detail });
          await alsoRecord?.(tx, at);
          await failpoint('before-report-commit');
        },
      });
    try {
      await write(effect.detail, effect.kind === 'done' ? record : undefined);
    } catch (error) {
      if (!(error instanceof DomainError) || !UNDOABLE.has(error.code)) throw error;
      // It has happened, and that is what counts: a refused note beside it must not leave its outcome unknown.
      await write(`${effect.detail} It is not noted in the account’s history: ${error.message}`);
    }
  }
}

/** How long until its next attempt is due, in milliseconds. */
const waitOf = ({ nextAttemptAt }: Action, now: Date): number => (nextAttemptAt?.getTime() ?? 0) - now.getTime();

const attemptOf = ({ id, leaseEpoch }: Action) => ({ actionId: id, leaseEpoch });

interface Reported extends Pick<Prepared, 'maxAttempts' | 'safeToRepeat' | 'record'> {
  readonly effect: Effect;
  readonly uncertainBefore: boolean;
}

/** In the server's own data nothing happens but with the report. */
const INSIDE = { safeToRepeat: true } as const;

/** Refusals that say something about the payload or what it names, not about the state of the action. */
const UNDOABLE: ReadonlySet<string> = new Set(['VALIDATION_FAILED', 'NOT_FOUND']);
