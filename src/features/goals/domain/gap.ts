import type { Id } from '../../../kernel/ids.js';
import type { Goal } from './goal.js';

/**
 * Stages of an open deal in the order a deal usually passes through them, and how likely a deal in each is won: a rule
 * of thumb, not a figure of the tenant's.
 */
const STAGE_CHANCES = {
  prospecting: 0.1,
  qualification: 0.2,
  discovery: 0.3,
  evaluation: 0.5,
  negotiation: 0.75,
} as const;
export type OpenStage = keyof typeof STAGE_CHANCES;
const STAGES: readonly OpenStage[] = ['prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation'];

/** An open deal of a candidate. */
export interface OpenDeal {
  readonly id: Id;
  readonly stage: OpenStage;
  /** Null: nobody has said. */
  readonly value: number | null;
}

/** What is known of an account that may help a goal. */
export interface GapCandidate {
  readonly accountId: Id;
  readonly accountName: string;
  readonly openDeals: readonly OpenDeal[];
  /** The newest completed interaction over every channel; null: none is stored. */
  readonly lastInteractionAt: Date | null;
  /** The newest completed interaction that came from the account; null: none is known. */
  readonly lastInboundAt: Date | null;
}

/** An account to work on for a goal, and why. */
export interface GapAccount {
  readonly accountId: Id;
  readonly accountName: string;
  /** Sum of the known values of its open deals; null when it has none or none has a value. */
  readonly openValue: number | null;
  /** The open deal to work on: the one that would bring most. Null where the goal is about no deal that there is. */
  readonly dealId: Id | null;
  /** Furthest stage of its open deals; null when it has none. */
  readonly stage: OpenStage | null;
  /** Whole days since the newest interaction; null when none is stored. */
  readonly silentDays: number | null;
  /** What it would likely bring towards the goal, in the goal's unit; null where that cannot be said. */
  readonly expectedGain: number | null;
  /** The same in words. */
  readonly reason: string;
}

/** Silence up to this many days says nothing; the chance halves by `COLD_DAYS`. */
const QUIET_DAYS = 14;
const COLD_DAYS = 90;
const DAY_MS = 86_400_000;

/** Most accounts that are named for a goal. */
export const MAX_GAP_ACCOUNTS = 5;

/**
 * The accounts whose work would close a goal's gap most, the best first: as many as it takes, at most `limit`.
 *
 * Revenue goes by the value of open deals, weighed by stage and silence; quality by open deals that wait to be
 * qualified; activity by who answered lately; pipeline by who could open a deal and has none.
 *
 * @param candidates those that suit the goal's type, as `GapReader` gives them
 */
export function accountsThatCloseTheGap(
  goal: Pick<Goal, 'type' | 'target' | 'current'>,
  candidates: readonly GapCandidate[],
  now: Date,
  limit = MAX_GAP_ACCOUNTS,
): readonly GapAccount[] {
  const gap = goal.target - goal.current;
  if (gap <= 0) return [];
  const ranked = candidates
    .map((candidate) => ({ candidate, account: toAccount(goal.type, candidate, now) }))
    .filter(({ candidate, account }) => isUseful(goal.type, candidate, account))
    .sort((a, b) => compare(goal.type, a, b))
    .map(({ account }) => account);
  const chosen: GapAccount[] = [];
  let closed = 0;
  for (const account of ranked) {
    if (chosen.length >= limit || closed >= gap) break;
    chosen.push(account);
    closed += account.expectedGain ?? 0;
  }
  return chosen;
}

interface Ranked {
  readonly candidate: GapCandidate;
  readonly account: GapAccount;
}

function isUseful(type: Goal['type'], { openDeals, lastInboundAt }: GapCandidate, account: GapAccount): boolean {
  switch (type) {
    case 'revenue':
      return (account.expectedGain ?? 0) > 0;
    case 'quality':
      return openDeals.length > 0;
    case 'activity':
      return lastInboundAt !== null;
    case 'pipeline':
      return openDeals.length === 0;
    default:
      throw new Error(`a goal of unknown type: ${type satisfies never}`);
  }
}

