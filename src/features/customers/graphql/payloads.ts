import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { RecordKind } from '../domain/records.js';
import type { ImportAnswer, Upserted } from '../record.js';
import type { Outcome } from '../recording.js';
import { ImportOutcomeEnum, RecordKindEnum, UpsertOutcomeEnum } from './enums.js';
import { AccountType, ContactType, DealType, InteractionType } from './types.js';

type UpsertOutcome = Upserted<RecordKind>['outcome'];

@ObjectType({ description: 'Not in the schema: the field is in the types that extend it.' })
abstract class UpsertPayload {
  @Field(() => UpsertOutcomeEnum, { description: 'What the call did.' })
  outcome!: UpsertOutcome;
}

@ObjectType({ description: 'Answer of `upsertAccount`.' })
export class UpsertAccountPayload extends UpsertPayload {
  @Field(() => AccountType, { description: 'The account as it is now.' })
  account!: AccountType;
}

@ObjectType({ description: 'Answer of `upsertContact`.' })
export class UpsertContactPayload extends UpsertPayload {
  @Field(() => ContactType, { description: 'The contact as it is now.' })
  contact!: ContactType;
}

@ObjectType({ description: 'Answer of `upsertDeal`.' })
export class UpsertDealPayload extends UpsertPayload {
  @Field(() => DealType, { description: 'The deal as it is now.' })
  deal!: DealType;
}

@ObjectType({ description: 'Answer of `recordInteraction`.' })
export class RecordInteractionPayload extends UpsertPayload {
  @Field(() => InteractionType, { description: 'The interaction as it is now.' })
  interaction!: InteractionType;
}

@ObjectType({ description: 'A rule that an imported record breaks.' })
class ImportIssue {
  @Field(() => [String], { description: 'Where: the argument, the list, the place in it from 0, the field.' })
  path!: readonly string[];

  @Field(() => String, { description: 'What was expected and what came.' })
  message!: string;
}

@ObjectType({ description: 'What became of one imported record.' })
class ImportedRecord {
  @Field(() => RecordKindEnum, { description: 'Its kind.' })
  kind!: RecordKind;

  @Field(() => Int, { description: 'Its place in the list of its kind, from 0.' })
  index!: number;

  @Field(() => ImportOutcomeEnum, { description: 'What was done with it.' })
  outcome!: Outcome;

  @Field(() => ID, { nullable: true, description: 'Its id here; null when it was refused.' })
  id!: string | null;

  @Field(() => [ImportIssue], { description: 'Why it was refused; empty otherwise.' })
  issues!: readonly ImportIssue[];
}

@ObjectType({ description: 'Answer of `importRecords`.' })
export class ImportRecordsPayload {
  @Field(() => [ImportedRecord], {
    description: 'One entry for each record sent: accounts, contacts, deals, interactions, each in the order sent.',
  })
  records!: readonly ImportedRecord[];
}

const LISTS: Readonly<Record<RecordKind, string>> = {
  account: 'accounts',
  contact: 'contacts',
  deal: 'deals',
  interaction: 'interactions',
};

export const toImportPayload = (answers: readonly ImportAnswer[]): ImportRecordsPayload => ({
  records: answers.map(({ kind, index, outcome, id, issues }) => ({
    kind,
    index,
    outcome,
    id,
    issues: issues.map(({ field, message }) => ({ path: ['input', LISTS[kind], String(index), field], message })),
  })),
});
