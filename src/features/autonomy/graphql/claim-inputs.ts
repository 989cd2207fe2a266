import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import type { JsonObject } from '../../../kernel/json.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { json, leaseEpochInput, leaseSecondsInput } from './inputs.js';

export const FoundOutcomeEnum = { EXECUTED: 'executed', FAILED: 'failed' } as const;
type FoundOutcome = (typeof FoundOutcomeEnum)[keyof typeof FoundOutcomeEnum];
registerEnumType(FoundOutcomeEnum, {
  name: 'FoundOutcome',
  description: 'What a person found out about an action of unknown outcome.',
  valuesConfig: {
    EXECUTED: { description: 'It did run.' },
    FAILED: { description: 'It did not run, and will not.' },
  },
});

@InputType({ description: 'The holder of a claim needs more time.' })
export class RenewClaimInput {
  @Field(() => ID, { description: 'The action you hold the claim of.' })
  actionId!: string;

  @Field(() => Int, { description: '`leaseEpoch` as the claim gave it.' })
  leaseEpoch!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How long you need from now on, in seconds: 5 to 3,600. 300 when left out.',
  })
  leaseSeconds?: number | null;
}

export const renewInput = z.object({
  actionId: idInput,
  leaseEpoch: leaseEpochInput,
  leaseSeconds: leaseSecondsInput,
});

@InputType({ description: 'What became of an action whose outcome nobody knew.' })
export class ReconcileActionInput {
  @Field(() => ID, { description: 'The action; it must be OUTCOME_UNKNOWN.' })
  actionId!: string;

  @Field(() => FoundOutcomeEnum, { description: 'Whether it ran.' })
  outcome!: FoundOutcome;

  @Field(() => String, { description: 'How you know, for the record: 1 to 2,000 characters.' })
  note!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Where it ran: what came of it. At most 64 KiB.',
  })
  result?: JsonObject | null;
}

export const reconcileInput = z
  .object({
    actionId: idInput,
    outcome: z.enum(FoundOutcomeEnum),
    note: textInput(2_000),
    result: json.optional(),
  })
  .refine(({ outcome, result }) => outcome === 'executed' || result === undefined, {
    path: ['result'],
    message: 'expected none with outcome FAILED: what did not run has no result',
  });
