import { randomUUID } from 'node:crypto';
import type { CountersignClient } from '../../client/index.js';
import {
  ActionChangedDocument,
  type ActionChangedSubscription,
  type ActionStatus,
  ApprovalRequestedDocument,
  type ApprovalRequestedSubscription,
  ClaimActionDocument,
  CompleteActionDocument,
  ProposeActionDocument,
  type ProposeActionInput,
  type ProposeActionMutation,
} from '../generated/operations.js';
import { Feed } from './feed.js';
import type { Player, Story } from './story.js';

/** Name of the agent in the tenant; what other agents do is not part of the walk. */
export const AGENT = 'walk-agent';

export type Proposal = ProposeActionMutation['proposeAction'];
type Clients = Readonly<Record<Player, CountersignClient>>;

/** What ana cares to hear of an action: what the agent may do and does. She is asked about the rest. */
const OF_INTEREST: readonly ActionStatus[] = ['ALLOWED', 'BLOCKED', 'EXECUTING', 'EXECUTED'];

/** The players, what they listen to, and the steps that several scenes share. */
export class Walk {
  /** Ana is asked for her signature. */
  readonly anaIsAsked: Feed<ApprovalRequestedSubscription>;
  /** Ana hears what becomes of actions. */
  readonly anaHears: Feed<ActionChangedSubscription>;
  /** The agent hears what people decide. */
  readonly agentHears: Feed<ActionChangedSubscription>;
  private readonly run = randomUUID();
  private proposals = 0;
  private sentAt = performance.now();

  constructor(
    readonly clients: Clients,
    readonly story: Story,
  ) {
    this.anaIsAsked = this.askedFeed('ana');
    this.anaHears = this.actionFeed('ana', ({ action }) => OF_INTEREST.includes(action.status));
    this.agentHears = this.actionFeed('agent', ({ actor }) => actor !== AGENT);
  }

  /** From when on nothing is missed. */
  async started(): Promise<void> {
    await Promise.all([this.anaIsAsked, this.anaHears, this.agentHears].map((feed) => feed.started));
  }

  /** Makes a change as one of the players; pushes are timed from here. */
  change<Result>(who: Player, make: (client: CountersignClient) => Promise<Result>): Promise<Result> {
    this.sentAt = performance.now();
    return make(this.clients[who]);
  }

  /** A push came: how long after the change was sent, in milliseconds. */
  delay(): number {
    return performance.now() - this.sentAt;
  }

  askedFeed(who: Player): Feed<ApprovalRequestedSubscription> {
    const events = this.clients[who].subscribe(
      ApprovalRequestedDocument,
      {},
      { cursorOf: ({ approvalRequested }) => approvalRequested.cursor },
    );
    return new Feed('a request for approval', events, ({ approvalRequested: { approval } }) => {
      const { actionType, proposedBy } = approval.action;
      if (proposedBy === AGENT) this.story.isTold(who, `approvalRequested: ${actionType}`, this.delay());
    });
  }

  /** The agent proposes, and reads the answer. */
  async propose(what: Omit<ProposeActionInput, 'idempotencyKey'>): Promise<Proposal> {
    const idempotencyKey = `walk-${this.run}-${++this.proposals}`;
    this.story.says('agent', `proposes ${what.actionType}`);
    const { proposeAction } = await this.change('agent', (client) =>
      client.request(ProposeActionDocument, { input: { ...what, idempotencyKey } }),
    );
    const { decision, action, approval } = proposeAction;
    const then = approval ? 'a person is asked' : decision.explanation;
    this.story.says('agent', `is answered ${action.status} (${decision.reason}): ${then}`);
    return proposeAction;
  }

  /** The agent takes an action that may run, runs it, and reports; ana hears of both. */
  async runAction({ action: { id: actionId, actionType } }: Proposal): Promise<void> {
    const { claimAction } = await this.change('agent', (client) =>
      client.request(ClaimActionDocument, { input: { actionId } }),
    );
    this.story.says('agent', `claims ${actionType}, with digest ${claimAction.digest.slice(0, 12)}…, and runs it`);
    await this.anaHears.hears(becomes(actionId, 'EXECUTING'));
    const { leaseEpoch } = claimAction;
    const result = { messageId: `<${randomUUID()}@walk.example>` };
    this.story.says('agent', 'reports that it is done');
    await this.change('agent', (client) =>
      client.request(CompleteActionDocument, { input: { actionId, leaseEpoch, result } }),
    );
    await this.anaHears.hears(becomes(actionId, 'EXECUTED'));
  }

  private actionFeed(
    who: Player,
    isOfInterest: (event: ActionChangedSubscription['actionChanged']) => boolean,
  ): Feed<ActionChangedSubscription> {
    const events = this.clients[who].subscribe(
      ActionChangedDocument,
      {},
      { cursorOf: ({ actionChanged }) => actionChanged.cursor },
    );
    return new Feed('a change of an action', events, ({ actionChanged }) => {
      const { action, actor } = actionChanged;
      if (action.proposedBy !== AGENT || !isOfInterest(actionChanged)) return;
      const reason = action.approval?.comment ? `: "${action.approval.comment}"` : '';
      const news = `actionChanged: ${action.actionType} is ${action.status}, by ${actor}${reason}`;
      this.story.isTold(who, news, this.delay());
    });
  }
}

/** The push that says that the action has got so far. */
export const becomes =
  (actionId: string, status: ActionStatus) =>
  ({ actionChanged: { action } }: ActionChangedSubscription): boolean =>
    action.id === actionId && action.status === status;

/** The push that asks about the action. */
export const asksAbout =
  (actionId: string) =>
  ({ approvalRequested: { approval } }: ApprovalRequestedSubscription): boolean =>
    approval.action.id === actionId;
