import { Args, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  parsePageArgs,
  toConnection,
} from '../../../platform/graphql/connection.js';
import { type DecisionReason, GuardrailReasonEnum } from '../../guardrails/index.js';
import type { Connector, DecidingRole } from '../domain/policy.js';
import type { Outcome, ReplayedDecision } from '../domain/replay.js';
import { type ChangedDecision, MAX_TYPES, type Tally } from '../domain/simulation.js';
import { MAX_DAYS, MAX_PROPOSALS, type Simulation } from '../simulate.js';
import { ConnectorEnum, DecidingRoleEnum } from './enums.js';
import { PolicyInput } from './inputs.js';

export const OutcomeEnum = {
  RUNS_ALONE: 'runs_alone',
  WAITS_FOR_PERSON: 'waits_for_person',
  NEVER_RUNS: 'never_runs',
} as const satisfies Record<Uppercase<Outcome>, Outcome>;
registerEnumType(OutcomeEnum, {
  name: 'ProposalOutcome',
  description: 'What becomes of a proposal at once.',
  valuesConfig: {
    RUNS_ALONE: { description: 'The agent may run it.' },
    WAITS_FOR_PERSON: { description: 'A request for approval is opened.' },
    NEVER_RUNS: { description: 'A hard stop.' },
  },
});

@InputType({ description: 'A draft, and the proposals to try it on.' })
export class SimulatePolicyInput {
  @Field(() => PolicyInput, { description: 'The draft: a whole policy.' })
  policy!: PolicyInput;

  @Field(() => Date, { description: 'First instant of the range.' })
  from!: Date;

  @Field(() => Date, {
    description: `First instant after the range, at most ${MAX_DAYS} days later; the range holds at most ${MAX_PROPOSALS} proposals. Once it has passed, the answer stays the same.`,
  })
  to!: Date;
}

export const simulatePolicyInput = z.object({ policy: z.unknown(), from: z.date(), to: z.date() });

@ObjectType('SimulatedDecision', { description: 'What a policy makes of a proposal.' })
export class SimulatedDecisionType {
  @Field(() => OutcomeEnum, { description: 'What becomes of it.' })
  outcome!: Outcome;

  @Field(() => GuardrailReasonEnum, { description: 'Which rule decides.' })
  reason!: DecisionReason;

  @Field(() => String, { description: 'The decision in words.' })
  explanation!: string;

  @Field(() => Int, { description: 'How many people would have to approve, where any has to.' })
  quorum!: number;

  @Field(() => DecidingRoleEnum, { description: 'The weakest role that could decide.' })
  requiredRole!: DecidingRole;

  @Field(() => DecidingRoleEnum, { description: 'The weakest role that could decide after half the time.' })
  fallbackRole!: DecidingRole;

  @Field(() => Float, { description: 'How long the request would stay open, in hours.' })
  expiryHours!: number;

  @Field(() => ConnectorEnum, { description: 'Who would run it.' })
  connector!: Connector;
}

@ObjectType('ChangedDecision', { description: 'A proposal that the draft would treat differently.' })
export class ChangedDecisionType {
  @Field(() => ID, { description: 'The action that was proposed.' })
  actionId!: string;

  @Field(() => String, { description: 'Its type.' })
  actionType!: string;

  @Field(() => ID, { nullable: true, description: 'The account it concerns.' })
  accountId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The clone in whose voice it is.' })
  cloneId!: string | null;

  @Field(() => Date, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => SimulatedDecisionType, { description: 'Under the policy in force.' })
  before!: SimulatedDecisionType;

  @Field(() => SimulatedDecisionType, { description: 'Under the draft.' })
  after!: SimulatedDecisionType;
}

export const ChangedDecisionConnection = connectionOf('ChangedDecision', () => ChangedDecisionType);

@ObjectType('SimulationFigures', { description: 'How many proposals the draft would treat how.' })
export class SimulationFiguresType {
  @Field(() => Int, { description: 'Proposals seen.' })
  proposals!: number;

  @Field(() => Int, { description: 'Of these, those that the draft would treat differently in any way.' })
  changed!: number;

  @Field(() => Int, { description: 'Requests for approval under the policy in force.' })
  approvalsBefore!: number;

  @Field(() => Int, { description: 'Requests for approval under the draft.' })
  approvalsAfter!: number;

