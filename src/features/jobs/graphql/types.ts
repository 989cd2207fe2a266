import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ConnectionArgs, connectionOf } from '../../../platform/graphql/connection.js';
import { type JobName, type JobRun, MAX_FAILURES_KEPT, type RunStatus, type Trigger } from '../domain/job.js';
import type { JobState } from '../queries.js';
import { JobNameEnum, JobRunStatusEnum, JobTriggerEnum } from './enums.js';

@ObjectType('JobCount', { description: 'A figure that a run gives about its work.' })
class JobCountType {
  @Field(() => String, { description: 'What was counted, such as `goals` or `changed`.' })
  name!: string;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType('JobFailure', { description: 'A thing that failed by itself; the run went on with the others.' })
class JobFailureType {
  @Field(() => ID, { description: 'Id of the goal, account, … that failed.' })
  subjectId!: string;

  @Field(() => String, { description: 'Why.' })
  message!: string;
}

@ObjectType('JobRun', { description: 'One run of a job for this tenant.' })
export class JobRunType {
  @Field(() => ID, { description: 'Stable identifier; `auditTrail` of it gives each step.' })
  id!: string;

  @Field(() => JobNameEnum, { description: 'The job.' })
  job!: JobName;

  @Field(() => JobRunStatusEnum, { description: 'What has become of it.' })
  status!: RunStatus;

  @Field(() => JobTriggerEnum, { description: 'Whether it was due or started by a person.' })
  trigger!: Trigger;

  @Field(() => String, { description: 'Who started it by hand, or `system:jobs`.' })
  startedBy!: string;

  @Field(() => String, { description: 'The server process that runs it: host, process number and a random part.' })
  instance!: string;

  @Field(() => Int, { description: '1; 2 or 3 when it takes over from a run that was lost.' })
  attempt!: number;

  @Field(() => Date, { description: 'When it began.' })
  startedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it runs.' })
  finishedAt!: Date | null;

  @Field(() => Int, { description: 'How many things it has worked through, as last written down, about every second.' })
  done!: number;

  @Field(() => Int, { nullable: true, description: 'How many there are; null where it does not know.' })
  total!: number | null;

  @Field(() => [JobCountType], { description: 'What it did. Empty until it has completed.' })
  counts!: readonly JobCountType[];

  @Field(() => Int, { description: 'How many of the things it worked through failed by themselves.' })
  failed!: number;

  @Field(() => [JobFailureType], { description: `The first of those that failed, at most ${MAX_FAILURES_KEPT}.` })
  failures!: readonly JobFailureType[];

  @Field(() => String, {
    nullable: true,
    description: 'Why the run as a whole failed or was lost; null unless it was.',
  })
  error!: string | null;
}

export const JobRunConnection = connectionOf('JobRun', () => JobRunType);

export const toRun = ({ tenantId: _tenant, counts, ...run }: JobRun): JobRunType => ({
  ...run,
  counts: Object.entries(counts).map(([name, count]) => ({ name, count })),
});

@ObjectType('Job', { description: 'Something the server does by itself, again and again, for this tenant.' })
export class JobType {
  @Field(() => JobNameEnum, { description: 'Which one.' })
  name!: JobName;

  @Field(() => Int, { description: 'Seconds between two runs by the schedule.' })
  intervalSeconds!: number;

  @Field(() => Boolean, { description: 'Whether the server that answers can run it.' })
  isAvailable!: boolean;

  @Field(() => Date, {
    nullable: true,
    description:
      'When the schedule runs it next; in the past: as soon as a server has room. Null until a server with a schedule has seen it.',
  })
  nextDue!: Date | null;

  @Field(() => JobRunType, { nullable: true, description: 'The run under way; null when there is none.' })
  running!: JobRunType | null;

  @Field(() => JobRunType, { nullable: true, description: 'The newest run that has ended; null before the first.' })
  lastRun!: JobRunType | null;
}

export const toJob = ({ intervalMs, running, lastRun, ...job }: JobState): JobType => ({
  ...job,
  intervalSeconds: Math.round(intervalMs / 1_000),
  running: running && toRun(running),
  lastRun: lastRun && toRun(lastRun),
});

@ArgsType()
export class JobRunsArgs extends ConnectionArgs {
  @Field(() => JobNameEnum, { nullable: true, description: 'Only runs of this job. Left out: of all.' })
  job?: JobName | null;
}

@InputType({ description: 'Starting a job by hand.' })
export class RunJobInput {
  @Field(() => JobNameEnum, { description: 'Which one.' })
  name!: JobName;
}

@ObjectType({ description: 'A run that was asked for.' })
export class RunJobPayload {
  @Field(() => JobRunType, { description: 'The run; follow it with `jobProgressed`, or ask `jobs`.' })
  run!: JobRunType;

  @Field(() => Boolean, { description: 'False: a run was under way already, and this is it.' })
  started!: boolean;
}
