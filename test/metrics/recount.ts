import type { DealRecord, Records } from './records.js';

/** Days of the period, end excluded, and the day it is now. */
export interface Question {
  readonly start: number;
  readonly end: number;
  readonly now: number;
  readonly clone: 0 | 1 | null;
}

const OPEN = ['prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation'];

/** The metrics of the same records by plain counting, record by record: what the database's answer must be. */
export function recount(records: Records, { start, end, now, clone }: Question) {
  const ours = <R extends { clone: 0 | 1 | null }>(all: readonly R[]) =>
    all.filter((record) => clone === null || record.clone === clone);
  const within = (day: number | null) => day !== null && day >= start && day < end;
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);

  const deals = ours(records.deals);
  const identified = deals.filter(({ opened }) => within(opened));
  const open = deals.filter((deal) => (end < now ? wasOpen(deal, end) : OPEN.includes(deal.stage)));
  const won = deals.filter(({ stage, closed }) => stage === 'closed_won' && within(closed));
  const lost = deals.filter(({ stage, closed }) => stage === 'closed_lost' && within(closed));
  const lengths = won.flatMap(({ opened, closed }) =>
    opened === null || closed === null || opened > closed ? [] : [closed - opened],
  );
  const winRate = share(won.length, won.length + lost.length);
  const valued = won.filter(({ cents }) => cents !== null);
  const averageDeal = share(add(valued), valued.length);
  const averageCycleDays = share(
    lengths.reduce((sum, days) => sum + days, 0),
    lengths.length,
  );
  const isUnplaced = identified.some(({ stage, past }) => stage === 'closed_lost' && past.length === 0);
  const reaching = (index: number) =>
    identified.filter(
      ({ stage, past }) => stage === 'closed_won' || [...past, stage].some((one) => OPEN.indexOf(one) >= index),
    ).length;

  const told = ours(records.interactions).filter(({ occurred }) => within(occurred));
  const done = told.filter(({ status }) => status === 'completed');
  const emailsSent = done.filter(({ channel, direction }) => channel === 'email' && direction !== 'inbound').length;
  const messages = done.filter(({ channel }) => ['email', 'chat'].includes(channel));
  const replies = messages.every(({ direction }) => direction === null)
    ? null
    : messages.filter(({ direction }) => direction === 'inbound').length;

  const perAccount = [0, 1].map((account) => messages.filter((message) => message.account === account));
  const writtenTo = perAccount.filter((talk) => talk.some(({ direction }) => direction !== 'inbound'));
  const answered = writtenTo.filter((talk) => {
    const sent = talk.filter(({ direction }) => direction !== 'inbound').map(({ occurred }) => occurred);
    return talk.some(({ direction, occurred }) => direction === 'inbound' && occurred >= Math.min(...sent));
  });

  const proposed = ours(records.actions).filter((action) => within(action.proposed));
  const decided = ours(records.actions).flatMap(({ request, revised }) =>
    request && request.by !== null && within(request.decided) ? [{ status: request.status, revised }] : [],
  );
  const approvals = decided.filter(({ status }) => status !== 'rejected');
  const edited = approvals.filter(({ revised }) => revised === 'edited').length;
  const [approved, rejected] = [approvals.length, decided.length - approvals.length];
  const ended = ours(records.actions).filter(({ finished }) => within(finished));
  const executed = ended.filter(({ status }) => status === 'executed').length;
  const hasNoFactor = winRate === null || averageDeal === null || !averageCycleDays;

  return {
    pipeline: {
      identified: identified.length,
      identifiedValue: total(identified),
      identifiedDealsWithoutValue: identified.filter(({ cents }) => cents === null).length,
      openDeals: open.length,
      openValue: total(open),
      openDealsWithoutValue: open.filter(({ cents }) => cents === null).length,
      estimatedOpenValue: total(open) === null ? null : add(open.filter(({ isEstimate }) => isEstimate)),
      velocityPerDay: hasNoFactor ? null : (open.length * winRate * averageDeal) / averageCycleDays,
      stageConversion: OPEN.map((stage, index) => ({
        stage,
        reached: reaching(index),
        converted: reaching(index + 1),
        rate: isUnplaced ? null : share(reaching(index + 1), reaching(index)),
      })),
    },
    activity: {
      emailsSent,
      meetingsBooked: told.filter(({ channel, status }) => channel === 'meeting' && status !== 'cancelled').length,
      replies,
      accountsWrittenTo: writtenTo.length,
      engagementRate: replies === null ? null : share(answered.length, writtenTo.length),
      actionsExecuted: executed,
      actionsFailed: ended.length - executed,
      actionsOfUnknownOutcome: proposed.filter(({ status }) => status === 'outcome_unknown').length,
    },
    quality: {
      qualificationCompletion: share(
        identified.filter(({ stage }) => stage !== 'prospecting' && stage !== 'qualification').length,
        identified.length,
      ),
      escalationRate: share(proposed.filter(({ reason }) => reason !== 'autonomous').length, proposed.length),
      approvalRate: share(approved, approved + rejected),
      rejectRate: share(rejected, approved + rejected),
      editRate: share(edited, approved),
      executionSuccessRate: share(executed, ended.length),
    },
    revenue: {
      closedValue: total(won),
      wonDeals: won.length,
      wonDealsWithoutValue: won.length - valued.length,
      lostDeals: lost.length,
      winRate,
      averageDeal,
      averageCycleDays,
    },
  };
}

function wasOpen({ stage, opened, closed, stored }: DealRecord, day: number): boolean {
  if ((opened ?? stored) >= day) return false;
  return OPEN.includes(stage) || (closed !== null && closed >= day);
}

const add = (deals: readonly DealRecord[]): number => deals.reduce((sum, { cents }) => sum + (cents ?? 0), 0) / 100;

const total = (deals: readonly DealRecord[]): number | null =>
  deals.length > 0 && deals.every(({ cents }) => cents === null) ? null : add(deals);
