import { Field, Float, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { textInput } from '../../../platform/graphql/fields.js';
import { type ActionTier, ActionTierEnum, type DealStage, DealStageEnum } from '../../guardrails/index.js';
import { MAX_BUDGETS, MAX_RULES } from '../domain/parse.js';
import type { BudgetPeriod, BudgetScope, Connector, DecidingRole } from '../domain/policy.js';
import { BudgetPeriodEnum, BudgetScopeEnum, ConnectorEnum, DecidingRoleEnum, WeekdayEnum } from './enums.js';

@InputType({ description: 'Hours in which an action may run alone.' })
export class HoursInput {
  @Field(() => String, { description: 'IANA name of the time zone, e.g. `Europe/Berlin`.' })
  timeZone!: string;

  @Field(() => String, { description: 'First minute, e.g. `08:00`.' })
  from!: string;

  @Field(() => String, { description: 'First minute after, on the same day, e.g. `18:00`; at most `24:00`.' })
  to!: string;

  @Field(() => [WeekdayEnum], { description: 'On which days: 1 to 7.' })
  days!: number[];
}

@InputType({ description: 'What makes an action that could run alone wait for a person. One closed gate is enough.' })
export class GatesInput {
  @Field(() => Float, {
    nullable: true,
    description: 'Closes above this value of the deal, in your currency, and for a deal without a value.',
  })
  dealValueAbove?: number | null;

  @Field(() => [DealStageEnum], { nullable: true, description: 'Closes in these stages of the deal.' })
  stages?: DealStage[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Closes for contacts with these words in their title, e.g. `CEO` or `vice president`; case, accents and dots make no difference. At most 50.',
  })
  contactTitles?: string[] | null;

  @Field(() => HoursInput, { nullable: true, description: 'Closes outside these hours.' })
  hours?: HoursInput | null;
}

@InputType({ description: 'What is laid down for one type of action.' })
export class ActionRuleInput {
  @Field(() => String, {
    description: 'The type: a built-in one, or one of your own. Lower-case letters, digits and underscores.',
  })
  actionType!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'For people: what a type of your own means, at most 500 characters. Needed where its name is nearly that of a built-in type.',
  })
  description?: string | null;

  @Field(() => ActionTierEnum, {
    nullable: true,
    description:
      'Its tier. For a built-in type only a stricter one; one of your own needs a person unless this says not.',
  })
  tier?: ActionTier | null;

  @Field(() => GatesInput, { nullable: true, description: 'Gates for this type, beside those for all.' })
  gates?: GatesInput | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many different people have to approve: 1 to 10. 1 if left out.',
  })
  quorum?: number | null;

  @Field(() => DecidingRoleEnum, { nullable: true, description: 'The weakest role that may decide.' })
  requiredRole?: DecidingRole | null;

  @Field(() => DecidingRoleEnum, {
    nullable: true,
    description: 'The weakest role that may decide once half the time is over. Left out: as `requiredRole`.',
  })
  fallbackRole?: DecidingRole | null;

  @Field(() => Float, { nullable: true, description: 'How long a request stays open, in hours: 0.1 to 8760.' })
  expiryHours?: number | null;

  @Field(() => ConnectorEnum, { nullable: true, description: 'Who runs it. Left out: the agent that claims it.' })
  connector?: Connector | null;
}

@InputType({ description: 'How many actions may run alone in a period; the next one waits for a person.' })
export class BudgetInput {
  @Field(() => String, { description: 'What to call it, once in a policy: 1 to 100 characters.' })
  name!: string;

  @Field(() => BudgetScopeEnum, { description: 'For whom it counts.' })
  scope!: BudgetScope;

  @Field(() => String, {
    nullable: true,
    description: 'Count only this type: a built-in one, or one that a rule is for. Left out: all types together.',
  })
  actionType?: string | null;

  @Field(() => BudgetPeriodEnum, { description: 'When it begins anew.' })
  period!: BudgetPeriod;

  @Field(() => Int, { description: 'How many: 0 to 1,000,000. 0 lets none run alone.' })
  limit!: number;
}

@InputType({
  description: 'A whole policy. It can only make the built-in guardrails stricter; what is left out is not laid down.',
})
export class PolicyInput {
  @Field(() => GatesInput, { nullable: true, description: 'Gates for actions of every type.' })
  gates?: GatesInput | null;

  @Field(() => [ActionRuleInput], { description: `What is laid down for single types: at most ${MAX_RULES}.` })
  rules!: ActionRuleInput[];

  @Field(() => [BudgetInput], { description: `What may run alone in a period: at most ${MAX_BUDGETS}.` })
  budgets!: BudgetInput[];
}

@InputType({ description: 'A new version of the policy.' })
export class SetPolicyInput {
  @Field(() => PolicyInput, { description: 'The whole policy: it replaces the one in force.' })
  policy!: PolicyInput;

  @Field(() => String, { description: 'Why, for the record: 1 to 2,000 characters.' })
  reason!: string;

  @Field(() => Int, {
    description: '`version` of the policy you changed. If another came first, you get CONFLICT with who and when.',
  })
  expectedVersion!: number;
}

/** The policy itself is read by the domain, which knows every rule. */
export const setPolicyInput = z.object({
  policy: z.unknown(),
  reason: textInput(2_000),
  expectedVersion: z.number().int().min(0, 'expected the version of a policy'),
});
