import type { Role } from '../../kernel/actor.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Tx } from '../../kernel/transaction.js';
import type { BudgetHold, Connector } from '../policy/index.js';
import type { Action, ActionStatus } from './domain/action.js';
import type { Approval, ApprovalStatus } from './domain/approval.js';
import type { Delegation } from './domain/delegation.js';
import type { ProposeCommand, References } from './domain/proposal.js';
import type { RevisedAction, RevisedApproval, Revision } from './domain/revision.js';
import type { Seen, Vote } from './domain/vote.js';

export type Named = Pick<ProposeCommand, 'accountId' | 'dealId' | 'cloneId' | 'contactId'> & {
  /** Whom it writes to, see `addressesIn`. */
  readonly addresses: readonly string[];
};

/** Looks up what proposals refer to, many at once, in the proposals' order. */
export interface ReferenceReader {
  resolve(tx: Tx, named: readonly Named[]): Promise<readonly References[]>;
}

/** Whom an action reaches: the accounts it names or reached when it was proposed, the contact, and the addresses. */
export interface WrittenTo {
  readonly accountIds: readonly Id[];
  readonly contactId: Id | null;
  readonly addresses: readonly string[];
}

/** Tells whether a customer said something that the approver cannot have seen. */
export interface ReplyReader {
  /**
   * Whether anything came from those reached that was recorded, or corrected, behind one of the votes, and happened
   * after the proposal or in the week before it.
   */
  repliedSince(
    tx: Tx,
    reached: WrittenTo,
    since: { readonly proposedAt: Date; readonly seen: readonly Seen[] },
  ): Promise<boolean>;
}

/** Who answers for principals, as the transaction sees it. */
export interface RootReader {
  /** For each of the names, in their order: the person it belongs to, or itself. */
  rootsOf(tx: Tx, names: readonly string[]): Promise<readonly string[]>;
  /** Who made API keys for the agent, and so may hold one: each counts as the agent where nobody decides for themselves. */
  keyMakersOf(tx: Tx, agent: string): Promise<readonly string[]>;
}

/** What a tenant has laid down about a principal, as the transaction sees it. */
export interface LaidDown {
  /** The roles it may have at most; null: those its token gives. */
  readonly roles: readonly Role[] | null;
  readonly suspended: boolean;
}

export interface AuthorityReader {
  /** For each of the names, in their order; who has no record is undefined. */
  laidDown(tx: Tx, names: readonly string[]): Promise<readonly (LaidDown | undefined)[]>;
}

export interface VoteStore {
  ofApproval(tx: Tx, approvalId: Id): Promise<readonly Vote[]>;
  insert(tx: Tx, vote: Vote): Promise<void>;
}

export interface RevisionStore {
  /** The first one first. */
  ofAction(tx: Tx, actionId: Id): Promise<readonly Revision[]>;
  insert(tx: Tx, revision: Revision): Promise<void>;
}

export interface DelegationStore {
  find(tx: Tx, id: Id): Promise<Delegation | undefined>;
  insert(tx: Tx, delegation: Delegation): Promise<void>;
  /** Those to this principal, in any case, that hold at this moment; the oldest first. */
  liveTo(tx: Tx, name: string, now: Date): Promise<readonly Delegation[]>;
  /** Those of the delegations that were revoked; not those that merely ran out. */
  revokedAmong(tx: Tx, ids: readonly Id[]): Promise<ReadonlySet<Id>>;
  /** False when it was revoked before; then nothing was changed. */
  revoke(tx: Tx, id: Id, by: string, at: Date): Promise<boolean>;
  list(tx: Tx, page: PageArgs): Promise<Page<Delegation>>;
  count(tx: Tx): Promise<number>;
}

/** An action to record, with the request for approval where one is due. */
export interface Recording {
  readonly action: Action;
  readonly approval: Approval | null;
}

/** A request together with what it asks for. */
export interface ApprovalRecording extends Recording {
  readonly approval: Approval;
}

export interface ActionFilter {
  readonly status?: readonly ActionStatus[];
  readonly actionType?: string;
  readonly accountId?: Id;
  readonly cloneId?: Id;
  /** Whether a connector gave it up. */
  readonly deadLettered?: boolean;
}

