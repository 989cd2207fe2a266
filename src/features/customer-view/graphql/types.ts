import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { JsonObject } from '../../../kernel/json.js';
import { connectionOf } from '../../../platform/graphql/connection.js';
import { InteractionChannelEnum, InteractionDirectionEnum } from '../../customers/index.js';
import { type Evidence, EvidenceType, PatternTypeEnum, type Signal } from '../../patterns/index.js';
import {
  type ChannelCount,
  FULL_DAYS,
  MAX_PEOPLE,
  type PeriodSummary,
  type TimelineChannel,
  type TimelineEntry,
  type ToldSummary,
} from '../domain/view.js';

export const TimelineChannelEnum = {
  EMAIL: 'email',
  CHAT: 'chat',
  MEETING: 'meeting',
  CRM: 'crm',
  AGENT: 'agent',
} as const satisfies Record<Uppercase<TimelineChannel>, TimelineChannel>;
registerEnumType(TimelineChannelEnum, {
  name: 'TimelineChannel',
  description: 'Over what something reached the customer, or was done for them.',
  valuesConfig: {
    EMAIL: { description: 'An email.' },
    CHAT: { description: 'A chat message.' },
    MEETING: { description: 'A meeting or a call.' },
    CRM: { description: 'A note or a task in the sales system.' },
    AGENT: { description: 'An action that an agent proposed, whatever became of it.' },
  },
});

type EntryKind = TimelineEntry['kind'];
export const TimelineEntryKindEnum = {
  INTERACTION: 'interaction',
  ACTION: 'action',
} as const satisfies Record<Uppercase<EntryKind>, EntryKind>;
registerEnumType(TimelineEntryKindEnum, {
  name: 'TimelineEntryKind',
  description: 'What an entry of a timeline is.',
  valuesConfig: {
    INTERACTION: { description: 'An interaction; `id` is its id.' },
    ACTION: { description: 'An action of an agent; `id` is its id.' },
  },
});

type Granularity = PeriodSummary['granularity'];
export const GranularityEnum = {
  WEEK: 'week',
  MONTH: 'month',
} as const satisfies Record<Uppercase<Granularity>, Granularity>;
registerEnumType(GranularityEnum, {
  name: 'SummaryGranularity',
  description: 'What one line of a summary stands for.',
  valuesConfig: {
    WEEK: { description: 'A week from Monday, in UTC.' },
    MONTH: { description: 'A calendar month, in UTC.' },
  },
});

@ObjectType('TimelineEntry', { description: 'One thing in an account’s past or near future.' })
export class TimelineEntryType implements TimelineEntry {
  @Field(() => ID, { description: 'Id of the interaction or action.' })
  id!: string;

  @Field(() => TimelineEntryKindEnum, { description: 'What it is.' })
  kind!: EntryKind;

  @Field(() => Date, { description: 'When it took place or will; of an action, when it was proposed.' })
  at!: Date;

  @Field(() => TimelineChannelEnum, { description: 'Over what it went.' })
  channel!: TimelineChannel;

  @Field(() => InteractionDirectionEnum, { nullable: true, description: 'From whom an interaction came, where known.' })
  direction!: 'inbound' | 'outbound' | null;

  @Field(() => String, { description: 'Its state, as in `InteractionStatus` or `ActionStatus`.' })
  status!: string;

  @Field(() => String, { nullable: true, description: 'Whom it was with, as the source writes the name.' })
  person!: string | null;

  @Field(() => String, { nullable: true, description: 'The subject line, or the type of the action.' })
  title!: string | null;

  @Field(() => String, {
    description: 'What was said, or why the action was proposed. Words of others: show them as data.',
  })
  text!: string;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What the agent reported of an action that ran.' })
  outcome!: JsonObject | null;

  @Field(() => String, { nullable: true, description: 'Why an action failed.' })
  failure!: string | null;
}

export const toEntry = (entry: TimelineEntry): TimelineEntryType => ({ ...entry, status: entry.status.toUpperCase() });

export const TimelineConnection = connectionOf('TimelineEntry', () => TimelineEntryType);

@ObjectType('ChannelCount', { description: 'How much went over one channel.' })
class ChannelCountType {
  @Field(() => TimelineChannelEnum, { description: 'The channel.' })
  channel!: TimelineChannel;

  @Field(() => Int, { description: 'How many entries.' })
  count!: number;
}

@ObjectType('PeriodHighlight', { description: 'Something that mattered in a period, in the words it was said in.' })
class PeriodHighlightType {
  @Field(() => PatternTypeEnum, { description: 'What it is about.' })
  type!: string;

  @Field(() => EvidenceType, { description: 'Where it was said.' })
  evidence!: Evidence;
}

@ObjectType('PeriodSummary', { description: 'A week or month of an account in a few figures.' })
export class PeriodSummaryType implements ToldSummary {
  @Field(() => GranularityEnum, { description: 'What it stands for.' })
  granularity!: Granularity;

  @Field(() => Date, { description: 'First instant of the period.' })
  start!: Date;

  @Field(() => Date, {
    description: `First instant behind it. Where a period reaches into the last ${FULL_DAYS} days, or a month into the weeks, only what lies before is counted here.`,
  })
  end!: Date;

  @Field(() => [ChannelCountType], { description: 'What went over which channel.' })
  channels!: readonly ChannelCount[];

  @Field(() => Int, { description: 'Interactions that are known to have come from the customer.' })
  inbound!: number;

  @Field(() => Int, { description: 'Interactions that are known to have come from us.' })
  outbound!: number;

  @Field(() => [String], { description: `With whom, those met most first, at most ${MAX_PEOPLE}.` })
  people!: readonly string[];

  @Field(() => String, { description: 'One sentence with these figures.' })
  text!: string;

  @Field(() => [PeriodHighlightType], {
    description:
      'What mattered, newest first, as rules find it. Of periods that are over, once the job `CONTEXT_SUMMARIZATION` has read them; empty where something was recorded since.',
  })
  highlights!: readonly PeriodHighlightType[];

  @Field(() => String, {
    nullable: true,
    description:
      'What it was about, as a language model tells it; null: none has. Not checked by anybody; show it as such.',
  })
  narrative!: string | null;
}

@ObjectType('OverruledSignal', { description: 'What was said before and holds no longer.' })
class OverruledSignalType {
  @Field(() => InteractionChannelEnum, { description: 'Over what it was said.' })
  channel!: Signal['channel'];

  @Field(() => EvidenceType, { description: 'Where.' })
  evidence!: Evidence;
}

@ObjectType('Signal', { description: 'Where one thing stands by what was said last about it, over whatever channel.' })
export class SignalType implements Signal {
  @Field(() => PatternTypeEnum, { description: 'What it is about.' })
  type!: Signal['type'];

  @Field(() => Boolean, { description: 'Whether it was said; false: denied or lifted.' })
  holds!: boolean;

  @Field(() => InteractionChannelEnum, { description: 'Over what it was said.' })
  channel!: Signal['channel'];

  @Field(() => EvidenceType, { description: 'Where.' })
  evidence!: Evidence;

  @Field(() => OverruledSignalType, { nullable: true, description: 'The newest that says otherwise.' })
  overruled!: Signal['overruled'];
}
