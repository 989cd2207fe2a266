import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../../platform/graphql/connection.js';
import { type ActionTier, ActionTierEnum, type DealStage, DealStageEnum } from '../../guardrails/index.js';
import type { BudgetStanding } from '../budget-use.js';
import { policyChanges } from '../domain/changes.js';
import { clockTime } from '../domain/gates.js';
import {
  type BudgetPeriod,
  type BudgetScope,
  type Connector,
  type DecidingRole,
  EMPTY_POLICY,
  type Gates,
  type PolicyDocument,
} from '../domain/policy.js';
import type { PolicyVersion } from '../ports.js';
import { BudgetPeriodEnum, BudgetScopeEnum, ConnectorEnum, DecidingRoleEnum, WeekdayEnum } from './enums.js';

@ObjectType('Hours', { description: 'Hours in which an action may run alone.' })
export class HoursType {
  @Field(() => String, { description: 'IANA name of the time zone.' })
  timeZone!: string;

  @Field(() => String, { description: 'First minute, e.g. `08:00`.' })
  from!: string;

  @Field(() => String, { description: 'First minute after; `24:00` is the end of the day.' })
  to!: string;

  @Field(() => [WeekdayEnum], { description: 'On which days.' })
  days!: readonly number[];
}

@ObjectType('Gates', { description: 'What makes an action that could run alone wait for a person.' })
export class GatesType {
  @Field(() => Float, { nullable: true, description: 'Closed above this value of the deal, and without a value.' })
  dealValueAbove!: number | null;

  @Field(() => [DealStageEnum], { description: 'Closed in these stages.' })
  stages!: readonly DealStage[];

  @Field(() => [String], { description: 'Closed for contacts with these words in their title.' })
  contactTitles!: readonly string[];

  @Field(() => HoursType, { nullable: true, description: 'Closed outside these hours; null: never for the hour.' })
  hours!: HoursType | null;
}

@ObjectType('ActionRule', { description: 'What a policy lays down for one type of action.' })
export class ActionRuleType {
  @Field(() => String, { description: 'The type.' })
  actionType!: string;

  @Field(() => String, { nullable: true, description: 'For people: what a type of the tenant’s own means.' })
  description!: string | null;

  @Field(() => ActionTierEnum, { nullable: true, description: 'Its tier; null: as it is without the policy.' })
  tier!: ActionTier | null;

  @Field(() => GatesType, { nullable: true, description: 'Gates for this type, beside those for all.' })
  gates!: GatesType | null;

  @Field(() => Int, { nullable: true, description: 'How many different people have to approve; null: one.' })
  quorum!: number | null;

  @Field(() => DecidingRoleEnum, { nullable: true, description: 'The weakest role that may decide; null: approver.' })
  requiredRole!: DecidingRole | null;

  @Field(() => DecidingRoleEnum, {
    nullable: true,
    description: 'The weakest role that may decide after half the time; null: as `requiredRole`.',
  })
  fallbackRole!: DecidingRole | null;

  @Field(() => Float, { nullable: true, description: 'How long a request stays open, in hours; null: as everywhere.' })
  expiryHours!: number | null;

  @Field(() => ConnectorEnum, { nullable: true, description: 'Who runs it; null: the agent that claims it.' })
  connector!: Connector | null;
}

@ObjectType('Budget', { description: 'How many actions may run alone in a period.' })
export class BudgetType {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => BudgetScopeEnum, { description: 'For whom it counts.' })
  scope!: BudgetScope;

  @Field(() => String, { nullable: true, description: 'The type it counts; null: all together.' })
  actionType!: string | null;

  @Field(() => BudgetPeriodEnum, { description: 'When it begins anew.' })
  period!: BudgetPeriod;

  @Field(() => Int, { description: 'How many may run alone.' })
  limit!: number;
}

@ObjectType('PolicyChange', { description: 'One thing that a version changed.' })
export class PolicyChangeType {
  @Field(() => String, { description: 'Where it stands, e.g. `rules.send_proposal.quorum`.' })
  what!: string;