export interface ApprovalFilter {
  readonly status: ApprovalStatus | undefined;
}

/** How a claimed action ended. */
export interface Report {
  readonly status: 'executed' | 'failed' | 'outcome_unknown';
  readonly at: Date;
  readonly outcome: JsonObject | null;
  readonly failure: string | null;
  /** For people: why nobody knows what came of it, or how that was found out. */
  readonly endedReason: string | null;
}

/** A claim whose time is over. */
export interface OverdueClaim {
  readonly tenantId: Id;
  readonly id: Id;
  readonly leaseEpoch: number;
}

/** Back to where an action may be claimed again. */
export interface PutBack {
  readonly to: 'allowed' | 'approved';
  readonly at: Date;
  readonly nextAttemptAt: Date;
}

/** Who takes an action to run it, and until when. */
export interface Claim {
  readonly by: string;
  /** See `Action.claimKey`. */
  readonly key: string | null;
  readonly at: Date;
  readonly leaseUntil: Date;
}

/** Sees to it that what a connector is to run is run. */
export interface ExecutionQueue {
  /** Puts it in within the transaction, where it is a connector's; commits or vanishes with it. */
  enqueue(tx: Tx, action: Pick<Action, 'id' | 'connector'>, delayMs?: number): Promise<void>;
}

/** What is known of connectors' claims that nobody reported on. */
export interface AttemptReader {
  /** Whether the attempt may be made once more though nobody reported on it; undefined: not a connector's. */
  isSafeToRepeat(tx: Tx, action: Pick<Action, 'id' | 'leaseEpoch'>): Promise<boolean | undefined>;
  /** Whether an attempt may have had its effect, as far as anybody knows. */
  mayHaveRun(tx: Tx, action: Pick<Action, 'id'>): Promise<boolean>;
  /** Notes on all attempts at the action that a person has found out what became of them. */
  settle(tx: Tx, action: Pick<Action, 'id'>, at: Date): Promise<void>;
  /** Notes on the attempt that it never came to an end. */
  abandon(tx: Tx, action: Pick<Action, 'id' | 'leaseEpoch'>, at: Date): Promise<void>;
}

/** What a connector can do with a payload. */
export interface PayloadRules {
  /** @throws VALIDATION_FAILED where the connector could not run it */
  requireRunnable(connector: Connector, actionType: string, payload: JsonObject): void;
}

export interface Decision {
  readonly status: 'approved' | 'rejected' | 'expired';
  readonly by: string | null;
  readonly at: Date;
  readonly comment: string | null;
  /** For an approval: when it goes stale. */
  readonly validUntil: Date | null;
}

/** Something whose time has come. */
export interface Due {
  readonly tenantId: Id;
  readonly id: Id;
}

/**
 * Writes that move a state are conditional: they answer undefined when the state was no longer the expected one, and
 * then nothing was changed.
 */
