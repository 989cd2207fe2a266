import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { ConnectionArgs } from '../../../platform/graphql/connection.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { type InsightStatus, VERDICTS, type Verdict } from '../domain/insight.js';
import type { Category, PatternType, Severity } from '../domain/pattern.js';
import type { InsightFilter } from '../ports.js';
import { InsightStatusEnum, PatternCategoryEnum, PatternTypeEnum, SeverityEnum, VerdictEnum } from './enums.js';

@ArgsType()
export class InsightsArgs extends ConnectionArgs {
  @Field(() => [InsightStatusEnum], {
    nullable: true,
    description: 'Only in one of these states. Left out or empty: all.',
  })
  status?: InsightStatus[] | null;

  @Field(() => [SeverityEnum], { nullable: true, description: 'Only of one of these. Left out or empty: all.' })
  severity?: Severity[] | null;

  @Field(() => PatternCategoryEnum, { nullable: true, description: 'Only about this.' })
  category?: Category | null;

  @Field(() => PatternTypeEnum, { nullable: true, description: 'Only of this type.' })
  type?: PatternType | null;

  @Field(() => ID, { nullable: true, description: 'Only of this account; themes are not among them.' })
  accountId?: string | null;

  @Field(() => Date, { nullable: true, description: 'Only found at this instant or later.' })
  since?: Date | null;
}

export const toInsightFilter = ({
  status,
  severity,
  category,
  type,
  accountId,
  since,
}: InsightsArgs): InsightFilter => ({
  ...(status && status.length > 0 && { status }),
  ...(severity && severity.length > 0 && { severity }),
  ...(category && { category }),
  ...(type && { type }),
  ...(accountId && { accountId: parseInput(idInput, accountId, 'accountId') }),
  ...(since && { since }),
});

@InputType({ description: 'What you think of an insight.' })
export class GiveInsightFeedbackInput {
  @Field(() => ID, { description: 'The insight.' })
  insightId!: string;

  @Field(() => VerdictEnum, { description: 'Whether it was useful.' })
  verdict!: Verdict;
}

export const feedbackInput = z.object({ insightId: idInput, verdict: z.enum(VERDICTS) });

@InputType({ description: 'Dismissing an insight.' })
export class DismissInsightInput {
  @Field(() => ID, { description: 'The insight; it must be PENDING.' })
  insightId!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 2,000 characters.' })
  reason!: string;
}

export const dismissInput = z.object({ insightId: idInput, reason: textInput(2_000) });
