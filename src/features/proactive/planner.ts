import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { ProposeService } from '../autonomy/index.js';
import type { GoalStanding } from '../goals/index.js';
import { type ItemFailure, type JobContext, type JobOutcome, workThrough } from '../jobs/index.js';
import type { ControlReader } from '../policy/index.js';
import type { PlannedGoal, PlannedInsight } from './domain/grounds.js';
import { type Candidate, planActions, type RecentProposal, unnoted } from './domain/plan.js';
import { PLANNER, plannerOf } from './planner-actor.js';
import type { GoalsBehind, InsightMarker, PlanningReader } from './ports.js';

export interface PlannerParts {
  readonly transactor: Transactor;
  readonly reader: PlanningReader;
  readonly goals: GoalsBehind;
  readonly insights: InsightMarker;
  readonly propose: Pick<ProposeService, 'propose'>;
  readonly control: ControlReader;
  readonly clock: Clock;
  /** How long the same is not proposed again for an account, in milliseconds. */
  readonly windowMs: number;
  /** Told of what failed unexpectedly, in words, and why. */
  readonly onTrouble: (error: unknown, what: string) => void;
}

/**
 * What became of a candidate. `planned`: nothing, as it was only tried. `refused`: it could not even be proposed, for
 * instance because the connector that would run it needs a payload that only a person or an agent can write.
 */
export const PLAN_OUTCOMES = ['planned', 'allowed', 'pending_approval', 'blocked', 'duplicate', 'refused'] as const;
export type PlanOutcome = (typeof PLAN_OUTCOMES)[number];

/** A candidate and what became of it. */
export interface PlannedAction extends Candidate {
  readonly outcome: PlanOutcome;
  /** The action, or for a duplicate the one there was; null where there is none. */
  readonly actionId: Id | null;
  readonly approvalId: Id | null;
  /** Why it was refused or blocked; null otherwise. */
  readonly message: string | null;
}

/** What is worth doing now, and what could not be looked at. */
interface Plan {
  readonly candidates: readonly Candidate[];
  readonly failures: readonly ItemFailure[];
}

/** How long the same is not proposed again for an account unless an operator says otherwise, in days. */
export const DEFAULT_WINDOW_DAYS = 7;
/** Most candidates that one run proposes unless it is told otherwise; the rest has its turn in the next. */
export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 100;
/** Pending insights that one run looks at. */
const INSIGHTS = 2_000;
/** Goals that one run looks at, those furthest behind. */
const GOALS = 50;

/** Turns insights and goals that are behind into proposals. The guardrails alone decide what may run of them. */
export class Planner {
  constructor(private readonly parts: PlannerParts) {}

  /**
   * Proposes what is worth doing, or only says what it would.
   *
   * @param limit most candidates that are proposed; as many duplicates are listed
   * @throws PAUSED unless it only says so
   */
  async planProactiveActions(
    actor: Actor,
    { dryRun, limit }: { readonly dryRun: boolean; readonly limit: number },
  ): Promise<{ readonly planned: readonly PlannedAction[]; readonly failed: number }> {
    const planner = plannerOf(actor.tenantId, actor.tenant);
    if (!dryRun) await this.requireNotPaused(planner);
    const { candidates, failures } = await this.plan(planner, dryRun);
    for (const { subjectId, error } of failures) this.parts.onTrouble(error, `planning for ${subjectId} failed`);
    const planned: PlannedAction[] = [];
    for (const candidate of listed(candidates, limit)) {
      planned.push(dryRun && !candidate.duplicateOf ? untried(candidate) : await this.tryToPropose(planner, candidate));
    }
    return { planned, failed: failures.length };
  }

