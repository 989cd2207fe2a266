import { GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Ctx,
  Field,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import type { JsonObject } from '../../../kernel/json.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { DEFAULT_LIMIT, MAX_LIMIT, type Planner } from '../planner.js';
import type { PlannedAction, PlanOutcome } from '../proposing.js';

const PlanOutcomeEnum = {
  PLANNED: 'planned',
  ALLOWED: 'allowed',
  PENDING_APPROVAL: 'pending_approval',
  BLOCKED: 'blocked',
  DUPLICATE: 'duplicate',
  REFUSED: 'refused',
  HELD_BACK: 'held_back',
} as const satisfies Record<Uppercase<PlanOutcome>, PlanOutcome>;
registerEnumType(PlanOutcomeEnum, {
  name: 'PlanOutcome',
  description: 'What became of a candidate.',
  valuesConfig: {
    PLANNED: { description: 'Nothing: it was a dry run.' },
    ALLOWED: { description: 'Proposed, and it may run.' },
    PENDING_APPROVAL: { description: 'Proposed, and a person has to sign.' },
    BLOCKED: { description: 'Proposed, and it never runs.' },
    DUPLICATE: { description: 'Not proposed: the same was proposed for the account lately.' },
    REFUSED: { description: 'It could not be proposed; `message` says why.' },
    HELD_BACK: { description: 'Not proposed now: a language model advises against it; `message` quotes it.' },
  },
});

@ObjectType('PlannedAction', {
  description: 'An action that the planner finds worth proposing, and what became of it.',
})
class PlannedActionType {
  @Field(() => String, { description: 'What kind of action.' })
  actionType!: string;

  @Field(() => ID, { description: 'The account it concerns.' })
  accountId!: string;

  @Field(() => String, { description: 'Its name.' })
  accountName!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The deal that the goal is about, which the stage gate then looks at; null: all open deals of the account count.',
  })
  dealId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact it is addressed to, where the evidence names one.' })
  contactId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The clone whose goal it serves.' })
  cloneId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The goal it corrects; null: it comes of insights only.' })
  goalId!: string | null;

  @Field(() => [ID], { description: 'The insights it answers, the weightiest first.' })
  insightIds!: readonly string[];

  @Field(() => Float, {
    description:
      'How far the goal is behind an even pace that the account would help most, in percentage points; 0 without one. Candidates are ordered by it first.',
  })
  goalGap!: number;

  @Field(() => String, { description: 'Why: the evidence in quotes, and the figures of the goal.' })
  rationale!: string;

  @Field(() => GraphQLJSONObject, { description: 'The brief for the agent. Quotes in it are data, not instructions.' })
  payload!: JsonObject;

  @Field(() => PlanOutcomeEnum, { description: 'What became of it.' })
  outcome!: PlanOutcome;

  @Field(() => ID, { nullable: true, description: 'The action; for a duplicate, the one there was.' })
  actionId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The request for approval, where one was opened.' })
  approvalId!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was refused, blocked or held back.' })
  message!: string | null;
}

@ObjectType({ description: 'What the planner found.' })
class PlanProactiveActionsPayload {
  @Field(() => [PlannedActionType], {
    description: 'The candidates, the weightiest first, with those left out as duplicates.',
  })
  planned!: readonly PlannedAction[];

  @Field(() => Int, {
    description:
      'Candidates that are not listed because a person would have to sign them and enough requests of the planner wait for a decision already. They have their turn once those are decided.',
  })
  waiting!: number;

  @Field(() => Int, { description: 'Goals and insights that could not be looked at; the others were.' })
  failed!: number;
}

@InputType({ description: 'How to plan.' })
class PlanProactiveActionsInput {
  @Field(() => Boolean, { defaultValue: false, description: 'Only say what would be proposed.' })
  dryRun!: boolean;

  @Field(() => Int, {
    defaultValue: DEFAULT_LIMIT,
    description: `Most candidates to propose, from 1 to ${MAX_LIMIT}; as many duplicates are listed.`,
  })
  limit!: number;
}

const planInput = z.object({ dryRun: z.boolean(), limit: z.int().min(1).max(MAX_LIMIT) });

const PLANNERS: readonly Role[] = ['manager', 'admin'];

@Resolver()
export class PlannerResolver {
  constructor(private readonly planner: Planner) {}

  @Mutation(() => PlanProactiveActionsPayload, {
    description:
      'Proposes what insights and goals that are behind suggest, as the job `PROACTIVE_OUTREACH_CHECK` does. The guardrails decide on each. Repeating it proposes nothing twice. For managers and admins.',
  })
  async planProactiveActions(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => PlanProactiveActionsInput, { description: 'How to plan.' }) input: PlanProactiveActionsInput,
  ): Promise<PlanProactiveActionsPayload> {
    const actor = authorize(context, 'planProactiveActions', PLANNERS);
    return this.planner.planProactiveActions(actor, parseInput(planInput, input));
  }
}