/** Ends in the id, so that the order is total and does not depend on the order of the candidates. */
function compare(type: Goal['type'], a: Ranked, b: Ranked): number {
  const byId = a.account.accountId < b.account.accountId ? -1 : 1;
  const bySilence = (b.account.silentDays ?? 0) - (a.account.silentDays ?? 0);
  const byValue = (b.account.openValue ?? 0) - (a.account.openValue ?? 0);
  switch (type) {
    case 'revenue':
      return (b.account.expectedGain ?? 0) - (a.account.expectedGain ?? 0) || bySilence || byId;
    case 'quality':
      return byValue || bySilence || byId;
    case 'activity':
      return byValue || timeOf(b.candidate.lastInboundAt) - timeOf(a.candidate.lastInboundAt) || byId;
    case 'pipeline':
      return timeOf(b.candidate.lastInteractionAt) - timeOf(a.candidate.lastInteractionAt) || byId;
    default:
      throw new Error(`a goal of unknown type: ${type satisfies never}`);
  }
}

const timeOf = (time: Date | null): number => time?.getTime() ?? 0;

function toAccount(type: Goal['type'], candidate: GapCandidate, now: Date): GapAccount {
  const { accountId, accountName, openDeals, lastInteractionAt } = candidate;
  const values = openDeals.flatMap(({ value }) => (value === null ? [] : [value]));
  const silentDays =
    lastInteractionAt === null ? null : Math.max(0, Math.floor((now.getTime() - lastInteractionAt.getTime()) / DAY_MS));
  const account = {
    accountId,
    accountName,
    openValue: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0),
    dealId: dealToWorkOn(type, openDeals),
    stage: furthestStage(openDeals),
    silentDays,
    expectedGain: gainOf(type, openDeals, silentDays),
  };
  return { ...account, reason: reasonOf(type, account, openDeals.length) };
}

const furthestStage = (deals: readonly OpenDeal[]): OpenStage | null =>
  STAGES.findLast((stage) => deals.some((deal) => deal.stage === stage)) ?? null;

/** Revenue goes by what a deal is likely to bring, quality by its value; of equals, the one with the smallest id. */
function dealToWorkOn(type: Goal['type'], deals: readonly OpenDeal[]): Id | null {
  if (type !== 'revenue' && type !== 'quality') return null;
  const worthOf = ({ stage, value }: OpenDeal) => (value ?? 0) * (type === 'revenue' ? STAGE_CHANCES[stage] : 1);
  const [best] = [...deals].sort((a, b) => worthOf(b) - worthOf(a) || (a.id < b.id ? -1 : 1));
  return best?.id ?? null;
}

function gainOf(type: Goal['type'], deals: readonly OpenDeal[], silentDays: number | null): number | null {
  if (type === 'activity') return 1;
  if (type !== 'revenue') return null;
  const likely = deals.reduce((sum, { stage, value }) => sum + (value ?? 0) * STAGE_CHANCES[stage], 0);
  return likely * warmth(silentDays);
}

/** 1 up to `QUIET_DAYS` of silence, then falling evenly to a half at `COLD_DAYS`; a half where nobody ever spoke. */
export function warmth(silentDays: number | null): number {
  if (silentDays === null) return 0.5;
  const cooled = (silentDays - QUIET_DAYS) / (COLD_DAYS - QUIET_DAYS);
  return 1 - Math.min(Math.max(cooled, 0), 1) / 2;
}

function reasonOf(type: Goal['type'], account: Omit<GapAccount, 'reason'>, deals: number): string {
  const { openValue, stage, silentDays, expectedGain } = account;
  const silence = silentDays === null ? 'no contact is stored' : `last contact ${countOf(silentDays, 'day')} ago`;
  const worth = openValue === null ? '' : ` worth ${amount(openValue)}`;
  const open = `${countOf(deals, 'open deal')}${worth}${stage === null ? '' : `, the furthest in ${stage}`}`;
  switch (type) {
    case 'revenue':
      return `${open}; ${silence}; likely to bring ${amount(expectedGain ?? 0)}.`;
    case 'quality':
      return `${open}, not qualified yet; ${silence}.`;
    case 'activity':
      return `Answered lately; ${silence}; ${open}.`;
    case 'pipeline':
      return `No open deal; ${silence}.`;
    default:
      throw new Error(`a goal of unknown type: ${type satisfies never}`);
  }
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const amount = (value: number): string => Math.round(value).toLocaleString('en');
