/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocument as DocumentNode } from '../../client/document.js';
/** What has become of an action. */
export type ActionStatus =
  /** The guardrails let it run alone; nobody has claimed it yet. */
  | 'ALLOWED'
  /** A person signed it; nobody has claimed it yet. */
  | 'APPROVED'
  /** A hard stop: the server never runs it. Final. */
  | 'BLOCKED'
  /** Its proposer took it back before it ran. Final. */
  | 'CANCELLED'
  /** Whoever ran it reported success. Final. */
  | 'EXECUTED'
  /** An agent or a connector has claimed it and runs it. */
  | 'EXECUTING'
  /** Nobody decided in time, so it did not run. Final; the agent may propose again. */
  | 'EXPIRED'
  /** Whoever ran it reported that it did not happen. Final for agents; what a connector gave up can be retried. */
  | 'FAILED'
  /** What it was signed for has changed, so it did not run. Final. */
  | 'INVALIDATED'
  /** It may or may not have run; a person has to find out. */
  | 'OUTCOME_UNKNOWN'
  /** Waits for a person. */
  | 'PENDING_APPROVAL'
  /** A person said no. Final. */
  | 'REJECTED';

/** How far an agent may go alone with a type of action. */
export type ActionTier =
  /** A person approves or rejects it before it runs. A type that is not built in is treated the same. */
  | 'APPROVAL_REQUIRED'
  /** The agent may do it alone, unless the deal is in a gated stage; then a person decides. */
  | 'AUTONOMOUS'
  /** The server never runs it, and no approval, role or setting changes that: a person does it, elsewhere. */
  | 'HARD_STOP';

/** What has become of a request for approval. */
export type ApprovalStatus =
  /** A person signed it. */
  | 'APPROVED'
  /** Taken back before anybody decided. */
  | 'CANCELLED'
  /** Nobody decided in time. Nobody said no, and nothing ran. */
  | 'EXPIRED'
  /** What it asks for has changed in the meantime. */
  | 'INVALIDATED'
  /** Waits for a person. */
  | 'PENDING'
  /** A person said no. */
  | 'REJECTED';

/** A signature under a request. */
export type ApproveActionInput = {
  /** The request. */
  readonly approvalId: string;
  /** A remark for the record, at most 2,000 characters. */
  readonly comment?: string | null | undefined;
  /** `digest` of what you were shown: only exactly that is approved. */
  readonly digest: string;
};

/** A seal as you wrote it down. */
export type AuditHeadInput = {
  /** Its hash: 64 hexadecimal digits. */
  readonly hash: string;
  /** Its number. */
  readonly number: number;
};

/** In what way the log is not what was sealed. */
export type AuditProblemKind =
  /** A seal does not follow on the one before it: one of the two was replaced. */
  | 'CHAIN_BROKEN'
  /** Sealed events have changed places. */
  | 'EVENTS_REORDERED'
  /** A sealed event is gone, and it was not retention that deleted it. */
  | 'EVENT_DELETED'
  /** A sealed event says something else: another type, subject, fact, actor or time. */
  | 'EVENT_EDITED'
  /** An event stands in the sealed part of the log that was not there when it was sealed. */
  | 'EVENT_INSERTED'
  /** The chain does not contain the head that was written down: it was written anew. */
  | 'HEAD_DIFFERS'
  /** The chain ends before the head that was written down: its end was cut off. */
  | 'HEAD_MISSING'
  /** A seal does not have the hash that its own content gives. */
  | 'SEAL_ALTERED'
  /** One or more seals are missing before a later one. */
  | 'SEAL_MISSING';

/** An agent takes an action to run it. */
export type ClaimActionInput = {
  /** The action; it must be ALLOWED or APPROVED. */
  readonly actionId: string;
  /** Made up by you for this one claim, 1 to 200 characters, such as a UUID. While you hold it, the same claim sent again gives the same answer, under the same `leaseEpoch` and with its time counted anew, so that an answer lost on the way costs nothing. Never the same for two workers, nor after a restart: both would run it. */
  readonly claimKey?: string | null | undefined;
  /** How long you expect to need, in seconds: 5 to 3,600. 300 when left out. */
  readonly leaseSeconds?: number | null | undefined;
};

/** The action has run. */
export type CompleteActionInput = {
  /** The action you hold the claim of. */
  readonly actionId: string;
  /** `leaseEpoch` as the claim gave it. */
  readonly leaseEpoch: number;
  /** What came of it: message ids, links, figures. At most 64 KiB. */
  readonly result?: Record<string, unknown> | null | undefined;
};

/** Who runs an action. */
export type Connector =
  /** An agent claims it, runs it and reports. */
  | 'AGENT'
  /** The server does it in its own data. */
  | 'BUILT_IN'
  /** The server sends it by SMTP. */
  | 'EMAIL'
  /** The server posts it to the tenant’s webhook, signed. */
  | 'WEBHOOK';

