import { Arg, Args, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { type Connection, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { idInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { type GuardrailDecision, GuardrailDecisionType, parseActionType } from '../../guardrails/index.js';
import { requireSignable } from '../domain/canonical.js';
import type { ActionFilter } from '../ports.js';
import type { ProposeService } from '../propose.js';
import type { ActionQueries } from '../queries.js';
import type { RunService } from '../run.js';
import {
  ActionsArgs,
  ApprovalsArgs,
  ClaimActionInput,
  CompleteActionInput,
  claimInput,
  completeInput,
  FailActionInput,
  failInput,
  ProposeActionInput,
  proposeInput,
} from './inputs.js';
import { ActionConnection, ActionType, ApprovalConnection, ApprovalType, toAction, toApproval } from './types.js';

const PROPOSERS: readonly Role[] = ['agent', 'manager', 'admin'];
const RUNNERS: readonly Role[] = ['agent'];

@ObjectType({ description: 'What a proposer learns at once.' })
class ProposeActionPayload {
  @Field(() => ActionType, { description: 'The recorded action.' })
  action!: ActionType;

  @Field(() => GuardrailDecisionType, { description: 'Whether it may run now, and if not, why.' })
  decision!: GuardrailDecision;

  @Field(() => ApprovalType, { nullable: true, description: 'The request to a person, where one was opened.' })
  approval!: ApprovalType | null;

  @Field(() => Boolean, {
    description: 'True when the idempotency key was known: this is the stored answer, and nothing was done now.',
  })
  replayed!: boolean;
}

/** What the resolvers of this feature call. */
export interface AutonomyServices {
  readonly propose: ProposeService;
  readonly run: RunService;
  readonly queries: ActionQueries;
}

@Resolver()
export class AutonomyResolver {
  constructor(private readonly services: AutonomyServices) {}

  @Query(() => ActionType, { description: 'One action.' })
  async action(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<ActionType> {
    const actor = authorize(context, 'action');
    if (!isId(id)) throw notFound('action', id);
    return toAction(await this.services.queries.action(actor, id));
  }

  @Query(() => ActionConnection, { description: 'Actions, newest first.' })
  async actions(
    @Ctx() context: GraphQLContext,
    @Args(() => ActionsArgs) args: ActionsArgs,
  ): Promise<Connection<ActionType>> {
    const actor = authorize(context, 'actions');
    const filter = toFilter(args);
    const page = await this.services.queries.actions(actor, filter, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toAction(node) }));
    return toConnection({ ...page, edges }, () => this.services.queries.countActions(actor, filter));
  }

  @Query(() => ApprovalType, { description: 'One request for approval.' })
  async approval(
    @Ctx() context: GraphQLContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<ApprovalType> {
    const actor = authorize(context, 'approval');
    if (!isId(id)) throw notFound('approval', id);
    return toApproval(await this.services.queries.approval(actor, id));
  }

  @Query(() => ApprovalConnection, {
    description: 'Requests for approval, oldest first; those that wait for a person unless you ask for others.',
  })
  async approvals(
    @Ctx() context: GraphQLContext,
    @Args(() => ApprovalsArgs) args: ApprovalsArgs,
  ): Promise<Connection<ApprovalType>> {
    const actor = authorize(context, 'approvals');
    const filter = { status: args.status ?? undefined };
    const page = await this.services.queries.approvals(actor, filter, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toApproval(node) }));
    return toConnection({ ...page, edges }, () => this.services.queries.countApprovals(actor, filter));
  }

  @Mutation(() => ProposeActionPayload, {
    description:
      'Proposes an action. It is always recorded; the answer says whether it may run, waits for a person, or never runs. For agents, managers and admins.',
  })
  async proposeAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ProposeActionInput, { description: 'What to do.' }) input: ProposeActionInput,
  ): Promise<ProposeActionPayload> {
    const actor = authorize(context, 'proposeAction', PROPOSERS);
    const parsed = parseInput(proposeInput, input);
    requireSignable(parsed.payload, ['input', 'payload']);
    const proposal = await this.services.propose.propose(actor, {
      actionType: parseActionType(parsed.actionType, ['input', 'actionType']),
      payload: parsed.payload,
      accountId: parsed.accountId ?? null,
      dealId: parsed.dealId ?? null,
      cloneId: parsed.cloneId ?? null,
      contactId: parsed.contactId ?? null,
      dealStage: parsed.dealStage ?? null,
      rationale: parsed.rationale ?? null,
      idempotencyKey: parsed.idempotencyKey,
    });
    const action = toAction(proposal);
    return { action, approval: action.approval, decision: proposal.decision, replayed: proposal.replayed };
  }

  @Mutation(() => ActionType, {
    description:
      'Takes an allowed or approved action to run it; one claimer gets it. Run exactly `canonical`, then report with `leaseEpoch`. For agents.',
  })
  async claimAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ClaimActionInput, { description: 'Which action.' }) input: ClaimActionInput,
  ): Promise<ActionType> {
    const actor = authorize(context, 'claimAction', RUNNERS);
    return toAction(await this.services.run.claim(actor, parseInput(claimInput, input)));
  }

  @Mutation(() => ActionType, {
    description: 'Reports that a claimed action has run. For the agent that holds the claim.',
  })
  async completeAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CompleteActionInput, { description: 'Which action, and what came of it.' })
    input: CompleteActionInput,
  ): Promise<ActionType> {
    const actor = authorize(context, 'completeAction', RUNNERS);
    const { actionId, leaseEpoch, result } = parseInput(completeInput, input);
    requireSignable(result, ['input', 'result']);
    return toAction(await this.services.run.report(actor, { actionId, leaseEpoch, ended: 'executed', result }));
  }

  @Mutation(() => ActionType, {
    description: 'Reports that a claimed action could not be run. For the agent that holds the claim.',
  })
  async failAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => FailActionInput, { description: 'Which action, and what went wrong.' }) input: FailActionInput,
  ): Promise<ActionType> {
    const actor = authorize(context, 'failAction', RUNNERS);
    const { actionId, leaseEpoch, error } = parseInput(failInput, input);
    return toAction(await this.services.run.report(actor, { actionId, leaseEpoch, ended: 'failed', error }));
  }
}

function toFilter({ status, actionType, accountId, cloneId, deadLettered }: ActionsArgs): ActionFilter {
  return {
    ...(status?.length && { status }),
    ...(actionType && { actionType: parseActionType(actionType, ['actionType']) }),
    ...(accountId && { accountId: parseInput(idInput, accountId, 'accountId') }),
    ...(cloneId && { cloneId: parseInput(idInput, cloneId, 'cloneId') }),
    ...(typeof deadLettered === 'boolean' && { deadLettered }),
  };
}
