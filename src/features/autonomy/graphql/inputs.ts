import { GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { JsonObject } from '../../../kernel/json.js';
import { ConnectionArgs } from '../../../platform/graphql/connection.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { DEAL_STAGES, type DealStage, DealStageEnum } from '../../guardrails/index.js';
import type { ActionStatus } from '../domain/action.js';
import type { ApprovalStatus } from '../domain/approval.js';
import { ActionStatusEnum, ApprovalStatusEnum } from './enums.js';

/** A JSON object, as the scalar lets it through. */
export const json = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected a JSON object',
);

/** Seconds a claim is held for. */
export const leaseSecondsInput = z
  .number()
  .int()
  .min(5, 'expected 5 to 3600 seconds')
  .max(3_600, 'expected 5 to 3600 seconds')
  .default(300);
export const leaseEpochInput = z.number().int().min(1, 'expected the epoch of a claim');

@InputType({ description: 'What the agent asks to do.' })
export class ProposeActionInput {
  @Field(() => String, {
    description:
      'Kind of action: lower-case letters, digits and underscores, at most 64. An unknown type waits for a person.',
  })
  actionType!: string;

  @Field(() => GraphQLJSONObject, {
    description: 'What exactly would be done: the text, the recipients, the amounts. At most 64 KiB as canonical JSON.',
  })
  payload!: JsonObject;

  @Field(() => String, {
    description:
      'Chosen by you, 1 to 200 characters, one for each thing you want done. Sending it again gives the first answer and does nothing more.',
  })
  idempotencyKey!: string;

  @Field(() => ID, { nullable: true, description: 'The account it concerns.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The deal it concerns; its stored stage goes into the check.' })
  dealId?: string | null;

  @Field(() => DealStageEnum, {
    nullable: true,
    description: 'Stage of a deal that is not stored here. With `dealId`, leave it out.',
  })
  dealStage?: DealStage | null;

  @Field(() => ID, { nullable: true, description: 'The clone in whose voice it would be done.' })
  cloneId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The contact it is addressed to. Left out, the policy’s gates look at every contact of the account.',
  })
  contactId?: string | null;

  @Field(() => String, { nullable: true, description: 'Why, for the person who decides: at most 2,000 characters.' })
  rationale?: string | null;
}

export const proposeInput = z.object({
  actionType: z.string(),
  payload: json,
  idempotencyKey: textInput(200),
  accountId: idInput.optional(),
  dealId: idInput.optional(),
  dealStage: z.enum(DEAL_STAGES).optional(),
  cloneId: idInput.optional(),
  contactId: idInput.optional(),
  rationale: textInput(2_000).optional(),
});

@InputType({ description: 'An agent takes an action to run it.' })
export class ClaimActionInput {
  @Field(() => ID, { description: 'The action; it must be ALLOWED or APPROVED.' })
  actionId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How long you expect to need, in seconds: 5 to 3,600. 300 when left out.',
  })
  leaseSeconds?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Made up by you for this one claim, 1 to 200 characters, such as a UUID. While you hold it, the same claim sent again gives the same answer, under the same `leaseEpoch` and with its time counted anew, so that an answer lost on the way costs nothing. Never the same for two workers, nor after a restart: both would run it.',
  })
  claimKey?: string | null;
}

export const claimInput = z.object({
  actionId: idInput,
  leaseSeconds: leaseSecondsInput,
  claimKey: textInput(200).optional(),
});

@InputType({ description: 'The action has run.' })
export class CompleteActionInput {
  @Field(() => ID, { description: 'The action you hold the claim of.' })
  actionId!: string;

  @Field(() => Int, { description: '`leaseEpoch` as the claim gave it.' })
  leaseEpoch!: number;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What came of it: message ids, links, figures. At most 64 KiB.',
  })
  result?: JsonObject | null;
}

export const completeInput = z.object({
  actionId: idInput,
  leaseEpoch: leaseEpochInput,
  result: json.default({}),
});

@InputType({ description: 'The action could not be run.' })
export class FailActionInput {
  @Field(() => ID, { description: 'The action you hold the claim of.' })
  actionId!: string;

  @Field(() => Int, { description: '`leaseEpoch` as the claim gave it.' })
  leaseEpoch!: number;

  @Field(() => String, { description: 'What went wrong, at most 2,000 characters.' })
  error!: string;
}

export const failInput = z.object({
  actionId: idInput,
  leaseEpoch: leaseEpochInput,
  error: textInput(2_000),
});

@ArgsType()
export class ActionsArgs extends ConnectionArgs {
  @Field(() => [ActionStatusEnum], { nullable: true, description: 'Only actions in one of these states.' })
  status?: ActionStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Only actions of this type.' })
  actionType?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only actions that concern this account.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only actions in the voice of this clone.' })
  cloneId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only what a connector gave up, so that `retryAction` may try it once more; false: all others.',
  })
  deadLettered?: boolean | null;
}

@ArgsType()
export class ApprovalsArgs extends ConnectionArgs {
  @Field(() => ApprovalStatusEnum, {
    nullable: true,
    defaultValue: 'pending',
    description: 'Only requests in this state; null for all.',
  })
  status?: ApprovalStatus | null;
}
