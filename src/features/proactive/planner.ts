import type { Actor } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/errors.js';
import { type CheckService, hardStopMatter } from '../autonomy/index.js';
import type { GoalStanding } from '../goals/index.js';
import { type GuardrailDecision, opensApproval } from '../guardrails/index.js';
import { type ItemFailure, type JobContext, type JobOutcome, workThrough } from '../jobs/index.js';
import type { ControlReader } from '../policy/index.js';
import { admit } from './domain/admission.js';
import type { PlannedGoal, PlannedInsight } from './domain/grounds.js';
import { type Candidate, planActions, type RecentProposal, unnoted } from './domain/plan.js';
import { keepToPeople, type Refinement, refineEach } from './domain/refinement.js';
import { plannerOf } from './planner-actor.js';
import type { GoalsBehind, PlanModel, PlanningReader } from './ports.js';
import { type PlannedAction, Proposing, type ProposingParts, untried } from './proposing.js';

export interface PlannerParts extends ProposingParts {
  readonly reader: PlanningReader;
  readonly goals: GoalsBehind;
  readonly control: ControlReader;
  /** Tells beforehand which candidates a person would have to sign. */
  readonly check: Pick<CheckService, 'checkAll'>;
  /** Most requests for approval that the planner may have waiting, and most that one run opens. */
  readonly mostRequests: number;
  /** Left out: no language model looks at candidates. */
  readonly model?: PlanModel;
}

/** What is worth doing now, and what could not be looked at. */
interface Plan {
  readonly candidates: readonly Candidate[];
  /** Candidates that are new and have to wait, because enough requests wait for people already. */
  readonly waiting: ReadonlySet<Candidate>;
  /** What a language model made of the new ones; undefined: none did. */
  readonly refined: Refinement | undefined;
  readonly failures: readonly ItemFailure[];
}

/** How long the same is not proposed again for an account unless an operator says otherwise, in days. */
export const DEFAULT_WINDOW_DAYS = 7;
/** Most candidates that one run proposes unless it is told otherwise; the rest has its turn in the next. */
export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 100;
/** Most requests for approval that the planner has waiting unless an operator says otherwise. */
export const DEFAULT_REQUESTS = 20;
/** Pending insights that one run looks at. */
const INSIGHTS = 2_000;
/** Goals that one run looks at, those furthest behind. */
const GOALS = 50;
/** Candidates that a language model is shown, the weightiest. */
const SHOWN = 20;

/** Turns insights and goals that are behind into proposals. The guardrails alone decide what may run of them. */
export class Planner {
  private readonly proposing: Proposing;

  constructor(private readonly parts: PlannerParts) {
    this.proposing = new Proposing(parts);
  }

  /**
   * Proposes what is worth doing, or only says what it would.
   *
   * @param limit most candidates that are proposed; as many duplicates are listed
   * @throws PAUSED unless it only says so
   */
  async planProactiveActions(
    actor: Actor,
    { dryRun, limit }: { readonly dryRun: boolean; readonly limit: number },
  ): Promise<{ readonly planned: readonly PlannedAction[]; readonly waiting: number; readonly failed: number }> {
    const planner = plannerOf(actor.tenantId, actor.tenant);
    if (!dryRun) await this.requireNotPaused(planner);
    const { candidates, waiting, refined, failures } = await this.plan(planner, { isOnlyLooking: dryRun });
    for (const { subjectId, error } of failures) this.parts.onTrouble(error, `planning for ${subjectId} failed`);
    const planned: PlannedAction[] = [];
    const listable = candidates.filter((candidate) => !waiting.has(candidate));
    for (const candidate of listed(listable, limit)) {
      planned.push(
        dryRun && !candidate.duplicateOf ? untried(candidate) : await this.proposing.tryToPropose(planner, candidate),
      );
    }
    planned.push(...(refined?.heldBack ?? []).map(heldBack));
    return { planned, waiting: waiting.size, failed: failures.length };
  }

  /** The body of the job `proactive_outreach_check`. Proposes nothing while the tenant is paused. */
  async run(context: JobContext): Promise<JobOutcome> {
    const planner = plannerOf(context.tenantId);
    const counts = { candidates: 0, allowed: 0, pending_approval: 0, blocked: 0, duplicate: 0, waiting: 0, paused: 0 };
    if (await this.isPaused(planner)) return { counts: { ...counts, paused: 1 } };
    const { candidates, waiting, refined, failures: unplanned } = await this.plan(planner, { signal: context.signal });
    const fresh = candidates.filter(({ duplicateOf }) => duplicateOf === null);
    counts.candidates = candidates.length;
    counts.duplicate = candidates.length - fresh.length;
    counts.waiting = waiting.size;
    const items = fresh.filter((candidate) => !waiting.has(candidate)).slice(0, DEFAULT_LIMIT);
    const { failed, failures } = await workThrough(context, {
      items,
      total: items.length,
      subjectOf: ({ accountId }) => accountId,
      work: async (candidate) => {
        const { outcome } = await this.proposing.propose(planner, candidate);
        counts[outcome] += 1;
      },
    });
    const advised = refined && { held_back: refined.heldBack.length, added: refined.added, rejected: refined.rejected };
    return {
      counts: { ...counts, ...advised },
      failed: failed + unplanned.length,
      failures: [...unplanned, ...failures],
    };
  }