  @Field(() => String, { nullable: true, description: 'What held before; null: nothing was laid down.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'What holds now; null: it was taken away.' })
  after!: string | null;
}

@ObjectType('Policy', {
  description: 'What the tenant lays down beside the built-in guardrails, in one version. Versions are never altered.',
})
export class PolicyNode {
  @Field(() => Int, { description: 'Counted from 1; 0 is the empty policy that every tenant begins with.' })
  version!: number;

  @Field(() => GatesType, { nullable: true, description: 'Gates for actions of every type.' })
  gates!: GatesType | null;

  @Field(() => [ActionRuleType], { description: 'What is laid down for single types, by name.' })
  rules!: readonly ActionRuleType[];

  @Field(() => [BudgetType], { description: 'What may run alone in a period.' })
  budgets!: readonly BudgetType[];

  @Field(() => String, { nullable: true, description: 'Why it was laid down; null for version 0.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Who laid it down; null for version 0.' })
  changedBy!: string | null;

  @Field(() => Date, { nullable: true, description: 'Since when it is, or from when on it was, in force.' })
  changedAt!: Date | null;

  @Field(() => [PolicyChangeType], { description: 'What it changed in the version before it.' })
  changes!: readonly PolicyChangeType[];
}

@ObjectType('PolicyVersion', {
  description: 'That a version of the policy was laid down; `policyVersion` gives what it says as a whole.',
})
export class PolicyVersionNode {
  @Field(() => Int, { description: 'Counted from 1.' })
  version!: number;

  @Field(() => String, { description: 'Why it was laid down.' })
  reason!: string;

  @Field(() => String, { description: 'Who laid it down.' })
  changedBy!: string;

  @Field(() => Date, { description: 'From when on it was in force.' })
  changedAt!: Date;

  @Field(() => [PolicyChangeType], { description: 'What it changed in the version before it.' })
  changes!: readonly PolicyChangeType[];
}

export const PolicyVersionConnection = connectionOf('PolicyVersion', () => PolicyVersionNode);

export const toPolicyVersion = (stored: PolicyVersion): PolicyVersionNode => {
  const { version, reason, changedBy, changedAt, previous, document } = stored;
  return { version, reason, changedBy, changedAt, changes: policyChanges(previous, document) };
};

/** @param version undefined for the empty policy that every tenant begins with */
export const toPolicy = (version: PolicyVersion | undefined): PolicyNode => ({
  ...partsOf((version ?? EMPTY_POLICY).document),
  version: version?.version ?? EMPTY_POLICY.version,
  reason: version?.reason ?? null,
  changedBy: version?.changedBy ?? null,
  changedAt: version?.changedAt ?? null,
  changes: version ? policyChanges(version.previous, version.document) : [],
});

const partsOf = ({ gates, rules, budgets }: PolicyDocument) => ({
  gates: toGates(gates),
  rules: Object.entries(rules)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([actionType, rule]): ActionRuleType => ({ ...NO_RULE, ...rule, actionType, gates: toGates(rule.gates) })),
  budgets: budgets.map((budget): BudgetType => ({ ...budget, actionType: budget.actionType ?? null })),
});

const NO_RULE = {
  description: null,
  tier: null,
  quorum: null,
  requiredRole: null,
  fallbackRole: null,
  expiryHours: null,
  connector: null,
};

const toGates = (gates: Gates | undefined): GatesType | null =>
  gates
    ? {
        dealValueAbove: gates.dealValueAbove ?? null,
        stages: gates.stages ?? [],
        contactTitles: gates.contactTitles ?? [],
        hours: gates.hours
          ? { ...gates.hours, from: clockTime(gates.hours.from), to: clockTime(gates.hours.to) }
          : null,
      }
    : null;

@ObjectType('BudgetCount', { description: 'One count of a budget.' })
export class BudgetCountType {
  @Field(() => ID, {
    nullable: true,
    description: 'The clone or account it is for; null: the tenant, or actions that name none.',
  })
  scopeId!: string | null;

  @Field(() => Int, { description: 'Places taken.' })
  used!: number;

  @Field(() => Int, { description: 'Places left; never below 0, also where the limit was lowered.' })
  left!: number;
}

@ObjectType('BudgetUse', { description: 'How far a budget is used up in the period that runs now.' })
export class BudgetUseType {
  @Field(() => BudgetType, { description: 'The budget.' })
  budget!: BudgetType;

  @Field(() => Date, { description: 'When the period began.' })
  windowStart!: Date;

  @Field(() => Date, { description: 'When it begins anew.' })
  windowEnd!: Date;

  @Field(() => [BudgetCountType], { description: 'The counts of which places are taken, the most first.' })
  counts!: readonly BudgetCountType[];
}

export const toBudgetUse = ({ budget, counts, ...window }: BudgetStanding): BudgetUseType => ({
  ...window,
  budget: { ...budget, actionType: budget.actionType ?? null },
  counts: counts.map(({ scope, used }) => ({
    scopeId: scope === 'tenant' || scope === 'none' ? null : scope,
    used,
    left: Math.max(0, budget.limit - used),
  })),
});
