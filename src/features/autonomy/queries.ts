import type { Actor } from '../../kernel/actor.js';
import { notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Action } from './domain/action.js';
import type { Revision } from './domain/revision.js';
import type { Vote } from './domain/vote.js';
import type {
  ActionFilter,
  ActionStore,
  ApprovalFilter,
  ApprovalRecording,
  ApprovalStore,
  Recording,
  RevisionStore,
  VoteStore,
} from './ports.js';

export interface QueryParts {
  readonly transactor: Transactor;
  readonly actions: ActionStore;
  readonly approvals: ApprovalStore;
  readonly votes: VoteStore;
  readonly revisions: RevisionStore;
}

/** Reads actions and requests, always the two together, in a fixed number of statements a page. */
export class ActionQueries {
  constructor(private readonly parts: QueryParts) {}

  /** @throws NOT_FOUND */
  action(actor: Actor, id: Id): Promise<Recording> {
    const { transactor, actions, approvals } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const action = await actions.find(tx, id);
      if (!action) throw notFound('action', id);
      return { action, approval: (await approvals.ofAction(tx, id)) ?? null };
    });
  }

  /** @throws NOT_FOUND */
  approval(actor: Actor, id: Id): Promise<ApprovalRecording> {
    const { transactor, actions, approvals } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const approval = await approvals.find(tx, id);
      const action = approval && (await actions.find(tx, approval.actionId));
      if (!action) throw notFound('approval', id);
      return { action, approval };
    });
  }

  /** Newest first. */
  actions(actor: Actor, filter: ActionFilter, page: PageArgs): Promise<Page<Recording>> {
    const { transactor, actions, approvals } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const found = await actions.list(tx, filter, page);
      const requests = await approvals.ofActions(
        tx,
        found.edges.map(({ node }) => node.id),
      );
      const byAction = new Map(requests.map((approval) => [approval.actionId, approval]));
      return mapPage(found, (action: Action) => ({ action, approval: byAction.get(action.id) ?? null }));
    });
  }

  /** Oldest first: who waits longest stands on top. */
  approvals(actor: Actor, filter: ApprovalFilter, page: PageArgs): Promise<Page<ApprovalRecording>> {
    return this.parts.approvals.list(actor.tenantId, filter, page);
  }

  /** All words that people gave on a request, those for earlier texts too, the first one first. */
  votes(actor: Actor, approvalId: Id): Promise<readonly Vote[]> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.votes.ofApproval(tx, approvalId));
  }

  /** How an action was changed before it was signed, the first change first. */
  revisions(actor: Actor, actionId: Id): Promise<readonly Revision[]> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.revisions.ofAction(tx, actionId));
  }

  countActions(actor: Actor, filter: ActionFilter): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.actions.count(tx, filter));
  }

  countApprovals(actor: Actor, filter: ApprovalFilter): Promise<number> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.approvals.count(tx, filter));
  }
}

const mapPage = <From, To>(page: Page<From>, map: (node: From) => To): Page<To> => ({
  ...page,
  edges: page.edges.map(({ cursor, node }) => ({ cursor, node: map(node) })),
});
