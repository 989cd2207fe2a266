import { Args, ArgsType, Ctx, Field, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { EVENT_TYPES, type LogEvent } from '../../../kernel/events.js';
import { AFTER, type GraphQLContext, live } from '../../../platform/graphql/context.js';
import type { JobName } from '../domain/job.js';
import type { JobQueries } from '../queries.js';
import { type JobEventKind, JobEventKindEnum, JobNameEnum } from './enums.js';
import { JobRunType, toRun } from './types.js';

@ObjectType({ description: 'Something happened to a run of a job.' })
class JobEvent {
  @Field(() => String, { description: 'Place in the log. Keep the last one; subscribe with `after` to miss nothing.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field(() => String, { description: 'Who did it: who started the run, or `system:jobs`.' })
  actor!: string;

  @Field(() => JobEventKindEnum, { description: 'What happened.' })
  kind!: JobEventKind;

  @Field(() => Int, { description: 'How many things it had worked through then.' })
  done!: number;

  @Field(() => Int, { nullable: true, description: 'How many there were; null where it did not know.' })
  total!: number | null;

  @Field(() => JobRunType, {
    nullable: true,
    description: 'The run as it is now: for an old event it may have moved since. Null when it is no longer kept.',
  })
  run!: JobRunType | null;
}

@ArgsType()
class JobLiveArgs {
  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;

  @Field(() => JobNameEnum, { nullable: true, description: 'Only runs of this job.' })
  job?: JobName | null;
}

const KINDS: readonly string[] = Object.values(JobEventKindEnum);
const isKind = (type: string): type is JobEventKind => KINDS.includes(type);
const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Runs as they go: a cursor over the event log; each run is read anew for each event. */
@Resolver()
export class JobLiveResolver {
  constructor(private readonly queries: JobQueries) {}

  @Subscription(() => JobEvent, {
    description: 'Every start and end of a run, and in between how far it has come: at most once for every 5 %.',
    subscribe: live('jobProgressed', EVENT_TYPES.filter(isKind), {
      factsOf: ({ job }: JobLiveArgs): Readonly<Record<string, string>> => (job ? { job } : {}),
    }),
  })
  async jobProgressed(
    @Ctx() context: GraphQLContext,
    @Root() { cursor, at, actor, type, subjectId, data }: LogEvent,
    @Args(() => JobLiveArgs) _args: JobLiveArgs,
  ): Promise<JobEvent> {
    if (!isKind(type)) throw new Error(`asked for job events, got ${type}`);
    const run = await this.queries.findRun(context.actor(), subjectId);
    const { done, total } = data;
    return {
      cursor,
      at,
      actor,
      kind: type,
      done: numberIn(done) ?? 0,
      total: numberIn(total),
      run: run ? toRun(run) : null,
    };
  }
}
