import { Arg, Args, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { type Connection, ConnectionArgs, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { parsePolicy } from '../domain/parse.js';
import type { SimulationService } from '../simulate.js';
import {
  ChangedDecisionConnection,
  type ChangedDecisionType,
  PolicySimulationType,
  SimulatePolicyInput,
  simulatePolicyInput,
  toChangedDecision,
  toSimulation,
} from './simulation-types.js';

const PLANNERS: readonly Role[] = ['manager', 'admin'];

@ObjectType({ description: 'What a draft would have changed, and the page of changed decisions that was asked for.' })
class SimulatePolicyPayload {
  @Field(() => PolicySimulationType, { description: 'The figures; the same on every page.' })
  simulation!: PolicySimulationType;

  @Field(() => ChangedDecisionConnection, {
    description: 'Every decision that would change, in the order of proposal.',
  })
  changes!: Connection<ChangedDecisionType>;
}

@Resolver()
export class SimulationResolver {
  constructor(private readonly simulations: SimulationService) {}

  @Query(() => SimulatePolicyPayload, {
    description:
      'Tries a draft of a policy on what was proposed in the past, beside the policy in force: every decision that would change. Writes nothing. For managers and admins.',
  })
  async simulatePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SimulatePolicyInput, { description: 'The draft, and the range.' }) input: SimulatePolicyInput,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<SimulatePolicyPayload> {
    const actor = authorize(context, 'simulatePolicy', PLANNERS);
    const { policy, from, to } = parseInput(simulatePolicyInput, input);
    const document = parsePolicy(policy, ['input', 'policy']);
    const simulation = await this.simulations.simulate(actor, { document, from, to }, parsePageArgs(args));
    const edges = simulation.changes.edges.map(({ cursor, node }) => ({ cursor, node: toChangedDecision(node) }));
    return {
      simulation: toSimulation(simulation),
      changes: toConnection({ ...simulation.changes, edges }, async () => simulation.totals.all.changed),
    };
  }
}
