import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import type { GoalAccount, OpenDeal, PlannedGoal, PlannedInsight } from './grounds.js';
import { contactToName, dealToName } from './subject.js';
import { cited, figuresOf, rationaleOf } from './wording.js';

/** What was proposed for an account lately, by whomever. */
export interface RecentProposal {
  readonly actionId: Id;
  readonly accountId: Id;
  readonly actionType: string;
  /** The insights it came of, where the planner proposed it and it was not blocked. */
  readonly insightIds: readonly Id[];
}

export interface PlanInput {
  readonly insights: readonly PlannedInsight[];
  readonly goals: readonly PlannedGoal[];
  /** Within the window in which the same is not proposed again. */
  readonly recent: readonly RecentProposal[];
  /** By account, all its open deals; an account without one may be left out. */
  readonly openDeals: ReadonlyMap<Id, readonly OpenDeal[]>;
}

/** The planner's vocabulary: no hard stop is in it. What may run of it, the guardrails decide. */
export const PLANNED_ACTION_TYPES = [
  'send_follow_up_email',
  'send_chat_message',
  'schedule_meeting',
  'qualify_conversation',
  'escalate_to_management',
] as const;
export type PlannedActionType = (typeof PLANNED_ACTION_TYPES)[number];

/** An action that is worth proposing, and why. */
export interface Candidate {
  /** Of the planner's vocabulary; what a language model added may also be a hard stop, which is refused on record. */
  readonly actionType: string;
  readonly accountId: Id;
  readonly accountName: string;
  /** The deal that the goal is about, where naming it opens no gate that another deal of the account closes. */
  readonly dealId: Id | null;
  /** The person it is addressed to, where the evidence names one. */
  readonly contactId: Id | null;
  readonly cloneId: Id | null;
  /** The goal it serves most; null: none that is behind. */
  readonly goalId: Id | null;
  /** The insights it answers, the weightiest first. */
  readonly insightIds: readonly Id[];
  /** Of the weightiest insight; null: it comes of a goal only. */
  readonly severity: PlannedInsight['severity'] | null;
  /** Sum of the known values of the account's open deals. */
  readonly openValue: number;
  /** How far the goal is behind an even pace, in percentage points; 0 without one. */
  readonly goalGap: number;
  readonly rationale: string;
  /** The brief for the agent. */
  readonly payload: JsonObject;
  /** A proposal of the same type for the same account within the window; null: there is none. */
  readonly duplicateOf: Id | null;
}

/** From the least to the most severe. */
export const SEVERITIES: readonly PlannedInsight['severity'][] = ['low', 'medium', 'high', 'critical'];

/** What an insight asks for: a person's attention where much is at stake, else a word to the customer. */
export function answerTo({ category, severity }: Pick<PlannedInsight, 'category' | 'severity'>): PlannedActionType {
  switch (category) {
    case 'buying_signal':
      return 'send_follow_up_email';
    case 'risk':
      return severity === 'high' || severity === 'critical' ? 'escalate_to_management' : 'send_follow_up_email';
    case 'engagement_change':
      return 'send_chat_message';
    default:
      throw new Error(`an insight of unknown category: ${category satisfies never}`);
  }
}

/** A goal's corrective action; `GapAccount`s are chosen and ordered by the same thought. */
export function correctionFor(type: PlannedGoal['type']): PlannedActionType {
  switch (type) {
    case 'revenue':
    case 'pipeline':
      return 'send_follow_up_email';
    case 'activity':
      return 'schedule_meeting';
    case 'quality':
      return 'qualify_conversation';
    default:
      throw new Error(`a goal of unknown type: ${type satisfies never}`);
  }
}

/** What stands behind a candidate before it is put into words. */
interface Draft {
  readonly actionType: PlannedActionType;
  readonly accountId: Id;
  readonly accountName: string;
  readonly insights: PlannedInsight[];
  /** The goal that the action corrects; at most one, the one furthest behind. */
  goal: { readonly goal: PlannedGoal; readonly account: GoalAccount } | undefined;
}

/**
 * The actions that are worth proposing, the weightiest first: by how far the goal is behind that the account would
 * help, then by severity, then by confidence. At most one of each type for each account: what speaks for the same is
 * one candidate with all the reasons. What was proposed within the window is marked, not left out.
 *
 * The same input in any order gives the same plan.
 */
