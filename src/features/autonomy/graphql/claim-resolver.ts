import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { requireSignable } from '../domain/canonical.js';
import type { ReconcileService } from '../reconcile.js';
import type { RunService } from '../run.js';
import { ReconcileActionInput, RenewClaimInput, reconcileInput, renewInput } from './claim-inputs.js';
import { ActionType, toAction } from './types.js';

const RUNNERS: readonly Role[] = ['agent'];
const RECONCILERS: readonly Role[] = ['approver', 'manager', 'admin'];

/** What happens to a claim between taking it and reporting, and when nobody reports. */
@Resolver()
export class ClaimResolver {
  constructor(
    private readonly run: RunService,
    private readonly reconcile: ReconcileService,
  ) {}

  @Mutation(() => ActionType, {
    description:
      'Puts off the end of a claim, under the same `leaseEpoch`. Once its time is over a claim is lost, and the outcome is unknown. Not while it is paused, once it could not be started any more, nor beyond the time for which the approval is good (24 hours where nobody signed). For the agent that holds it.',
  })
  async renewClaim(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RenewClaimInput, { description: 'Which claim.' }) input: RenewClaimInput,
  ): Promise<ActionType> {
    const actor = authorize(context, 'renewClaim', RUNNERS);
    return toAction(await this.run.renew(actor, parseInput(renewInput, input)));
  }

  @Mutation(() => ActionType, {
    description:
      'Says what became of an action whose outcome nobody knows. Not for whoever proposed or ran it, nor for whom those belong to. For approvers, managers and admins.',
  })
  async reconcileAction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ReconcileActionInput, { description: 'What you found out.' }) input: ReconcileActionInput,
  ): Promise<ActionType> {
    const actor = authorize(context, 'reconcileAction', RECONCILERS);
    const { actionId, outcome, note, result = {} } = parseInput(reconcileInput, input);
    requireSignable(result, ['input', 'result']);
    const found = outcome === 'executed' ? ({ outcome, result } as const) : ({ outcome } as const);
    return toAction(await this.reconcile.reconcile(actor, { actionId, note, ...found }));
  }
}
