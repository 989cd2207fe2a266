import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import type { JsonObject } from '../../../kernel/json.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { VerdictEnum } from './enums.js';
import { json } from './inputs.js';

const digest = z.string().max(200);
const comment = textInput(2_000);

@InputType({ description: 'A signature under a request.' })
export class ApproveActionInput {
  @Field(() => ID, { description: 'The request.' })
  approvalId!: string;

  @Field(() => String, { description: '`digest` of what you were shown: only exactly that is approved.' })
  digest!: string;

  @Field(() => String, { nullable: true, description: 'A remark for the record, at most 2,000 characters.' })
  comment?: string | null;
}

export const approveInput = z.object({ approvalId: idInput, digest, comment: comment.optional() });

@InputType({ description: 'A refusal of a request.' })
export class RejectActionInput {
  @Field(() => ID, { description: 'The request.' })
  approvalId!: string;

  @Field(() => String, { description: 'Why not; the agent is told. 1 to 2,000 characters.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: '`digest` of what you were shown.' })
  digest?: string | null;
}

export const rejectInput = z.object({ approvalId: idInput, digest: digest.optional(), reason: comment });

@InputType({ description: 'One of several decisions.' })
export class DecisionInput {
  @Field(() => ID, { description: 'The request.' })
  approvalId!: string;

  @Field(() => VerdictEnum, { description: 'Yes or no.' })
  verdict!: 'approved' | 'rejected';

  @Field(() => String, { description: '`digest` of what you were shown.' })
  digest!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A remark for the record; for a rejection the reason, which must be there. At most 2,000 characters.',
  })
  comment?: string | null;
}

@InputType({ description: 'Another text in the place of what is asked for.' })
export class EditActionInput {
  @Field(() => ID, { description: 'The request.' })
  approvalId!: string;

  @Field(() => String, { description: '`digest` of what you were shown.' })
  digest!: string;

  @Field(() => GraphQLJSONObject, {
    description: 'What exactly shall be done instead, as a whole. At most 64 KiB as canonical JSON.',
  })
  payload!: JsonObject;

  @Field(() => String, {
    nullable: true,
    description: 'Another type, which must ask for no fewer and no weaker signatures. Left out: as it is.',
  })
  actionType?: string | null;

  @Field(() => String, { nullable: true, description: 'Why, for the record: at most 2,000 characters.' })
  comment?: string | null;
}

export const editInput = z.object({
  approvalId: idInput,
  digest,
  payload: json,
  actionType: z.string().optional(),
  comment: comment.optional(),
});

/** Most decisions of one call. */
export const MAX_DECISIONS = 100;

@InputType({ description: 'Several decisions.' })
export class DecideActionsInput {
  @Field(() => [DecisionInput], {
    description: `1 to ${MAX_DECISIONS}, each about another request. They are made one after the other, in this order.`,
  })
  decisions!: DecisionInput[];
}

export const decideActionsInput = z.object({
  decisions: z
    .array(
      z.object({ approvalId: idInput, verdict: z.enum(['approved', 'rejected']), digest, comment: comment.nullish() }),
    )
    .min(1, `expected 1 to ${MAX_DECISIONS} decisions`)
    .max(MAX_DECISIONS, `expected 1 to ${MAX_DECISIONS} decisions`)
    .superRefine((decisions, context) => {
      const seen = new Set<string>();
      for (const [index, { approvalId, verdict, comment: said }] of decisions.entries()) {
        const problem = (field: string, message: string) =>
          context.addIssue({ code: 'custom', path: [index, field], message });
        if (seen.has(approvalId)) problem('approvalId', 'expected each request once');
        if (verdict === 'rejected' && !said) problem('comment', 'expected the reason for the rejection');
        seen.add(approvalId);
      }
    }),
});

@InputType({ description: 'An action to take back.' })
export class CancelActionInput {
  @Field(() => ID, { description: 'The action; it must be ALLOWED or PENDING_APPROVAL.' })
  actionId!: string;

  @Field(() => String, { nullable: true, description: 'Why, for the record: at most 2,000 characters.' })
  reason?: string | null;
}

export const cancelInput = z.object({ actionId: idInput, reason: comment.optional() });
