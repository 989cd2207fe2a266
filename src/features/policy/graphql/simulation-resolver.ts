import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { parsePolicy } from '../domain/parse.js';
import type { SimulationService } from '../simulate.js';
import { PolicySimulationType, SimulatePolicyInput, simulatePolicyInput } from './simulation-types.js';

const PLANNERS: readonly Role[] = ['manager', 'admin'];

@Resolver()
export class SimulationResolver {
  constructor(private readonly simulations: SimulationService) {}

  @Query(() => PolicySimulationType, {
    description:
      'Tries a draft of a policy on what was proposed in the past, beside the policy in force: every decision that would change. Writes nothing. For managers and admins.',
  })
  simulatePolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SimulatePolicyInput, { description: 'The draft, and the range.' }) input: SimulatePolicyInput,
  ): PolicySimulationType {
    const actor = authorize(context, 'simulatePolicy', PLANNERS);
    const { policy, from, to } = parseInput(simulatePolicyInput, input);
    const document = parsePolicy(policy, ['input', 'policy']);
    return new PolicySimulationType(this.simulations.simulate(actor, { document, from, to }));
  }
}