export interface ActionStore {
  /** Records all whose idempotency key is new, with their log rows; gives the ids of those recorded. */
  record(tx: Tx, recordings: readonly Recording[]): Promise<ReadonlySet<Id>>;
  /** Which of the keys are taken, as `[proposer in any case, key]`, by their places. */
  knownKeys(tx: Tx, keys: readonly (readonly [string, string])[]): Promise<ReadonlySet<number>>;
  byKey(tx: Tx, proposedBy: string, idempotencyKey: string): Promise<Action | undefined>;
  find(tx: Tx, id: Id): Promise<Action | undefined>;
  list(tx: Tx, filter: ActionFilter, page: PageArgs): Promise<Page<Action>>;
  count(tx: Tx, filter: ActionFilter): Promise<number>;
  /** Holds the action until the transaction ends, so that what was checked is what is run. */
  lock(tx: Tx, id: Id): Promise<Action | undefined>;
  /** @param endedReason said to people and agents where the action will not run */
  move(tx: Tx, id: Id, to: ActionStatus, at: Date, endedReason?: string): Promise<boolean>;
  /** Has an action that was allowed wait for a person, for the reason that the decision gives. */
  ask(tx: Tx, id: Id, decision: Pick<Action, 'tier' | 'reason' | 'explanation'>, at: Date): Promise<boolean>;
  /** Puts a revision in the place of a pending action; only the next one in number. */
  revise(tx: Tx, id: Id, revised: RevisedAction, at: Date): Promise<boolean>;
  /** Notes the places taken in budgets. */
  holdBudgets(tx: Tx, id: Id, budgets: readonly BudgetHold[]): Promise<void>;
  claim(tx: Tx, id: Id, claim: Claim): Promise<boolean>;
  /** Puts off the end of a claim that is still good. */
  renew(tx: Tx, id: Id, leaseEpoch: number, lease: Pick<Claim, 'at' | 'leaseUntil'>): Promise<boolean>;
  /** Ends a claim that is still good. */
  report(tx: Tx, id: Id, leaseEpoch: number, report: Report): Promise<boolean>;
  /** Puts an action back to where it may be claimed again, out of a claim that is still good. */
  putBack(tx: Tx, id: Id, leaseEpoch: number, back: PutBack): Promise<boolean>;
  /** The same out of `failed`, where a person asks for it; no report of a holder's does this. */
  putBackFailed(tx: Tx, id: Id, leaseEpoch: number, back: PutBack): Promise<boolean>;
  /** The same out of a claim whose time is over. */
  putBackOverdue(tx: Tx, id: Id, leaseEpoch: number, back: PutBack): Promise<boolean>;
  /** Makes the next attempt of a connector due, where the action waits for one. */
  hurry(tx: Tx, id: Id, at: Date): Promise<void>;
  /** Ends a claim whose time is over, and its epoch with it. */
  giveUp(tx: Tx, id: Id, leaseEpoch: number, report: Report): Promise<boolean>;
  /** Ends an action of unknown outcome, now that somebody knows; its epoch ends as well. */
  reconcile(tx: Tx, id: Id, leaseEpoch: number, report: Report): Promise<boolean>;
  /** Claims whose time is over, of all tenants by turns, of each the oldest first. */
  overdueClaims(now: Date, limit: number): Promise<readonly OverdueClaim[]>;
}

export interface ApprovalStore {
  find(tx: Tx, id: Id): Promise<Approval | undefined>;
  /** Holds the request and its action until the transaction ends, the action first, as claims do. */
  lock(tx: Tx, id: Id): Promise<ApprovalRecording | undefined>;
  ofAction(tx: Tx, actionId: Id): Promise<Approval | undefined>;
  ofActions(tx: Tx, actionIds: readonly Id[]): Promise<readonly Approval[]>;
  /** Requests with what they ask for, read in a transaction of their own. */
  list(tenantId: Id, filter: ApprovalFilter, page: PageArgs): Promise<Page<ApprovalRecording>>;
  count(tx: Tx, filter: ApprovalFilter): Promise<number>;
  /** Decides a pending request: expiry only at or after its end, people only before it. */
  decide(tx: Tx, id: Id, decision: Decision): Promise<boolean>;
  insert(tx: Tx, approval: Approval): Promise<void>;
  /** Changes what a pending request asks for. */
  revise(tx: Tx, id: Id, revised: RevisedApproval): Promise<boolean>;
  /** Notes that half the time of a pending request is over, once, and before all of it is. */
  escalate(tx: Tx, id: Id, at: Date): Promise<boolean>;
  /** Moves a request to its end: `invalidated` from approved or pending, `cancelled` from pending, `expired` from approved. */
  withdraw(tx: Tx, id: Id, to: 'invalidated' | 'expired' | 'cancelled'): Promise<void>;
  /** Pending requests whose time is over, of all tenants by turns, of each the oldest first. */
  overdue(now: Date, limit: number): Promise<readonly Due[]>;
  /** Pending requests half of whose time is over and that were not escalated yet. */
  halfOver(now: Date, limit: number): Promise<readonly Due[]>;
  /** Approved requests that went stale before their action was started. */
  unspent(now: Date, limit: number): Promise<readonly Due[]>;
}