/** A number to reach within a period. */
export type CreateGoalInput = {
  /** The clone it is for. Left out: the whole tenant. */
  readonly cloneId?: string | null | undefined;
  /** What is reached already: 0 or more; then the value is yours to tell. Left out: 0, and the server measures it. */
  readonly current?: number | null | undefined;
  /** First instant after the period: after its start, by at most 5 years. */
  readonly periodEnd: string;
  /** First instant of the period. */
  readonly periodStart: string;
  /** The number to reach: above 0, at most 1,000,000,000,000. */
  readonly target: number;
  /** What to call it, at most 200 characters. Left out: by its type. */
  readonly title?: string | null | undefined;
  /** What it is about. */
  readonly type: GoalType;
};

/** Where a deal stands, in the order a deal usually takes. */
export type DealStage =
  /** The customer did not buy. Gated: every action waits for a person. */
  | 'CLOSED_LOST'
  /** The customer bought. Gated: every action waits for a person. */
  | 'CLOSED_WON'
  /** Learning what the customer needs. */
  | 'DISCOVERY'
  /** The customer compares offers. Gated: every action waits for a person. */
  | 'EVALUATION'
  /** Terms are being negotiated. Gated: every action waits for a person. */
  | 'NEGOTIATION'
  /** A possible customer was found; nothing is agreed. */
  | 'PROSPECTING'
  /** Finding out whether need, budget and authority are there. */
  | 'QUALIFICATION';

/** What a log row records. */
export type EventType =
  /** An account was created or changed. */
  | 'ACCOUNT_RECORDED'
  /** A proposal that may run without a person. */
  | 'ACTION_ALLOWED'
  /** A proposal that never runs: a hard stop. */
  | 'ACTION_BLOCKED'
  /** An action that might have run was taken back by who proposed it. */
  | 'ACTION_CANCELLED'
  /** An agent took the action to run it. */
  | 'ACTION_CLAIMED'
  /** The agent reported success. */
  | 'ACTION_EXECUTED'
  /** An approval went stale before the action was run. */
  | 'ACTION_EXPIRED'
  /** The agent reported failure. */
  | 'ACTION_FAILED'
  /** An action that was allowed or approved will not run, because the ground has moved. */
  | 'ACTION_INVALIDATED'
  /** Whoever ran the action went silent: it may or may not have happened. */
  | 'ACTION_OUTCOME_UNKNOWN'
  /** A person found out what had become of an action. */
  | 'ACTION_RECONCILED'
  /** A connector is to try an action again. */
  | 'ACTION_RETRIED'
  /** An API key was made. */
  | 'API_KEY_CREATED'
  /** An API key was ended. */
  | 'API_KEY_REVOKED'
  /** A person signed. */
  | 'APPROVAL_APPROVED'
  /** A request was taken back by who proposed the action. */
  | 'APPROVAL_CANCELLED'
  /** What is asked for was edited; earlier votes no longer count. */
  | 'APPROVAL_EDITED'
  /** Half of a request’s time is over and nobody has decided: the fallback role may decide now. */
  | 'APPROVAL_ESCALATED'
  /** Nobody decided in time. */
  | 'APPROVAL_EXPIRED'
  /** A request can no longer be granted. */
  | 'APPROVAL_INVALIDATED'
  /** A person said no. */
  | 'APPROVAL_REJECTED'
  /** What a request stands on has changed: it has to be looked at again, with a new digest. */
  | 'APPROVAL_RENEWED'
  /** A proposal that waits for a person; or an action that was allowed, until the ground moved. */
  | 'APPROVAL_REQUESTED'
  /** One of several people who have to approve has done so. */
  | 'APPROVAL_VOTED'
  /** The tenant, or one clone, was paused. */
  | 'AUTONOMY_PAUSED'
  /** A pause was ended. */
  | 'AUTONOMY_RESUMED'
  /** A clone was created or changed. */
  | 'CLONE_CHANGED'
  /** How the server reaches the outside was changed. */
  | 'CONNECTOR_CHANGED'
  /** A contact was created or changed. */
  | 'CONTACT_RECORDED'
  /** A deal was created or changed. */
  | 'DEAL_RECORDED'
  /** Somebody lets another decide in their place for a time. */
  | 'DELEGATION_CREATED'
  /** A delegation was ended before its time. */
  | 'DELEGATION_REVOKED'
  /** A goal was given up. */
  | 'GOAL_CANCELLED'
  /** A change brought a goal to its target. */
  | 'GOAL_COMPLETED'
  /** A goal was set. */
  | 'GOAL_CREATED'
  /** A change found a goal below target at the end of its period. */
  | 'GOAL_MISSED'
  /** The current value or status of a goal changed. */
  | 'GOAL_PROGRESSED'
  /** An action came of an insight. */
  | 'INSIGHT_ACTED'
  /** No action is to come of an insight, or it does not show any more. */
  | 'INSIGHT_DISMISSED'
  /** What a pending insight shows has become more severe. */
  | 'INSIGHT_ESCALATED'
  /** Somebody said whether an insight was useful. */
  | 'INSIGHT_FEEDBACK_GIVEN'
  /** A pattern was found that was not known. */
  | 'INSIGHT_RAISED'
  /** An interaction was created or changed. */
  | 'INTERACTION_RECORDED'
  /** A run of a job ended: completed, failed, aborted or lost. */
  | 'JOB_FINISHED'
  /** A run of a job has come further. */
  | 'JOB_PROGRESSED'
  /** A run of a job began. */
  | 'JOB_STARTED'
  /** Somebody laid down which competitors the search for patterns watches for. */
  | 'PATTERNS_COMPETITORS_SET'
  /** A new version of the tenant’s policy. */
  | 'POLICY_CHANGED'
  /** Roles or owner of a principal were laid down. */
  | 'USER_CHANGED'
  /** A suspended principal was let in again. */
  | 'USER_REINSTATED'
  /** A principal was locked out. */
  | 'USER_SUSPENDED';