  /** The body of the job `proactive_outreach_check`. Proposes nothing while the tenant is paused. */
  async run(context: JobContext): Promise<JobOutcome> {
    const planner = plannerOf(context.tenantId);
    const counts = { candidates: 0, allowed: 0, pending_approval: 0, blocked: 0, duplicate: 0, paused: 0 };
    if (await this.isPaused(planner)) return { counts: { ...counts, paused: 1 } };
    const { candidates, failures: unplanned } = await this.plan(planner, false);
    const fresh = candidates.filter(({ duplicateOf }) => duplicateOf === null);
    counts.candidates = candidates.length;
    counts.duplicate = candidates.length - fresh.length;
    const items = fresh.slice(0, DEFAULT_LIMIT);
    const { failed, failures } = await workThrough(context, {
      items,
      total: items.length,
      subjectOf: ({ accountId }) => accountId,
      work: async (candidate) => {
        const { outcome } = await this.propose(planner, candidate);
        counts[outcome] += 1;
      },
    });
    return { counts, failed: failed + unplanned.length, failures: [...unplanned, ...failures] };
  }

  /** @param isOnlyLooking leaves even what an interrupted run did not note as it is */
  private async plan(planner: Actor, isOnlyLooking: boolean): Promise<Plan> {
    const { transactor, reader, clock, windowMs } = this.parts;
    const now = clock.now();
    const since = new Date(now.getTime() - windowMs);
    const failures: ItemFailure[] = [];
    const goals = await this.goalsBehind(planner, failures);
    const { insights, unreadable, recent, openDeals } = await transactor.run(planner.tenantId, async (tx) => {
      const pending = await reader.pendingInsights(tx, since, INSIGHTS);
      const grounds = [...pending.insights, ...goals.flatMap(({ accounts }) => accounts)];
      const accountIds = [...new Set(grounds.map(({ accountId }) => accountId))];
      const recent = await reader.recentProposals(tx, accountIds, since);
      return { ...pending, recent, openDeals: await reader.openDeals(tx, accountIds) };
    });
    failures.push(...unreadable.map((subjectId) => ({ subjectId, error: unreadableInsight() })));
    const waiting = isOnlyLooking ? insights : await this.noteUnnoted(planner, insights, recent);
    return { candidates: planActions({ insights: waiting, goals, recent, openDeals, now }), failures };
  }

  /** Catches up on what a run that ended between a proposal and its note has left, and gives the other insights. */
  private async noteUnnoted(
    planner: Actor,
    insights: readonly PlannedInsight[],
    recent: readonly RecentProposal[],
  ): Promise<readonly PlannedInsight[]> {
    const left = unnoted(insights, recent);
    for (const { insightId, actionId } of left) await this.note(planner, [insightId], actionId);
    const noted = new Set(left.map(({ insightId }) => insightId));
    return insights.filter(({ id }) => !noted.has(id));
  }

  private async goalsBehind(planner: Actor, failures: ItemFailure[]): Promise<readonly PlannedGoal[]> {
    const { transactor, control, goals } = this.parts;
    const standings = await goals.standings(planner, undefined);
    const { pausedClones } = await transactor.run(planner.tenantId, (tx) => control.read(tx));
    const behind = standings
      .filter(({ progress }) => progress.suggestions.length > 0)
      .filter(({ goal }) => goal.cloneId === null || !pausedClones.has(goal.cloneId))
      .sort((a, b) => lagOf(b) - lagOf(a))
      .slice(0, GOALS);
    const planned: PlannedGoal[] = [];
    for (const standing of behind) {
      try {
        planned.push(toPlannedGoal(standing, await goals.gapAccounts(planner, standing.goal)));
      } catch (error) {
        failures.push({ subjectId: standing.goal.id, error });
      }
    }
    return planned;
  }

  private async tryToPropose(planner: Actor, candidate: Candidate): Promise<PlannedAction> {
    if (candidate.duplicateOf) return { ...untried(candidate), outcome: 'duplicate', actionId: candidate.duplicateOf };
    try {
      return await this.propose(planner, candidate);
    } catch (error) {
      const isExpected = error instanceof DomainError;
      if (!isExpected) this.parts.onTrouble(error, `proposing for account ${candidate.accountId} failed`);
      const message = isExpected ? error.message : 'It failed unexpectedly; the operator finds why in the log.';
      return { ...untried(candidate), outcome: 'refused', message };
    }
  }

