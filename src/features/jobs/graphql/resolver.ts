import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { type Connection, parsePageArgs, toConnection } from '../../../platform/graphql/connection.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import type { JobQueries } from '../queries.js';
import type { JobRunner } from '../runner.js';
import {
  JobRunConnection,
  JobRunsArgs,
  type JobRunType,
  JobType,
  RunJobInput,
  RunJobPayload,
  toJob,
  toRun,
} from './types.js';

const STARTERS: readonly Role[] = ['manager', 'admin'];

@Resolver()
export class JobResolver {
  constructor(
    private readonly runner: JobRunner,
    private readonly queries: JobQueries,
  ) {}

  @Query(() => [JobType], {
    description: 'What the server does by itself: how often, what runs now, what ran last, what comes next.',
  })
  async jobs(@Ctx() context: GraphQLContext): Promise<readonly JobType[]> {
    const actor = authorize(context, 'jobs');
    return (await this.queries.jobs(actor)).map(toJob);
  }

  @Query(() => JobRunConnection, { description: 'Runs of jobs, newest first; of each job the newest 1,000 are kept.' })
  async jobRuns(
    @Ctx() context: GraphQLContext,
    @Args(() => JobRunsArgs) { job, ...page }: JobRunsArgs,
  ): Promise<Connection<JobRunType>> {
    const actor = authorize(context, 'jobRuns');
    const found = await this.queries.runs(actor, job ?? undefined, parsePageArgs(page));
    const edges = found.edges.map(({ cursor, node }) => ({ cursor, node: toRun(node) }));
    return toConnection({ ...found, edges }, () => this.queries.countRuns(actor, job ?? undefined));
  }

  @Mutation(() => RunJobPayload, {
    description:
      'Starts a job by hand, for this tenant, and answers at once; gives the run under way when there is one. Its schedule stays as it is. NOT_AVAILABLE when the server cannot run it. For managers and admins.',
  })
  async runJob(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RunJobInput, { description: 'Which job.' }) input: RunJobInput,
  ): Promise<RunJobPayload> {
    const actor = authorize(context, 'runJob', STARTERS);
    const { run, isNew } = await this.runner.start(actor, input.name);
    return { run: toRun(run), started: isNew };
  }
}