/** The action could not be run. */
export type FailActionInput = {
  /** The action you hold the claim of. */
  readonly actionId: string;
  /** What went wrong, at most 2,000 characters. */
  readonly error: string;
  /** `leaseEpoch` as the claim gave it. */
  readonly leaseEpoch: number;
};

/** What has become of a goal. */
export type GoalStatus =
  /** Below target, and its period has not ended. */
  | 'ACTIVE'
  /** Given up by a person. Final. */
  | 'CANCELLED'
  /** The current value has reached the target, be it late. */
  | 'COMPLETED'
  /** Its period has ended below target. */
  | 'MISSED';

/** What a goal is about, and so what its current value is measured by. */
export type GoalType =
  /** Completed interactions in the period, over every channel. */
  | 'ACTIVITY'
  /** Value of the deals opened in the period; measured as `pipeline.identifiedValue`. */
  | 'PIPELINE'
  /** Percentage; measured as `quality.qualificationCompletion` × 100. */
  | 'QUALITY'
  /** Value of the deals won in the period; measured as `revenue.closedValue`. */
  | 'REVENUE';

/** Which rule decided: one of the guardrails’ own, or one of the tenant’s policy, which can only be stricter. */
export type GuardrailReason =
  /** The type always needs a person’s approval. */
  | 'APPROVAL_REQUIRED'
  /** The type is autonomous and no gate is closed: the agent may run it. */
  | 'AUTONOMOUS'
  /** The type is a hard stop. It never becomes an approval request. */
  | 'HARD_STOP'
  /** The account asked not to be written to: a person approves. */
  | 'OPTED_OUT'
  /** A budget for what may run alone is used up: a person approves. */
  | 'OVER_BUDGET'
  /** A gate of the tenant’s policy is closed: a person approves. */
  | 'POLICY_GATE'
  /** The tenant’s policy makes the type a hard stop. It never becomes a request. */
  | 'POLICY_HARD_STOP'
  /** The tenant’s policy lets a person approve every action of the type. */
  | 'POLICY_TIER'
  /** The type is autonomous, but the deal is in a gated stage: a person approves. */
  | 'STAGE_GATE'
  /** The type is not built in: a person approves. */
  | 'UNKNOWN_ACTION_TYPE';

/** What an import did with one record. */
export type ImportOutcome =
  /** It was not known and is now recorded. */
  | 'CREATED'
  /** It breaks a rule; nothing of it was recorded. */
  | 'REFUSED'
  /** It was known exactly so. Nothing was written, not even to the event log. */
  | 'UNCHANGED'
  /** It was known, and at least one field has another value now. */
  | 'UPDATED';

/** Records to create or update: at most 500 of each kind, applied in the order of the fields here. */
export type ImportRecordsInput = {
  /** Accounts; the other kinds may refer to them. */
  readonly accounts?: ReadonlyArray<UpsertAccountInput> | null | undefined;
  /** Contacts; interactions may refer to them. */
  readonly contacts?: ReadonlyArray<UpsertContactInput> | null | undefined;
  /** Deals. */
  readonly deals?: ReadonlyArray<UpsertDealInput> | null | undefined;
  /** Interactions. */
  readonly interactions?: ReadonlyArray<RecordInteractionInput> | null | undefined;
};

/** Over what an interaction went. */
export type InteractionChannel =
  /** A chat message. */
  | 'CHAT'
  /** A note or a task in the sales system. */
  | 'CRM'
  /** An email. */
  | 'EMAIL'
  /** A meeting or a call. */
  | 'MEETING';

/** From whom an interaction came. */
export type InteractionDirection =
  /** From the customer. */
  | 'INBOUND'
  /** From us. */
  | 'OUTBOUND';

/** Whether an interaction has taken place. */
export type InteractionStatus =
  /** It was planned and did not take place. */
  | 'CANCELLED'
  /** It has. */
  | 'COMPLETED'
  /** It is planned. */
  | 'SCHEDULED';

/** A stretch of time: at most 10 years, between 1970 and 2199. */
export type PeriodInput = {
  /** First instant that no longer belongs to it; after `start`. */
  readonly end: string;
  /** First instant that belongs to it. */
  readonly start: string;
};

