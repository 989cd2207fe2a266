import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { spelled } from '../../../platform/graphql/errors.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { parseActionType } from '../../guardrails/index.js';
import { DECIDING_ROLES } from '../../policy/index.js';
import type { CancelService } from '../cancel.js';
import type { DecideService, DecisionResult } from '../decide.js';
import { requireSignable } from '../domain/canonical.js';
import type { EditService } from '../edit.js';
import {
  ApproveActionInput,
  approveInput,
  CancelActionInput,
  cancelInput,
  DecideActionsInput,
  decideActionsInput,
  EditActionInput,
  editInput,
  RejectActionInput,
  rejectInput,
} from './deciding-inputs.js';
import { ActionType, ApprovalType, toAction, toApproval } from './types.js';

const DECIDERS: readonly Role[] = DECIDING_ROLES;

@ObjectType({ description: 'Why one of several decisions did not count.' })
class DecisionError {
  @Field(() => String, { description: 'As in `extensions.code` of the same decision made alone.' })
  code!: string;

  @Field(() => String, { description: 'What was expected, what came, what to do.' })
  message!: string;

  @Field(() => GraphQLJSONObject, { description: 'What a client needs to react, as in `extensions`.' })
  extensions!: Readonly<Record<string, unknown>>;
}

@ObjectType('DecisionResult', { description: 'What came of one of several decisions.' })
class DecisionResultType {
  @Field(() => ID, { description: 'The request it was about.' })
  approvalId!: string;

  @Field(() => ApprovalType, { nullable: true, description: 'The request as it is now; null where there is an error.' })
  approval!: ApprovalType | null;

  @Field(() => DecisionError, { nullable: true, description: 'Why the decision did not count; null where it did.' })
  error!: DecisionError | null;
}

/** What the resolvers of deciding call. */
export interface DecidingServices {
  readonly decide: DecideService;
  readonly edit: EditService;
  readonly cancel: CancelService;
}

/** What people do with requests. */
@Resolver()
export class DecidingResolver {
  constructor(private readonly services: DecidingServices) {}

  @Mutation(() => ApprovalType, {
    description:
      'Signs a request. Where several people have to, it stays PENDING until enough have. Of several who decide at once, one wins; the others get CONFLICT with who and when. Where the policy or what it looks at has changed since, the request is renewed and nobody has signed: DIGEST_MISMATCH says what changed. For approvers, managers and admins.',
  })
  async approveAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ApproveActionInput, { description: 'Which request.' }) input: ApproveActionInput,
  ): Promise<ApprovalType> {
    const actor = authorize(context, 'approveAction', DECIDERS);
    const { approvalId, digest, comment = null } = parseInput(approveInput, input);
    return toApproval(await this.services.decide.decide(actor, { approvalId, verdict: 'approved', digest, comment }));
  }

  @Mutation(() => ApprovalType, {
    description:
      'Refuses a request, with the reason. One refusal is enough, however many people have to sign. For approvers, managers and admins.',
  })
  async rejectAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RejectActionInput, { description: 'Which request, and why.' }) input: RejectActionInput,
  ): Promise<ApprovalType> {
    const actor = authorize(context, 'rejectAction', DECIDERS);
    const { approvalId, digest = null, reason } = parseInput(rejectInput, input);
    const command = { approvalId, verdict: 'rejected', digest, comment: reason } as const;
    return toApproval(await this.services.decide.decide(actor, command));
  }

  @Mutation(() => ApprovalType, {
    description:
      'Changes what is asked for, before anybody signs it. Guardrails and policy are asked again; the request gets a new digest, earlier votes count no longer, and the difference is kept. An edit that brings in the matter of a hard stop is refused. For approvers, managers and admins, not on their own proposals.',
  })
  async editAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => EditActionInput, { description: 'Which request, and what instead.' }) input: EditActionInput,
  ): Promise<ApprovalType> {
    const actor = authorize(context, 'editAction', DECIDERS);
    const { actionType, comment = null, ...edit } = parseInput(editInput, input);
    requireSignable(edit.payload, ['input', 'payload']);
    const type = actionType === undefined ? undefined : parseActionType(actionType, ['input', 'actionType']);
    return toApproval(await this.services.edit.edit(actor, { ...edit, actionType: type, comment }));
  }

  @Mutation(() => [DecisionResultType], {
    description:
      'Decides on several requests, each for itself: what one of them fails by does not touch the others. Gives a result each, in the order of the decisions. For approvers, managers and admins.',
  })
  async decideActions(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DecideActionsInput, { description: 'The decisions.' }) input: DecideActionsInput,
  ): Promise<DecisionResultType[]> {
    const actor = authorize(context, 'decideActions', DECIDERS);
    const { decisions } = parseInput(decideActionsInput, input);
    const commands = decisions.map(({ comment, ...decision }) => ({ ...decision, comment: comment ?? null }));
    return (await this.services.decide.decideEach(actor, commands)).map(toResult);
  }

  @Mutation(() => ActionType, {
    description:
      'Takes an action back that waits for a person, or that may run alone and was not claimed yet. For who proposed it, and who answers for them.',
  })
  async cancelAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => CancelActionInput, { description: 'Which action.' }) input: CancelActionInput,
  ): Promise<ActionType> {
    const actor = authorize(context, 'cancelAction');
    const { actionId, reason = null } = parseInput(cancelInput, input);
    return toAction(await this.services.cancel.cancel(actor, actionId, reason));
  }
}

function toResult({ approvalId, outcome }: DecisionResult): DecisionResultType {
  if (!(outcome instanceof Error)) return { approvalId, approval: toApproval(outcome), error: null };
  const { code, message, details } = outcome;
  return { approvalId, approval: null, error: { code, message, extensions: { ...spelled(details), code } } };
}