  /** @param isOnlyLooking leaves even what an interrupted run did not note as it is */
  private async plan(
    planner: Actor,
    { isOnlyLooking = false, signal }: { readonly isOnlyLooking?: boolean; readonly signal?: AbortSignal },
  ): Promise<Plan> {
    const { transactor, reader, clock, windowMs } = this.parts;
    const since = new Date(clock.now().getTime() - windowMs);
    const failures: ItemFailure[] = [];
    const goals = await this.goalsBehind(planner, failures);
    const { insights, unreadable, recent, openDeals } = await transactor.run(planner.tenantId, async (tx) => {
      const pending = await reader.pendingInsights(tx, since, INSIGHTS);
      const grounds = [...pending.insights, ...goals.flatMap(({ accounts }) => accounts)];
      const accountIds = [...new Set(grounds.map(({ accountId }) => accountId))];
      const insightIds = pending.insights.map(({ id }) => id);
      const recent = await reader.recentProposals(tx, { accountIds, insightIds, since });
      return { ...pending, recent, openDeals: await reader.openDeals(tx, accountIds) };
    });
    failures.push(...unreadable.map((subjectId) => ({ subjectId, error: unreadableInsight() })));
    const open = isOnlyLooking ? insights : await this.noteUnnoted(planner, insights, recent);
    const made = planActions({ insights: open, goals, recent, openDeals });
    const refined = await this.refined(planner, { made, recent }, signal);
    const candidates = refined
      ? [
          ...refined.candidates.map(({ candidate }) => candidate),
          ...made.filter(({ duplicateOf }) => duplicateOf !== null),
        ]
      : made;
    return { candidates, waiting: await this.waitingAmong(planner, candidates), refined, failures };
  }

  /** What a language model makes of the new candidates; undefined: it was not asked, or nothing came of it. */
  private async refined(
    planner: Actor,
    { made, recent }: { readonly made: readonly Candidate[]; readonly recent: readonly RecentProposal[] },
    signal: AbortSignal | undefined,
  ): Promise<Refinement | undefined> {
    const { model } = this.parts;
    const fresh = made.filter(({ duplicateOf }) => duplicateOf === null);
    if (!model?.isThere || fresh.length === 0) return undefined;
    const accounts = Map.groupBy(fresh.slice(0, SHOWN), ({ accountId }) => accountId);
    const advised = await model.advise(planner.tenantId, [...accounts.values()], signal);
    if (advised.length === 0) return undefined;
    const namesHardStop = (draft: string) => hardStopMatter({}, { draft }).length > 0;
    const refined = refineEach(fresh, advised, { recent, namesHardStop });
    const alone = await this.among(
      planner,
      refined.candidates.map(({ candidate }) => candidate),
      ({ allowed }) => allowed,
    );
    return keepToPeople(refined, new Set(alone));
  }

  /** New candidates that a person would have to sign and that have to wait until people have decided on others. */
  private async waitingAmong(planner: Actor, candidates: readonly Candidate[]): Promise<ReadonlySet<Candidate>> {
    const { transactor, reader, mostRequests: most } = this.parts;
    const fresh = candidates.filter(({ duplicateOf }) => duplicateOf === null);
    const asking = await this.among(planner, fresh, opensApproval);
    const waiting = await transactor.run(planner.tenantId, (tx) => reader.waitingRequests(tx));
    const admitted = admit(asking, { most, waiting });
    return new Set(asking.filter((candidate) => !admitted.has(candidate)));
  }

  /** Those of which the check says so now. */
  private async among(
    planner: Actor,
    candidates: readonly Candidate[],
    isSo: (decision: GuardrailDecision) => boolean,
  ): Promise<readonly Candidate[]> {
    const answers = await this.parts.check.checkAll(
      planner,
      candidates.map((candidate) => ({ ...candidate, dealStage: null })),
    );
    return candidates.filter((_, index) => {
      const answer = answers[index];
      return answer !== undefined && !(answer instanceof DomainError) && isSo(answer);
    });
  }

  /** Catches up on what a run that ended between a proposal and its note has left, and gives the other insights. */
  private async noteUnnoted(
    planner: Actor,
    insights: readonly PlannedInsight[],
    recent: readonly RecentProposal[],
  ): Promise<readonly PlannedInsight[]> {
    const left = unnoted(insights, recent);
    for (const { insightId, actionId } of left) await this.proposing.note(planner, [insightId], actionId);
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

const heldBack = ({ candidate, why }: Refinement['heldBack'][number]): PlannedAction => ({
  ...untried(candidate),
  outcome: 'held_back',
  message: `A language model advises against it for now: ${JSON.stringify(why)}`,
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

const unreadableInsight = (): DomainError =>
  new DomainError('VALIDATION_FAILED', 'What is stored of this insight cannot be read; it was left out.');