/** What the agent asks to do. */
export type ProposeActionInput = {
  /** The account it concerns. */
  readonly accountId?: string | null | undefined;
  /** Kind of action: lower-case letters, digits and underscores, at most 64. An unknown type waits for a person. */
  readonly actionType: string;
  /** The clone in whose voice it would be done. */
  readonly cloneId?: string | null | undefined;
  /** The contact it is addressed to. Left out, the policy’s gates look at every contact of the account. */
  readonly contactId?: string | null | undefined;
  /** The deal it concerns; its stored stage goes into the check. */
  readonly dealId?: string | null | undefined;
  /** Stage of a deal that is not stored here. With `dealId`, leave it out. */
  readonly dealStage?: DealStage | null | undefined;
  /** Chosen by you, 1 to 200 characters, one for each thing you want done. Sending it again gives the first answer and does nothing more. */
  readonly idempotencyKey: string;
  /** What exactly would be done: the text, the recipients, the amounts. At most 64 KiB as canonical JSON. */
  readonly payload: Record<string, unknown>;
  /** Why, for the person who decides: at most 2,000 characters. */
  readonly rationale?: string | null | undefined;
};

/** An interaction to create or update. What is left out stays as it is; null empties a field. Names: 1 to 300 characters. */
export type RecordInteractionInput = {
  /** The account by its external id, instead of `accountId`. */
  readonly accountExternalId?: string | null | undefined;
  /** The account. Null: none. */
  readonly accountId?: string | null | undefined;
  /** Over what it went. A new one needs a channel. */
  readonly channel?: InteractionChannel | null | undefined;
  /** The clone in whose voice it was. Null: none. */
  readonly cloneId?: string | null | undefined;
  /** The contact by its external id, instead of `contactId`. */
  readonly contactExternalId?: string | null | undefined;
  /** The contact; its account becomes that of the interaction, and none other may be named. Null: none. */
  readonly contactId?: string | null | undefined;
  /** The person as the source writes the name; links nothing. */
  readonly contactName?: string | null | undefined;
  /** What was said, as written: at most 20,000 characters. */
  readonly content?: string | null | undefined;
  /** From whom it came. Null: nobody knows. */
  readonly direction?: InteractionDirection | null | undefined;
  /** Its id in the system it comes from, 1 to 200 characters, taken exactly as written. Updates the record of that id, or creates it. Not together with `id`; with neither, a new record is made each time. */
  readonly externalId?: string | null | undefined;
  /** The record to update. Left out: see `externalId`. */
  readonly id?: string | null | undefined;
  /** When it took place or will: 1970 to 2100. A new one needs a time. */
  readonly occurredAt?: string | null | undefined;
  /** Email addresses of those who took part, at most 100. Where neither account nor contact is named, they link it: to the account that most of them belong to, by the exact address of a contact or the exact domain of the account. Nothing is guessed, and a tie links nothing. */
  readonly participants?: ReadonlyArray<string> | null | undefined;
  /** Whether it has taken place. A new one has, if nothing is said. */
  readonly status?: InteractionStatus | null | undefined;
  /** Subject line, 1 to 500 characters. */
  readonly subject?: string | null | undefined;
};

/** A refusal of a request. */
export type RejectActionInput = {
  /** The request. */
  readonly approvalId: string;
  /** `digest` of what you were shown. */
  readonly digest?: string | null | undefined;
  /** Why not; the agent is told. 1 to 2,000 characters. */
  readonly reason: string;
};

/** The holder of a claim needs more time. */
export type RenewClaimInput = {
  /** The action you hold the claim of. */
  readonly actionId: string;
  /** `leaseEpoch` as the claim gave it. */
  readonly leaseEpoch: number;
  /** How long you need from now on, in seconds: 5 to 3,600. 300 when left out. */
  readonly leaseSeconds?: number | null | undefined;
};

/** What a signed-in caller may do. */
export type Role =
  /** Looks after the tenant; may do everything a manager may, import data, and manage access. */
  | 'ADMIN'
  /** A sales agent program: proposes, claims and reports actions. */
  | 'AGENT'
  /** A person who approves or rejects what agents propose. */
  | 'APPROVER'
  /** A sales manager: sets goals, and may decide as an approver does. */
  | 'MANAGER';

/** How far a goal has come. */
export type UpdateGoalProgressInput = {
  /** The value it has reached, 0 or more, whatever it was before; from then on the value is yours to tell. Left out: it is measured from the stored data, by the type of the goal, now and by `goal_progress_update` from then on. */
  readonly current?: number | null | undefined;
  /** The goal. */
  readonly goalId: string;
};

/** An account to create or update. What is left out stays as it is; null empties a field. Texts: 1 to 300 characters. */
export type UpsertAccountInput = {
  /** Revenue of a year in whole units of your currency: 0 to 1e12, at most two decimals. */
  readonly annualRevenue?: number | null | undefined;
  /** Host name such as example.com, without protocol or path. Kept in lower case, compared exactly. */
  readonly domain?: string | null | undefined;
  /** How many people work there: 0 to 10,000,000. */
  readonly employees?: number | null | undefined;
  /** Its id in the system it comes from, 1 to 200 characters, taken exactly as written. Updates the record of that id, or creates it. Not together with `id`; with neither, a new record is made each time. */
  readonly externalId?: string | null | undefined;
  /** The record to update. Left out: see `externalId`. */
  readonly id?: string | null | undefined;
  /** Where it is. */
  readonly location?: string | null | undefined;
  /** Name of the company. A new account needs one. */
  readonly name?: string | null | undefined;
  /** Since when it asks not to be written to. Only managers and admins may take that back, by null. */
  readonly optedOutAt?: string | null | undefined;
  /** Name of the company it belongs to; plain text. */
  readonly parentName?: string | null | undefined;
  /** Line of business. */
  readonly sector?: string | null | undefined;
};