  @Field(() => Int, { description: 'Hard stops under the policy in force.' })
  hardStopsBefore!: number;

  @Field(() => Int, { description: 'Hard stops under the draft.' })
  hardStopsAfter!: number;

  @Field(() => Int, { description: 'What would run alone under the policy in force.' })
  aloneBefore!: number;

  @Field(() => Int, { description: 'What would run alone under the draft.' })
  aloneAfter!: number;
}

@ObjectType('SimulatedActionType', { description: 'What a draft changes for one type of action.' })
export class SimulatedActionTypeType {
  @Field(() => String, { nullable: true, description: 'The type; null: all types that are not listed, together.' })
  actionType!: string | null;

  @Field(() => SimulationFiguresType, { description: 'The figures.' })
  figures!: SimulationFiguresType;
}

@ObjectType('SimulatedDay', { description: 'What a draft changes on one day.' })
export class SimulatedDayType {
  @Field(() => String, { description: 'The day in UTC, e.g. `2026-03-04`.' })
  day!: string;

  @Field(() => SimulationFiguresType, { description: 'The figures.' })
  figures!: SimulationFiguresType;
}

@ObjectType('PolicySimulation', { description: 'What a draft would have changed. Nothing was written.' })
export class PolicySimulationType {
  constructor(private readonly simulation: Simulation) {}

  @Field(() => Int, { description: 'The version in force, with which the draft is compared.' })
  async currentVersion(): Promise<number> {
    return (await this.simulation.result()).currentVersion;
  }

  @Field(() => Float, { description: 'Length of the range in days.' })
  days(): number {
    return this.simulation.days;
  }

  @Field(() => SimulationFiguresType, { description: 'All proposals in the range.' })
  async totals(): Promise<SimulationFiguresType> {
    return toFigures((await this.simulation.result()).totals.all);
  }

  @Field(() => Float, {
    description: 'Requests for approval that the draft adds a day, on average; below 0: that it takes away.',
  })
  async approvalsPerDayAdded(): Promise<number> {
    const { before, after } = (await this.simulation.result()).totals.all;
    return (after.waits_for_person - before.waits_for_person) / this.simulation.days;
  }

  @Field(() => [SimulatedActionTypeType], {
    description: `By type, those with the most changes first; at most ${MAX_TYPES}, and the rest together.`,
  })
  async byActionType(): Promise<readonly SimulatedActionTypeType[]> {
    const { totals } = await this.simulation.result();
    return totals.byType().map(([actionType, tally]) => ({ actionType, figures: toFigures(tally) }));
  }

  @Field(() => [SimulatedDayType], { description: 'By day, those without proposals left out.' })
  async byDay(): Promise<readonly SimulatedDayType[]> {
    const { totals } = await this.simulation.result();
    return totals.byDay().map(([day, tally]) => ({ day, figures: toFigures(tally) }));
  }

  @Field(() => ChangedDecisionConnection, {
    description: 'Every decision that would change, in the order of proposal.',
  })
  async changes(@Args(() => ConnectionArgs) args: ConnectionArgs): Promise<Connection<ChangedDecisionType>> {
    const page = await this.simulation.changes(parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toChangedDecision(node) }));
    return toConnection({ ...page, edges }, async () => (await this.simulation.result()).totals.all.changed);
  }
}

const toFigures = ({ proposals, changed, before, after }: Tally): SimulationFiguresType => ({
  proposals,
  changed,
  approvalsBefore: before.waits_for_person,
  approvalsAfter: after.waits_for_person,
  hardStopsBefore: before.never_runs,
  hardStopsAfter: after.never_runs,
  aloneBefore: before.runs_alone,
  aloneAfter: after.runs_alone,
});

const toChangedDecision = ({ proposal, before, after }: ChangedDecision): ChangedDecisionType => {
  const { facts: _facts, ...named } = proposal;
  return { ...named, before: toDecision(before), after: toDecision(after) };
};

const toDecision = ({ outcome, reason, explanation, demands }: ReplayedDecision): SimulatedDecisionType => {
  const { quorum, requiredRole, fallbackRole, openMs, connector } = demands;
  return {
    outcome,
    reason,
    explanation,
    quorum,
    requiredRole,
    fallbackRole,
    expiryHours: openMs / 3_600_000,
    connector,
  };
};