  /**
   * Proposes first and notes it on the insights then: what a crash leaves in between is a proposal that the next run
   * finds by its key or by the insights it names, never an insight that is taken for dealt with.
   */
  private async propose(planner: Actor, candidate: Candidate): Promise<PlannedAction & { outcome: Proposed }> {
    const { actionType, accountId, dealId, contactId, cloneId, payload, rationale, idempotencyKey } = candidate;
    try {
      const { action, approval, decision, replayed } = await this.parts.propose.propose(planner, {
        ...{ actionType, payload, accountId, dealId, contactId, cloneId, rationale, idempotencyKey },
        dealStage: null,
      });
      const isBlocked = action.status === 'blocked';
      // Nothing comes of a blocked action: its insights go on waiting for a person.
      if (!isBlocked) await this.note(planner, candidate.insightIds, action.id);
      const outcome = replayed ? 'duplicate' : proposedAs(action.status);
      const message = isBlocked ? decision.explanation : null;
      return { ...candidate, outcome, actionId: action.id, approvalId: approval?.id ?? null, message };
    } catch (error) {
      const known = keyTakenBy(error);
      if (known === undefined) throw error;
      // The same reason with newer figures or words was proposed before.
      await this.note(planner, candidate.insightIds, known);
      return { ...untried(candidate), outcome: 'duplicate', actionId: known };
    }
  }

  private note(planner: Actor, insightIds: readonly Id[], actionId: Id): Promise<void> {
    return this.parts.transactor.run(planner.tenantId, async (tx) => {
      for (const id of insightIds) {
        await this.parts.insights.markActed(tx, id, { actionId, by: PLANNER }).catch((error: unknown) => {
          // Somebody has dealt with it in the meantime: theirs stands.
          if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error;
        });
      }
    });
  }

  private async isPaused(planner: Actor): Promise<boolean> {
    const { transactor, control } = this.parts;
    return (await transactor.run(planner.tenantId, (tx) => control.read(tx))).pause !== undefined;
  }

  private async requireNotPaused(planner: Actor): Promise<void> {
    if (!(await this.isPaused(planner))) return;
    throw new DomainError(
      'PAUSED',
      'The tenant is paused: nothing is proposed until somebody resumes. Use dryRun to look.',
    );
  }
}

type Proposed = Exclude<PlanOutcome, 'planned' | 'refused'>;

const proposedAs = (status: string): Proposed =>
  status === 'allowed' || status === 'blocked' ? status : 'pending_approval';

const untried = (candidate: Candidate): PlannedAction => ({
  ...candidate,
  outcome: 'planned',
  actionId: null,
  approvalId: null,
  message: null,
});

/** In the plan's order: the first `limit` that are new, and the first `limit` that are not. */
function listed(candidates: readonly Candidate[], limit: number): readonly Candidate[] {
  const room = { fresh: limit, duplicates: limit };
  return candidates.filter(({ duplicateOf }) => room[duplicateOf === null ? 'fresh' : 'duplicates']-- > 0);
}

const lagOf = ({ progress }: GoalStanding): number => progress.expectedPercent - progress.progressPercent;

const toPlannedGoal = (
  { goal: { id, cloneId, type, title, current, target }, progress }: GoalStanding,
  accounts: PlannedGoal['accounts'],
): PlannedGoal => {
  const { progressPercent, expectedPercent, daysRemaining, suggestions } = progress;
  const figures = { current, target, progressPercent, expectedPercent, daysRemaining };
  return { id, cloneId, type, title, ...figures, suggestion: suggestions[0] ?? '', accounts };
};

/** The action that used the key, where that is why the proposal failed. */
function keyTakenBy(error: unknown): Id | undefined {
  if (!(error instanceof DomainError) || error.code !== 'IDEMPOTENCY_CONFLICT') return undefined;
  const { actionId } = error.details;
  return typeof actionId === 'string' ? actionId : undefined;
}

const unreadableInsight = (): DomainError =>
  new DomainError('VALIDATION_FAILED', 'What is stored of this insight cannot be read; it was left out.');