/** A contact to create or update. What is left out stays as it is; null empties a field. Texts: 1 to 300 characters. */
export type UpsertContactInput = {
  /** The account by its external id, instead of `accountId`. */
  readonly accountExternalId?: string | null | undefined;
  /** The account. A new contact needs one. */
  readonly accountId?: string | null | undefined;
  /** Email address, kept in lower case. */
  readonly email?: string | null | undefined;
  /** Its id in the system it comes from, 1 to 200 characters, taken exactly as written. Updates the record of that id, or creates it. Not together with `id`; with neither, a new record is made each time. */
  readonly externalId?: string | null | undefined;
  /** The record to update. Left out: see `externalId`. */
  readonly id?: string | null | undefined;
  /** Name of the person. A new contact needs one. */
  readonly name?: string | null | undefined;
  /** Job title. */
  readonly title?: string | null | undefined;
};

/** A deal to create or update. What is left out stays as it is; null empties a field. Texts: 1 to 300 characters. */
export type UpsertDealInput = {
  /** The account by its external id, instead of `accountId`. */
  readonly accountExternalId?: string | null | undefined;
  /** The account. Null: none. */
  readonly accountId?: string | null | undefined;
  /** The clone that looks after it. Null: none. */
  readonly cloneId?: string | null | undefined;
  /** When it was won or lost: 1970 to 2100, not before `openedAt`. An open deal has none. */
  readonly closedAt?: string | null | undefined;
  /** Its id in the system it comes from, 1 to 200 characters, taken exactly as written. Updates the record of that id, or creates it. Not together with `id`; with neither, a new record is made each time. */
  readonly externalId?: string | null | undefined;
  /** The record to update. Left out: see `externalId`. */
  readonly id?: string | null | undefined;
  /** What the deal is called. A new deal needs a name. */
  readonly name?: string | null | undefined;
  /** When it was opened: 1970 to 2100. */
  readonly openedAt?: string | null | undefined;
  /** Name of the sales person. */
  readonly owner?: string | null | undefined;
  /** Name of the manager of the sales person. */
  readonly ownerManager?: string | null | undefined;
  /** Region of the sales person. */
  readonly ownerRegion?: string | null | undefined;
  /** What is to be sold. */
  readonly product?: string | null | undefined;
  /** Where the deal stands. A new deal needs a stage. Closing a recorded deal without `closedAt` closes it now; reopening one removes its closing date. */
  readonly stage?: DealStage | null | undefined;
  /** Value in whole units of your currency: 0 to 1e12, at most two decimals. Null: nobody knows. */
  readonly value?: number | null | undefined;
  /** Whether `value` is a stand-in such as a list price. Left out with a new `value`: it is not. */
  readonly valueIsEstimate?: boolean | null | undefined;
};

/** What recording something did. */
export type UpsertOutcome =
  /** It was not known and is now recorded. */
  | 'CREATED'
  /** It was known exactly so. Nothing was written, not even to the event log. */
  | 'UNCHANGED'
  /** It was known, and at least one field has another value now. */
  | 'UPDATED';

export type AuditHeadQueryVariables = Exact<{ [key: string]: never; }>;


export type AuditHeadQuery = { readonly viewer: { readonly tenant: string }, readonly auditHead: { readonly number: number, readonly hash: string, readonly unsealed: number } };

export type VerifyAuditQueryVariables = Exact<{
  head?: AuditHeadInput | null | undefined;
  after?: AuditHeadInput | null | undefined;
}>;


export type VerifyAuditQuery = { readonly verifyAudit: { readonly complete: boolean, readonly sealsChecked: number, readonly eventsChecked: number, readonly eventsNoLongerKept: number, readonly problemCount: number, readonly checkedTo: { readonly number: number, readonly hash: string }, readonly problems: ReadonlyArray<{ readonly seal: number, readonly kind: AuditProblemKind, readonly message: string, readonly cursor: string | null }> } };

export type ActionNewsFragment = { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly proposedBy: string };

export type ProposeActionMutationVariables = Exact<{
  input: ProposeActionInput;
}>;


export type ProposeActionMutation = { readonly proposeAction: { readonly replayed: boolean, readonly action: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly proposedBy: string }, readonly decision: { readonly allowed: boolean, readonly reason: GuardrailReason, readonly requiresHuman: boolean, readonly tier: ActionTier, readonly explanation: string }, readonly approval: { readonly id: string, readonly digest: string, readonly expiresAt: string } | null } };

export type ClaimActionMutationVariables = Exact<{
  input: ClaimActionInput;
}>;


