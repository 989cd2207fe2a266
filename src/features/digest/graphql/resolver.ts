import { Arg, Ctx, Field, Float, ID, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import type { Digests } from '../digests.js';
import { type DailyDigest, type Happening, render, type Waiting, wordsFor } from '../domain/digest.js';

type HappeningKind = Happening['kind'];
export const HappeningKindEnum = {
  INTERACTIONS: 'interactions',
  ACTIONS: 'actions',
  INSIGHT: 'insight',
} as const satisfies Record<Uppercase<HappeningKind>, HappeningKind>;
registerEnumType(HappeningKindEnum, {
  name: 'DigestItemKind',
  description: 'What an item of a digest is about.',
  valuesConfig: {
    INTERACTIONS: { description: 'Interactions over one channel, counted.' },
    ACTIONS: { description: 'Actions of one type and state, counted.' },
    INSIGHT: { description: 'An insight that was raised; `subjectId` is its id.' },
  },
});

type WaitingFor = Waiting['what'];
export const WaitingForEnum = {
  DECISION: 'decision',
  RUN: 'run',
} as const satisfies Record<Uppercase<WaitingFor>, WaitingFor>;
registerEnumType(WaitingForEnum, {
  name: 'WaitingFor',
  description: 'What somebody has to do.',
  valuesConfig: {
    DECISION: { description: 'Decide on a request for approval.' },
    RUN: { description: 'Run an action that may run.' },
  },
});

@ObjectType('DigestItem', { description: 'Something that happened on the day.' })
class DigestItemType {
  @Field(() => HappeningKindEnum, { description: 'What it is about.' })
  kind!: HappeningKind;

  @Field(() => ID, { nullable: true, description: 'Id of the insight; null for what is only counted.' })
  subjectId!: string | null;

  @Field(() => String, { description: 'In words.' })
  text!: string;
}

@ObjectType('DigestWaiting', { description: 'Something that waits for somebody, as of now.' })
class DigestWaitingType {
  @Field(() => ID, { description: 'The action.' })
  actionId!: string;

  @Field(() => String, { description: 'Its type.' })
  actionType!: string;

  @Field(() => WaitingForEnum, { description: 'What is to be done.' })
  what!: WaitingFor;

  @Field(() => String, {
    description: 'By whom: the weakest role that may decide, or the agent who proposed the action.',
  })
  forWhom!: string;

  @Field(() => Date, { description: 'Since when it waits.' })
  since!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ends by itself; null: it does not.' })
  until!: Date | null;

  @Field(() => String, { description: 'In words.' })
  text!: string;
}

@ObjectType('AccountDigest', { description: 'What there is to say about one account.' })
class AccountDigestType {
  @Field(() => ID, { nullable: true, description: 'The account; null: what concerns none.' })
  accountId!: string | null;

  @Field(() => String, { nullable: true, description: 'Its name.' })
  accountName!: string | null;

  @Field(() => [DigestItemType], { description: 'What happened on the day: insights first, the most severe first.' })
  happened!: readonly DigestItemType[];

  @Field(() => [DigestWaitingType], { description: 'What waits now, whatever the day, soonest to end first.' })
  waiting!: readonly DigestWaitingType[];
}

@ObjectType('DigestGoal', { description: 'A goal that changed on the day.' })
class DigestGoalType {
  @Field(() => ID, { description: 'The goal.' })
  goalId!: string;

  @Field(() => String, { description: 'What it is called.' })
  title!: string;

  @Field(() => Float, { description: 'The number to reach.' })
  target!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Where it was before the first change of the day; null: it was new.',
  })
  from!: number | null;

  @Field(() => Float, { nullable: true, description: 'Where it was after the last.' })
  to!: number | null;

  @Field(() => String, { description: 'Its state now, as in `GoalStatus`.' })
  status!: string;
}

@ObjectType('DigestInsights', { description: 'Insights that nobody has dealt with, as of now.' })
class DigestInsightsType {
  @Field(() => Int, {
    description: 'How many there are. What the planner has not asked anybody about yet is among them.',
  })
  total!: number;

  @Field(() => Int, { description: 'How many of them are high or critical.' })
  severe!: number;
}

@ObjectType('DailyDigest', { description: 'What happened on a day, what waits for whom, and which goals moved.' })
class DailyDigestType {
  @Field(() => String, { description: 'The day in UTC, such as 2026-06-14.' })
  date!: string;

  @Field(() => DigestInsightsType, { description: 'Insights that nobody has dealt with, as of now, whatever the day.' })
  openInsights!: DigestInsightsType;

  @Field(() => [AccountDigestType], {
    description: 'By account: those for which something waits first, then by name; what concerns no account last.',
  })
  accounts!: readonly AccountDigestType[];

  @Field(() => [DigestGoalType], { description: 'Goals that changed on the day.' })
  goals!: readonly DigestGoalType[];

  @Field(() => String, { description: 'All of it as plain text, as it is sent by email.' })
  text!: string;
}

@Resolver()
export class DigestResolver {
  constructor(private readonly digests: Digests) {}

  @Query(() => DailyDigestType, {
    description: 'What happened on a day, by account, with what waits for whom and which goals moved.',
  })
  async dailyDigest(
    @Ctx() context: GraphQLContext,
    @Arg('date', () => Date, {
      nullable: true,
      description: 'Any instant of the day, which is taken in UTC. Left out: today so far.',
    })
    date: Date | null | undefined,
  ): Promise<DailyDigestType> {
    const actor = authorize(context, 'dailyDigest');
    return toDigest(await this.digests.daily(actor, date ?? undefined));
  }
}

const toDigest = (digest: DailyDigest): DailyDigestType => ({
  date: digest.day.date,
  openInsights: digest.openInsights,
  accounts: digest.accounts.map((account) => ({
    ...account,
    waiting: account.waiting.map((item) => ({ ...item, text: wordsFor(item) })),
  })),
  goals: digest.goals.map((goal) => ({ ...goal, status: goal.status.toUpperCase() })),
  text: render(digest),
});