export function planActions({ insights, goals, recent, openDeals }: PlanInput): readonly Candidate[] {
  const drafts = new Map<string, Draft>();
  const draftOf = (actionType: PlannedActionType, account: Pick<Draft, 'accountId' | 'accountName'>): Draft => {
    const { accountId, accountName } = account;
    const key = placeOf(accountId, actionType);
    const draft = drafts.get(key) ?? { actionType, accountId, accountName, insights: [], goal: undefined };
    drafts.set(key, draft);
    return draft;
  };
  const byGap = [...goals].sort((a, b) => gapOf(b) - gapOf(a) || compareIds(a.id, b.id));
  for (const goal of byGap) {
    for (const account of goal.accounts) {
      draftOf(correctionFor(goal.type), account).goal ??= { goal, account };
    }
  }
  for (const insight of [...insights].sort(byWeight)) draftOf(answerTo(insight), insight).insights.push(insight);

  const gaps = gapsByAccount(byGap);
  const proposed = new Map(recent.map((one) => [placeOf(one.accountId, one.actionType), one.actionId]));
  return [...drafts.values()]
    .map((draft) => ({ draft, gap: gaps.get(draft.accountId) ?? 0 }))
    .sort((a, b) => b.gap - a.gap || compareDrafts(a.draft, b.draft))
    .map(({ draft, gap }) =>
      toCandidate(draft, {
        gap,
        openDeals: openDeals.get(draft.accountId) ?? [],
        duplicateOf: proposed.get(placeOf(draft.accountId, draft.actionType)) ?? null,
      }),
    );
}

/** Insights that an action came of already, though nobody noted it: a run ended between the two. */
export function unnoted(
  insights: readonly Pick<PlannedInsight, 'id'>[],
  recent: readonly RecentProposal[],
): readonly { readonly insightId: Id; readonly actionId: Id }[] {
  const actionOf = new Map(
    recent.flatMap(({ actionId, insightIds }) => insightIds.map((id) => [id, actionId] as const)),
  );
  return insights.flatMap(({ id }) => {
    const actionId = actionOf.get(id);
    return actionId === undefined ? [] : [{ insightId: id, actionId }];
  });
}

const placeOf = (accountId: Id, actionType: string): string => `${accountId} ${actionType}`;

/** How far a goal is behind an even pace, in percentage points. */
const gapOf = ({ expectedPercent, progressPercent }: PlannedGoal): number =>
  Math.max(0, expectedPercent - progressPercent);

/** Of each account that would help a goal: how far the goal is behind that it would help most. */
function gapsByAccount(byGap: readonly PlannedGoal[]): ReadonlyMap<Id, number> {
  const gaps = new Map<Id, number>();
  for (const goal of byGap) {
    for (const { accountId } of goal.accounts) if (!gaps.has(accountId)) gaps.set(accountId, gapOf(goal));
  }
  return gaps;
}

const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byWeight = (a: PlannedInsight, b: PlannedInsight): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
  b.confidence - a.confidence ||
  compareIds(a.id, b.id);

/** Ends in what no two drafts share, so that the order is total. */
function compareDrafts(a: Draft, b: Draft): number {
  const [first, second] = [a.insights[0], b.insights[0]];
  if (first && second) return byWeight(first, second);
  if (first || second) return first ? -1 : 1;
  const rankOf = ({ goal, accountId }: Draft) =>
    goal?.goal.accounts.findIndex((account) => account.accountId === accountId) ?? 0;
  return rankOf(a) - rankOf(b) || compareIds(placeOf(a.accountId, a.actionType), placeOf(b.accountId, b.actionType));
}

interface Surroundings {
  readonly gap: number;
  readonly openDeals: readonly OpenDeal[];
  readonly duplicateOf: Id | null;
}

function toCandidate(
  { actionType, accountId, accountName, insights, goal }: Draft,
  { gap, openDeals, duplicateOf }: Surroundings,
): Candidate {
  const [lead] = insights;
  const insightIds = insights.map(({ id }) => id);
  return {
    actionType,
    accountId,
    accountName,
    dealId: dealToName(goal?.account.dealId ?? null, openDeals),
    contactId: isForCustomer(actionType) ? contactToName(lead?.evidence ?? []) : null,
    cloneId: goal?.goal.cloneId ?? null,
    goalId: goal?.goal.id ?? null,
    insightIds,
    severity: lead?.severity ?? null,
    openValue: openDeals.reduce((sum, { value }) => sum + (value ?? 0), 0),
    goalGap: gap,
    rationale: rationaleOf(insights, goal && { goal: goal.goal, reason: goal.account.reason }),
    payload: {
      purpose: goal && !lead ? goal.goal.suggestion : purposeOf(actionType, lead),
      accountName,
      insightIds,
      evidence: insights.flatMap(cited),
      ...(goal && {
        goal: { id: goal.goal.id, ...figuresOf(goal.goal), dealId: goal.account.dealId, reason: goal.account.reason },
      }),
    },
    duplicateOf,
  };
}

/** Whether it reaches somebody at the account; an escalation stays inside. */
const isForCustomer = (actionType: PlannedActionType): boolean => actionType !== 'escalate_to_management';

/** What the agent is to do, in words that owe nothing to the customer's. */
function purposeOf(actionType: PlannedActionType, lead: PlannedInsight | undefined): string {
  const about = lead?.type.replaceAll('_', ' ') ?? 'the goal';
  if (actionType === 'escalate_to_management') return `Bring this risk to management: ${about}.`;
  if (lead?.category === 'engagement_change') return `Ask the customer how things stand: ${about}.`;
  if (lead?.category === 'risk') return `Follow up before the risk grows: ${about}.`;
  return `Follow up on the buying signal: ${about}.`;
}