export type ClaimActionMutation = { readonly claimAction: { readonly id: string, readonly status: ActionStatus, readonly canonical: string, readonly digest: string, readonly leaseEpoch: number } };

export type CompleteActionMutationVariables = Exact<{
  input: CompleteActionInput;
}>;


export type CompleteActionMutation = { readonly completeAction: { readonly id: string, readonly status: ActionStatus } };

export type ApprovalQueryVariables = Exact<{
  id: string;
}>;


export type ApprovalQuery = { readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly digest: string, readonly expiresAt: string, readonly action: { readonly actionType: string, readonly payload: Record<string, unknown>, readonly rationale: string | null, readonly proposedBy: string, readonly guardrail: { readonly explanation: string } } } };

export type ApproveActionMutationVariables = Exact<{
  input: ApproveActionInput;
}>;


export type ApproveActionMutation = { readonly approveAction: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly decidedAt: string | null } };

export type RejectActionMutationVariables = Exact<{
  input: RejectActionInput;
}>;


export type RejectActionMutation = { readonly rejectAction: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null } };

export type ApprovalRequestedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ApprovalRequestedSubscription = { readonly approvalRequested: { readonly cursor: string, readonly at: string, readonly approval: { readonly id: string, readonly action: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly proposedBy: string } } } };

export type ActionChangedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ActionChangedSubscription = { readonly actionChanged: { readonly cursor: string, readonly at: string, readonly actor: string, readonly action: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly proposedBy: string, readonly approval: { readonly comment: string | null } | null } } };

export type CreateGoalMutationVariables = Exact<{
  input: CreateGoalInput;
}>;


export type CreateGoalMutation = { readonly createGoal: { readonly id: string, readonly title: string, readonly target: number, readonly status: GoalStatus } };

export type UpdateGoalProgressMutationVariables = Exact<{
  input: UpdateGoalProgressInput;
}>;


export type UpdateGoalProgressMutation = { readonly updateGoalProgress: { readonly id: string, readonly current: number, readonly status: GoalStatus } };

export type GoalChangedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type GoalChangedSubscription = { readonly goalChanged: { readonly cursor: string, readonly actor: string, readonly goal: { readonly id: string, readonly title: string, readonly current: number, readonly target: number, readonly status: GoalStatus } } };

export type GoalStatusesQueryVariables = Exact<{ [key: string]: never; }>;


export type GoalStatusesQuery = { readonly goalStatuses: ReadonlyArray<{ readonly status: GoalStatus, readonly progressPercent: number, readonly onTrack: boolean, readonly daysRemaining: number, readonly suggestions: ReadonlyArray<string>, readonly goal: { readonly id: string } }> };

export type RevenueSoFarQueryVariables = Exact<{
  period: PeriodInput;
}>;


export type RevenueSoFarQuery = { readonly metrics: { readonly revenue: { readonly closedValue: number | null } } };

export type AuditTrailQueryVariables = Exact<{
  subjectId: string;
}>;


export type AuditTrailQuery = { readonly auditTrail: { readonly edges: ReadonlyArray<{ readonly node: { readonly type: EventType, readonly actor: string, readonly at: string } }> } };

export type WalkSettingQueryVariables = Exact<{ [key: string]: never; }>;


export type WalkSettingQuery = { readonly accounts: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly contacts: { readonly edges: ReadonlyArray<{ readonly node: { readonly name: string } }> }, readonly deals: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> } } }> } };

export type UpsertDealMutationVariables = Exact<{
  input: UpsertDealInput;
}>;


export type UpsertDealMutation = { readonly upsertDeal: { readonly outcome: UpsertOutcome, readonly deal: { readonly id: string, readonly stage: DealStage } } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly name: string, readonly tenant: string, readonly roles: ReadonlyArray<Role> } };

export type ImportRecordsMutationVariables = Exact<{
  input: ImportRecordsInput;
}>;


export type ImportRecordsMutation = { readonly importRecords: { readonly records: ReadonlyArray<{ readonly index: number, readonly outcome: ImportOutcome, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly message: string }> }> } };

export type GuardProposeMutationVariables = Exact<{
  input: ProposeActionInput;
}>;


export type GuardProposeMutation = { readonly proposeAction: { readonly replayed: boolean, readonly decision: { readonly allowed: boolean, readonly reason: GuardrailReason, readonly explanation: string }, readonly action: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly connector: Connector, readonly digest: string, readonly claimedBy: string | null, readonly leaseEpoch: number, readonly outcome: Record<string, unknown> | null, readonly failure: string | null, readonly endedReason: string | null, readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null, readonly expiresAt: string } | null } } };

export type GuardActionQueryVariables = Exact<{
  id: string;
}>;


export type GuardActionQuery = { readonly action: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly connector: Connector, readonly digest: string, readonly claimedBy: string | null, readonly leaseEpoch: number, readonly outcome: Record<string, unknown> | null, readonly failure: string | null, readonly endedReason: string | null, readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null, readonly expiresAt: string } | null } };

export type GuardClaimMutationVariables = Exact<{
  input: ClaimActionInput;
}>;


