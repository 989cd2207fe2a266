import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../../platform/graphql/connection.js';
import { type DealStage, DealStageEnum } from '../../guardrails/index.js';
import type { InteractionChannel, InteractionDirection, InteractionStatus } from '../domain/records.js';
import { InteractionChannelEnum, InteractionDirectionEnum, InteractionStatusEnum } from './enums.js';

@ObjectType({ description: 'Not in the schema: the fields are in the types that extend it.' })
abstract class RecordedType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its id in the system it comes from.' })
  externalId!: string | null;

  @Field(() => Date, { description: 'When it was first recorded here.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When one of its own fields last changed.' })
  updatedAt!: Date;
}

@ObjectType('Account', { description: 'A company that is or may become a customer.' })
export class AccountType extends RecordedType {
  @Field(() => String, { description: 'Name of the company.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its host name, in lower case.' })
  domain!: string | null;

  @Field(() => String, { nullable: true, description: 'Line of business.' })
  sector!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many people work there.' })
  employees!: number | null;

  @Field(() => Float, { nullable: true, description: 'Revenue of a year, in whole units of your currency.' })
  annualRevenue!: number | null;

  @Field(() => String, { nullable: true, description: 'Where it is.' })
  location!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the company it belongs to.' })
  parentName!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when it asks not to be written to: what would reach it waits for a person.',
  })
  optedOutAt!: Date | null;

  sumOpenDeals!: () => Promise<number | null>;

  @Field(() => Float, {
    nullable: true,
    description:
      'Sum of the values of its open deals, estimates included, in whole units of your currency. Null when no open deal has a value.',
  })
  openDealValue(): Promise<number | null> {
    return this.sumOpenDeals();
  }
}

@ObjectType('Contact', { description: 'A person at an account.' })
export class ContactType extends RecordedType {
  @Field(() => ID, { description: 'The account.' })
  accountId!: string;

  @Field(() => String, { description: 'Name of the person.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Email address, in lower case.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Job title.' })
  title!: string | null;
}

@ObjectType('Deal', { description: 'A possible or finished sale.' })
export class DealType extends RecordedType {
  @Field(() => ID, { nullable: true, description: 'The account; null when it is not known.' })
  accountId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The clone that looks after it.' })
  cloneId!: string | null;

  @Field(() => String, { description: 'What the deal is called.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What is to be sold.' })
  product!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the sales person.' })
  owner!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the manager of the sales person.' })
  ownerManager!: string | null;

  @Field(() => String, { nullable: true, description: 'Region of the sales person.' })
  ownerRegion!: string | null;

  @Field(() => DealStageEnum, { description: 'Where it stands. The stage gate looks at this.' })
  stage!: DealStage;

  @Field(() => Float, { nullable: true, description: 'Value in whole units of your currency; null: nobody knows.' })
  value!: number | null;

  @Field(() => Boolean, { description: 'Whether `value` is a stand-in such as a list price.' })
  valueIsEstimate!: boolean;

  @Field(() => Date, { nullable: true, description: 'When it was opened.' })
  openedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was won or lost.' })
  closedAt!: Date | null;
}

@ObjectType('Interaction', { description: 'One message, call, meeting or note.' })
export class InteractionType extends RecordedType {
  @Field(() => ID, { nullable: true, description: 'The account; null when it is not known.' })
  accountId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact, where one is linked.' })
  contactId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The clone in whose voice it was.' })
  cloneId!: string | null;

  @Field(() => String, { nullable: true, description: 'The person as the source writes the name.' })
  contactName!: string | null;

  @Field(() => InteractionChannelEnum, { description: 'Over what it went.' })
  channel!: InteractionChannel;

  @Field(() => InteractionDirectionEnum, { nullable: true, description: 'From whom it came; null: nobody knows.' })
  direction!: InteractionDirection | null;

  @Field(() => InteractionStatusEnum, { description: 'Whether it has taken place.' })
  status!: InteractionStatus;

  @Field(() => Date, { description: 'When it took place, or will.' })
  occurredAt!: Date;

  @Field(() => String, { nullable: true, description: 'Subject line.' })
  subject!: string | null;

  @Field(() => String, { description: 'What was said, as written; empty where nothing was.' })
  content!: string;
}

export const AccountConnection = connectionOf('Account', () => AccountType);
export const ContactConnection = connectionOf('Contact', () => ContactType);
export const DealConnection = connectionOf('Deal', () => DealType);
export const InteractionConnection = connectionOf('Interaction', () => InteractionType);
