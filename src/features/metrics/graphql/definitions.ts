import type { FigureName } from '../domain/comparison.js';

/**
 * What each figure is, exactly. Money is in whole units of the tenant's one currency. Shares are 0 to 1. A count is 0
 * where there is nothing to count; anything else is null where the stored data does not say.
 */
export const DEFINITIONS: Readonly<Record<FigureName, string>> = {
  identified: 'Deals opened in the period. A deal whose opening date is unknown is in no period.',
  identifiedValue:
    'What the known values of those deals add up to. 0 when there are none; null when there are some and none has a value.',
  identifiedDealsWithoutValue: 'Deals opened in the period without a value; `identifiedValue` leaves them out.',
  openDeals:
    "Deals open at the period's end; open now, when the period has not ended. At a past end, a deal whose opening date is unknown counts if it was stored by then.",
  openValue:
    'What the known values of the open deals add up to, by today’s figures. 0 when there are none; null when there are some and none has a value.',
  openDealsWithoutValue: 'Open deals without a value; `openValue` leaves them out.',
  estimatedOpenValue:
    'The part of `openValue` that is list prices standing in for missing values. Null when `openValue` is.',
  velocityPerDay:
    'Sales velocity, money per day: openDeals × winRate × averageDeal / averageCycleDays, the last three as in `revenue`. Null when one of them is null, or the cycle is 0 days.',
  emailsSent:
    'Completed emails not known to be inbound. Imported emails often lack a direction; such an email counts as sent.',
  meetingsBooked: 'Meetings that take place in the period, completed or scheduled; not cancelled ones.',
  replies:
    'Completed emails and chats known to be inbound. Null when no completed email or chat of the period has a known direction.',
  accountsWrittenTo: 'Accounts with a completed email or chat in the period that is not known to be inbound.',
  engagementRate:
    'The share of `accountsWrittenTo` from which a completed email or chat known to be inbound came in the period, not before the first that was sent: 0 to 1. Messages without an account are left out. Null when `replies` is null or nobody was written to.',
  actionsExecuted: 'Actions reported as executed in the period, by agents or by the server.',
  actionsFailed: 'Actions reported as failed in the period.',
  actionsOfUnknownOutcome: 'Actions proposed in the period of which nobody knows by now whether they ran.',
  qualificationCompletion:
    'The share of the deals opened in the period that have left prospecting and qualification, by moving on or by being won or lost: 0 to 1. Null when no deal was opened.',
  escalationRate:
    'The share of the actions proposed in the period that the guardrails did not let run alone, hard stops included: 0 to 1. Null when nothing was proposed.',
  approvalRate:
    'The share of the requests decided by people in the period that were approved, whatever became of the action afterwards: 0 to 1. Null when nothing was decided.',
  rejectRate:
    'The share of the requests decided by people in the period that were rejected: 0 to 1. Null when nothing was decided.',
  editRate:
    'The share of the requests approved in the period whose action a person had edited before: 0 to 1. Null when none was approved.',
  executionSuccessRate:
    'actionsExecuted / (actionsExecuted + actionsFailed), from 0 to 1. Null when neither was reported.',
  closedValue:
    'What the known values of the deals won in the period add up to. 0 when none was won; null when some were and none has a value.',
  wonDeals: 'Deals that closed as won in the period.',
  wonDealsWithoutValue: 'Won deals without a value; `closedValue` and `averageDeal` leave them out.',
  lostDeals: 'Deals that closed as lost in the period.',
  winRate: 'wonDeals / (wonDeals + lostDeals), from 0 to 1. Null when no deal was decided.',
  averageDeal: 'Mean value of the won deals that have one. Null when none has.',
  averageCycleDays:
    'Mean number of days from opening to closing, over the won deals that have both dates in that order. Null when none has.',
};