export type GuardClaimMutation = { readonly claimAction: { readonly canonical: string, readonly digest: string, readonly leaseEpoch: number, readonly leaseUntil: string | null } };

export type GuardRenewMutationVariables = Exact<{
  input: RenewClaimInput;
}>;


export type GuardRenewMutation = { readonly renewClaim: { readonly leaseUntil: string | null } };

export type GuardCompleteMutationVariables = Exact<{
  input: CompleteActionInput;
}>;


export type GuardCompleteMutation = { readonly completeAction: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly connector: Connector, readonly digest: string, readonly claimedBy: string | null, readonly leaseEpoch: number, readonly outcome: Record<string, unknown> | null, readonly failure: string | null, readonly endedReason: string | null, readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null, readonly expiresAt: string } | null } };

export type GuardFailMutationVariables = Exact<{
  input: FailActionInput;
}>;


export type GuardFailMutation = { readonly failAction: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly connector: Connector, readonly digest: string, readonly claimedBy: string | null, readonly leaseEpoch: number, readonly outcome: Record<string, unknown> | null, readonly failure: string | null, readonly endedReason: string | null, readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null, readonly expiresAt: string } | null } };

export type GuardChangesSubscriptionVariables = Exact<{
  actionId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type GuardChangesSubscription = { readonly actionChanged: { readonly cursor: string, readonly action: { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly connector: Connector, readonly digest: string, readonly claimedBy: string | null, readonly leaseEpoch: number, readonly outcome: Record<string, unknown> | null, readonly failure: string | null, readonly endedReason: string | null, readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null, readonly expiresAt: string } | null } } };

export type GuardResumedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type GuardResumedSubscription = { readonly autonomyChanged: { readonly cursor: string, readonly status: { readonly paused: boolean } } };

export type GuardedActionFragment = { readonly id: string, readonly actionType: string, readonly status: ActionStatus, readonly connector: Connector, readonly digest: string, readonly claimedBy: string | null, readonly leaseEpoch: number, readonly outcome: Record<string, unknown> | null, readonly failure: string | null, readonly endedReason: string | null, readonly approval: { readonly id: string, readonly status: ApprovalStatus, readonly decidedBy: string | null, readonly comment: string | null, readonly expiresAt: string } | null };

export type NewestCursorQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NewestCursorQuery = { readonly events: { readonly pageInfo: { readonly endCursor: string | null } } };

