import type { Id } from './ids.js';
import type { JsonObject } from './json.js';

/** Closed list of what the log records. One row per change, committed with the change. */
export const EVENT_TYPES = [
  // A proposal leaves exactly one of these three, by what the guardrails said. Subject: the action, as for all of its life.
  'action.allowed',
  'approval.requested',
  'action.blocked',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  // The request as such goes on: half its time is over; its text was edited; the ground it stood on has moved.
  'approval.escalated',
  'approval.edited',
  'approval.renewed',
  'approval.voted',
  'approval.invalidated',
  'approval.cancelled',
  'action.cancelled',
  'action.claimed',
  'action.executed',
  'action.failed',
  'action.invalidated',
  'action.expired',
  'action.outcome_unknown',
  'action.reconciled',
  'action.retried',
  'policy.changed',
  'autonomy.paused',
  'autonomy.resumed',
  'delegation.created',
  'delegation.revoked',
  'connector.changed',
  'goal.created',
  'goal.progressed',
  'goal.completed',
  'goal.missed',
  'goal.cancelled',
  'account.recorded',
  'contact.recorded',
  'deal.recorded',
  'interaction.recorded',
  'user.changed',
  'user.suspended',
  'user.reinstated',
  'api_key.created',
  'api_key.revoked',
  'clone.changed',
  // Subject: the insight. It is raised once; escalated, when what it shows becomes more severe.
  'insight.raised',
  'insight.escalated',
  'insight.acted',
  'insight.dismissed',
  'insight.feedback_given',
  // Subject: the tenant.
  'patterns.competitors_set',
  // Subject: the run.
  'job.started',
  'job.progressed',
  'job.finished',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a use case writes. The log adds its own position and the writing transaction. */
export interface NewEvent {
  readonly type: EventType;
  /** Id of the object the event is about: an action, goal, account, … */
  readonly subjectId: Id;
  /** Facts a reader needs without a look-up. Never a payload that a person has to sign, never a secret. */
  readonly data: JsonObject;
  /** Who made the change: a principal's name, or `system:` and what part of the server. */
  readonly actor: string;
  readonly at: Date;
}

export interface LogEvent extends NewEvent {
  /** Opaque position in the log; feed it to `after` to continue exactly behind this event. */
  readonly cursor: string;
  readonly tenantId: Id;
}
