import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { isId } from '../../../kernel/ids.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { compare } from '../domain/comparison.js';
import { DEFAULT_PERIOD_DAYS } from '../domain/period.js';
import type { Metrics, MetricsService } from '../service.js';
import { MetricsType, PeriodInput } from './types.js';

const cloneIdInput = z.string().refine(isId, 'expected an id that this server gave out').optional();

@Resolver()
export class MetricsResolver {
  constructor(private readonly metrics: MetricsService) {}

  @Query(() => MetricsType, {
    name: 'metrics',
    description: 'Pipeline, activity, quality and revenue over a period, for the tenant or one of its clones.',
  })
  async over(
    @Ctx() context: GraphQLContext,
    @Arg('period', () => PeriodInput, {
      nullable: true,
      description: `The period to look at. Left out: the ${DEFAULT_PERIOD_DAYS} days up to now.`,
    })
    period: PeriodInput | null | undefined,
    @Arg('cloneId', () => ID, {
      nullable: true,
      description: 'Only deals, interactions and actions of this clone. Left out: the whole tenant.',
    })
    cloneId: string | null | undefined,
  ): Promise<Omit<MetricsType, 'previous' | 'comparison'>> {
    const actor = authorize(context, 'metrics');
    const metrics = await this.metrics.metrics(actor, {
      period: period ?? null,
      cloneId: parseInput(cloneIdInput, cloneId ?? undefined, 'cloneId') ?? null,
    });
    // Computed once, whether one field asks or both.
    let past: Promise<Metrics | undefined> | undefined;
    const before = () => {
      past ??= this.metrics.before(actor, metrics);
      return past;
    };
    return { ...metrics, before, compared: async () => compare(metrics, await before()) };
  }
}