export const ActionNewsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ActionNews"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proposedBy"}}]}}]} as unknown as DocumentNode<ActionNewsFragment, unknown>;
export const GuardedActionFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GuardedAction"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connector"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"claimedBy"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"failure"}},{"kind":"Field","name":{"kind":"Name","value":"endedReason"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<GuardedActionFragment, unknown>;
export const AuditHeadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AuditHead"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenant"}}]}},{"kind":"Field","name":{"kind":"Name","value":"auditHead"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"unsealed"}}]}}]}}]} as unknown as DocumentNode<AuditHeadQuery, AuditHeadQueryVariables>;
export const VerifyAuditDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VerifyAudit"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"head"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditHeadInput"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditHeadInput"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyAudit"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"head"},"value":{"kind":"Variable","name":{"kind":"Name","value":"head"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"checkedTo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sealsChecked"}},{"kind":"Field","name":{"kind":"Name","value":"eventsChecked"}},{"kind":"Field","name":{"kind":"Name","value":"eventsNoLongerKept"}},{"kind":"Field","name":{"kind":"Name","value":"problemCount"}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seal"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}}]}}]}}]} as unknown as DocumentNode<VerifyAuditQuery, VerifyAuditQueryVariables>;
export const ProposeActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ProposeAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ProposeActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"proposeAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ActionNews"}}]}},{"kind":"Field","name":{"kind":"Name","value":"decision"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"requiresHuman"}},{"kind":"Field","name":{"kind":"Name","value":"tier"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ActionNews"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proposedBy"}}]}}]} as unknown as DocumentNode<ProposeActionMutation, ProposeActionMutationVariables>;
export const ClaimActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ClaimAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ClaimActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"claimAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"canonical"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}}]}}]}}]} as unknown as DocumentNode<ClaimActionMutation, ClaimActionMutationVariables>;
export const CompleteActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CompleteAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CompleteActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"completeAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]} as unknown as DocumentNode<CompleteActionMutation, CompleteActionMutationVariables>;
export const ApprovalDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Approval"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"approval"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"action"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}},{"kind":"Field","name":{"kind":"Name","value":"rationale"}},{"kind":"Field","name":{"kind":"Name","value":"proposedBy"}},{"kind":"Field","name":{"kind":"Name","value":"guardrail"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ApprovalQuery, ApprovalQueryVariables>;
export const ApproveActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ApproveAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ApproveActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"approveAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}}]}}]} as unknown as DocumentNode<ApproveActionMutation, ApproveActionMutationVariables>;
export const RejectActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RejectAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RejectActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rejectAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}}]}}]}}]} as unknown as DocumentNode<RejectActionMutation, RejectActionMutationVariables>;
export const ApprovalRequestedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ApprovalRequested"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"approvalRequested"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ActionNews"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ActionNews"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proposedBy"}}]}}]} as unknown as DocumentNode<ApprovalRequestedSubscription, ApprovalRequestedSubscriptionVariables>;
export const ActionChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ActionChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actionChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"action"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ActionNews"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"comment"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ActionNews"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proposedBy"}}]}}]} as unknown as DocumentNode<ActionChangedSubscription, ActionChangedSubscriptionVariables>;
export const CreateGoalDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateGoal"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateGoalInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createGoal"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"target"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]} as unknown as DocumentNode<CreateGoalMutation, CreateGoalMutationVariables>;
export const UpdateGoalProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateGoalProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateGoalProgressInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateGoalProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"current"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]} as unknown as DocumentNode<UpdateGoalProgressMutation, UpdateGoalProgressMutationVariables>;
export const GoalChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"GoalChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"goalChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"goal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"current"}},{"kind":"Field","name":{"kind":"Name","value":"target"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<GoalChangedSubscription, GoalChangedSubscriptionVariables>;
export const GoalStatusesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GoalStatuses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"goalStatuses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"goal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"progressPercent"}},{"kind":"Field","name":{"kind":"Name","value":"onTrack"}},{"kind":"Field","name":{"kind":"Name","value":"daysRemaining"}},{"kind":"Field","name":{"kind":"Name","value":"suggestions"}}]}}]}}]} as unknown as DocumentNode<GoalStatusesQuery, GoalStatusesQueryVariables>;
export const RevenueSoFarDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RevenueSoFar"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"period"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PeriodInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"metrics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"period"},"value":{"kind":"Variable","name":{"kind":"Name","value":"period"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revenue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"closedValue"}}]}}]}}]}}]} as unknown as DocumentNode<RevenueSoFarQuery, RevenueSoFarQueryVariables>;
export const AuditTrailDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AuditTrail"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"subjectId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"auditTrail"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"subjectId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"subjectId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]}}]}}]}}]} as unknown as DocumentNode<AuditTrailQuery, AuditTrailQueryVariables>;
export const WalkSettingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WalkSetting"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"contacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"deals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"stage"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"EVALUATION"},{"kind":"EnumValue","value":"NEGOTIATION"}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<WalkSettingQuery, WalkSettingQueryVariables>;
export const UpsertDealDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpsertDeal"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertDealInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upsertDeal"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"deal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}}]}}]}}]}}]} as unknown as DocumentNode<UpsertDealMutation, UpsertDealMutationVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tenant"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const ImportRecordsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportRecords"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRecordsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importRecords"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ImportRecordsMutation, ImportRecordsMutationVariables>;
export const GuardProposeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GuardPropose"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ProposeActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"proposeAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"decision"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}},{"kind":"Field","name":{"kind":"Name","value":"action"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GuardedAction"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GuardedAction"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connector"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"claimedBy"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"failure"}},{"kind":"Field","name":{"kind":"Name","value":"endedReason"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<GuardProposeMutation, GuardProposeMutationVariables>;
export const GuardActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GuardAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GuardedAction"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GuardedAction"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connector"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"claimedBy"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"failure"}},{"kind":"Field","name":{"kind":"Name","value":"endedReason"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<GuardActionQuery, GuardActionQueryVariables>;
export const GuardClaimDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GuardClaim"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ClaimActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"claimAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"canonical"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"leaseUntil"}}]}}]}}]} as unknown as DocumentNode<GuardClaimMutation, GuardClaimMutationVariables>;
export const GuardRenewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GuardRenew"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RenewClaimInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"renewClaim"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"leaseUntil"}}]}}]}}]} as unknown as DocumentNode<GuardRenewMutation, GuardRenewMutationVariables>;
export const GuardCompleteDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GuardComplete"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CompleteActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"completeAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GuardedAction"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GuardedAction"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connector"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"claimedBy"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"failure"}},{"kind":"Field","name":{"kind":"Name","value":"endedReason"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<GuardCompleteMutation, GuardCompleteMutationVariables>;
export const GuardFailDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GuardFail"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"FailActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GuardedAction"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GuardedAction"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connector"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"claimedBy"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"failure"}},{"kind":"Field","name":{"kind":"Name","value":"endedReason"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<GuardFailMutation, GuardFailMutationVariables>;
export const GuardChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"GuardChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"actionId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actionChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"actionId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"actionId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"action"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GuardedAction"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GuardedAction"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Action"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"actionType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connector"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"claimedBy"}},{"kind":"Field","name":{"kind":"Name","value":"leaseEpoch"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"failure"}},{"kind":"Field","name":{"kind":"Name","value":"endedReason"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<GuardChangesSubscription, GuardChangesSubscriptionVariables>;
export const GuardResumedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"GuardResumed"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"autonomyChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"status"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paused"}}]}}]}}]}}]} as unknown as DocumentNode<GuardResumedSubscription, GuardResumedSubscriptionVariables>;
export const NewestCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NewestCursor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<NewestCursorQuery, NewestCursorQueryVariables>;