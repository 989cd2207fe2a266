import { Arg, Args, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { type Connection, ConnectionArgs, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { type BudgetUseService, MAX_COUNTS } from '../budget-use.js';
import { parsePolicy } from '../domain/parse.js';
import type { PolicyService } from '../service.js';
import { SetPolicyInput, setPolicyInput } from './inputs.js';
import {
  BudgetUseType,
  PolicyNode,
  PolicyVersionConnection,
  type PolicyVersionNode,
  toBudgetUse,
  toPolicy,
  toPolicyVersion,
} from './types.js';

@Resolver()
export class PolicyResolver {
  constructor(
    private readonly policies: PolicyService,
    private readonly budgetUses: BudgetUseService,
  ) {}

  @Query(() => PolicyNode, { description: 'The policy in force.' })
  async policy(@Ctx() context: GraphQLContext): Promise<PolicyNode> {
    const actor = authorize(context, 'policy');
    return toPolicy(await this.policies.current(actor));
  }

  @Query(() => PolicyNode, { description: 'One version of the policy.' })
  async policyVersion(
    @Ctx() context: GraphQLContext,
    @Arg('version', () => Int, { description: 'Its number, from 1 on.' }) version: number,
  ): Promise<PolicyNode> {
    const actor = authorize(context, 'policyVersion');
    return toPolicy(await this.policies.version(actor, version));
  }

  @Query(() => PolicyVersionConnection, { description: 'All versions of the policy, newest first.' })
  async policyVersions(
    @Ctx() context: GraphQLContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<PolicyVersionNode>> {
    const actor = authorize(context, 'policyVersions');
    const page = await this.policies.versions(actor, parsePageArgs(args));
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: toPolicyVersion(node) }));
    return toConnection({ ...page, edges }, () => this.policies.countVersions(actor));
  }

  @Query(() => [BudgetUseType], {
    description: `How far the budgets of the policy in force are used up in the period that runs now; of each the ${MAX_COUNTS} counts that are used most.`,
  })
  async budgetUse(@Ctx() context: GraphQLContext): Promise<readonly BudgetUseType[]> {
    const actor = authorize(context, 'budgetUse');
    return (await this.budgetUses.current(actor)).map(toBudgetUse);
  }

  @Mutation(() => PolicyNode, {
    description:
      'Puts a policy in force, as a new version; the one that is in force already stays as it is. Approvals that were given under another version are not used any more. For admins.',
  })
  async setPolicy(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SetPolicyInput, { description: 'The policy, and why.' }) input: SetPolicyInput,
  ): Promise<PolicyNode> {
    const actor = authorize(context, 'setPolicy', ['admin']);
    const { policy, reason, expectedVersion } = parseInput(setPolicyInput, input);
    const document = parsePolicy(policy, ['input', 'policy']);
    return toPolicy(await this.policies.set(actor, { document, reason, expectedVersion }));
  }
}
