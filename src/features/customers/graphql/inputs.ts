import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { invalid } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/ids.js';
import { ConnectionArgs } from '../../../platform/graphql/connection.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { type DealStage, DealStageEnum } from '../../guardrails/index.js';
import { MAX_PARTICIPANTS } from '../domain/participants.js';
import type { InteractionChannel, InteractionDirection, InteractionStatus } from '../domain/records.js';
import type { AccountFilter, DealFilter, InteractionFilter } from '../ports.js';
import type { ImportDrafts } from '../record.js';
import { InteractionChannelEnum, InteractionDirectionEnum, InteractionStatusEnum } from './enums.js';

const EXTERNAL_ID = 'id in the system it comes from, 1 to 200 characters, taken exactly as written';
const ACCOUNT_ID = 'The account. Null: none.';
const ACCOUNT_EXTERNAL_ID = 'The account by its external id, instead of `accountId`.';
const CLONE_ID = 'The clone that looks after it. Null: none.';

/** A record is addressed by one of the two; without either it is a new one. */
@InputType({ description: 'Not in the schema: the fields are in the inputs that extend it.' })
abstract class IdentifiedInput {
  @Field(() => ID, { nullable: true, description: 'The record to update. Left out: see `externalId`.' })
  id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Its ${EXTERNAL_ID}. Updates the record of that id, or creates it. Not together with \`id\`; with neither, a new record is made each time.`,
  })
  externalId?: string | null;
}

@InputType({
  description:
    'An account to create or update. What is left out stays as it is; null empties a field. Texts: 1 to 300 characters.',
})
export class UpsertAccountInput extends IdentifiedInput {
  @Field(() => String, { nullable: true, description: 'Name of the company. A new account needs one.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Host name such as example.com, without protocol or path. Kept in lower case, compared exactly.',
  })
  domain?: string | null;

  @Field(() => String, { nullable: true, description: 'Line of business.' })
  sector?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many people work there: 0 to 10,000,000.' })
  employees?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Revenue of a year in whole units of your currency: 0 to 1e12, at most two decimals.',
  })
  annualRevenue?: number | null;

  @Field(() => String, { nullable: true, description: 'Where it is.' })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the company it belongs to; plain text.' })
  parentName?: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when it asks not to be written to. Only managers and admins may take that back, by null.',
  })
  optedOutAt?: Date | null;
}

@InputType({
  description:
    'A contact to create or update. What is left out stays as it is; null empties a field. Texts: 1 to 300 characters.',
})
export class UpsertContactInput extends IdentifiedInput {
  @Field(() => ID, { nullable: true, description: 'The account. A new contact needs one.' })
  accountId?: string | null;

  @Field(() => String, { nullable: true, description: ACCOUNT_EXTERNAL_ID })
  accountExternalId?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the person. A new contact needs one.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Email address, kept in lower case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Job title.' })
  title?: string | null;
}

@InputType({
  description:
    'A deal to create or update. What is left out stays as it is; null empties a field. Texts: 1 to 300 characters.',
})
export class UpsertDealInput extends IdentifiedInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  accountId?: string | null;

  @Field(() => String, { nullable: true, description: ACCOUNT_EXTERNAL_ID })
  accountExternalId?: string | null;

  @Field(() => ID, { nullable: true, description: CLONE_ID })
  cloneId?: string | null;

  @Field(() => String, { nullable: true, description: 'What the deal is called. A new deal needs a name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What is to be sold.' })
  product?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the sales person.' })
  owner?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the manager of the sales person.' })
  ownerManager?: string | null;

  @Field(() => String, { nullable: true, description: 'Region of the sales person.' })
  ownerRegion?: string | null;

  @Field(() => DealStageEnum, {
    nullable: true,
    description:
      'Where the deal stands. A new deal needs a stage. Closing a recorded deal without `closedAt` closes it now; reopening one removes its closing date.',
  })
  stage?: DealStage | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Value in whole units of your currency: 0 to 1e12, at most two decimals. Null: nobody knows.',
  })
  value?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether `value` is a stand-in such as a list price. Left out with a new `value`: it is not.',
  })
  valueIsEstimate?: boolean | null;

  @Field(() => Date, { nullable: true, description: 'When it was opened: 1970 to 2100.' })
  openedAt?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was won or lost: 1970 to 2100, not before `openedAt`. An open deal has none.',
  })
  closedAt?: Date | null;
}

@InputType({
  description:
    'An interaction to create or update. What is left out stays as it is; null empties a field. Names: 1 to 300 characters.',
})
export class RecordInteractionInput extends IdentifiedInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  accountId?: string | null;

  @Field(() => String, { nullable: true, description: ACCOUNT_EXTERNAL_ID })
  accountExternalId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The contact; its account becomes that of the interaction, and none other may be named. Null: none.',
  })
  contactId?: string | null;

  @Field(() => String, { nullable: true, description: 'The contact by its external id, instead of `contactId`.' })
  contactExternalId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Email addresses of those who took part, at most ${MAX_PARTICIPANTS}. Where neither account nor contact is named, they link it: to the account that most of them belong to, by the exact address of a contact or the exact domain of the account. Nothing is guessed, and a tie links nothing.`,
  })
  participants?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The clone in whose voice it was. Null: none.' })
  cloneId?: string | null;

  @Field(() => String, { nullable: true, description: 'The person as the source writes the name; links nothing.' })
  contactName?: string | null;

  @Field(() => InteractionChannelEnum, { nullable: true, description: 'Over what it went. A new one needs a channel.' })
  channel?: InteractionChannel | null;

  @Field(() => InteractionDirectionEnum, { nullable: true, description: 'From whom it came. Null: nobody knows.' })
  direction?: InteractionDirection | null;

  @Field(() => InteractionStatusEnum, {
    nullable: true,
    description: 'Whether it has taken place. A new one has, if nothing is said.',
  })
  status?: InteractionStatus | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it took place or will: 1970 to 2100. A new one needs a time.',
  })
  occurredAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Subject line, 1 to 500 characters.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'What was said, as written: at most 20,000 characters.' })
  content?: string | null;
}

/** Most records of one kind in one import call. */
const MAX_IMPORT = 500;

@InputType({
  description: `Records to create or update: at most ${MAX_IMPORT} of each kind, applied in the order of the fields here.`,
})
export class ImportRecordsInput {
  @Field(() => [UpsertAccountInput], { nullable: true, description: 'Accounts; the other kinds may refer to them.' })
  accounts?: UpsertAccountInput[] | null;

  @Field(() => [UpsertContactInput], { nullable: true, description: 'Contacts; interactions may refer to them.' })
  contacts?: UpsertContactInput[] | null;

  @Field(() => [UpsertDealInput], { nullable: true, description: 'Deals.' })
  deals?: UpsertDealInput[] | null;

  @Field(() => [RecordInteractionInput], { nullable: true, description: 'Interactions.' })
  interactions?: RecordInteractionInput[] | null;
}

/** @throws VALIDATION_FAILED when there are too many of one kind */
export function parseImport({ accounts, contacts, deals, interactions }: ImportRecordsInput): ImportDrafts {
  return {
    account: batch('accounts', accounts),
    contact: batch('contacts', contacts),
    deal: batch('deals', deals),
    interaction: batch('interactions', interactions),
  };
}

function batch<Draft>(field: keyof ImportRecordsInput, drafts: readonly Draft[] | null | undefined): readonly Draft[] {
  const count = drafts?.length ?? 0;
  if (count <= MAX_IMPORT) return drafts ?? [];
  throw invalid(['input', field], `expected at most ${MAX_IMPORT} in one call; got ${count}. Send them in several.`);
}

const idArgument = z.string().refine(isId, 'expected an id that this server gave out');
const textArgument = z
  .string()
  .trim()
  .min(1, 'expected some text')
  .max(300, 'expected at most 300 characters')
  .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'expected plain Unicode text');

@ArgsType()
export class AccountsArgs extends ConnectionArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only accounts whose name contains this text, in any case, or whose domain is exactly this.',
  })
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'Only accounts of exactly this sector.' })
  sector?: string | null;
}

export const toAccountFilter = ({ search, sector }: AccountsArgs): AccountFilter => ({
  ...(typeof search === 'string' && { search: parseInput(textArgument, search, 'search') }),
  ...(typeof sector === 'string' && { sector: parseInput(textArgument, sector, 'sector') }),
});

@ArgsType()
export class AccountDealsArgs extends ConnectionArgs {
  @Field(() => [DealStageEnum], { nullable: true, description: 'Only deals in one of these stages.' })
  stage?: DealStage[] | null;
}

@ArgsType()
export class DealsArgs extends AccountDealsArgs {
  @Field(() => ID, { nullable: true, description: 'Only deals of this account.' })
  accountId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only deals of which no account is known.' })
  withoutAccount?: boolean | null;
}

export function toDealFilter({ stage, accountId, withoutAccount }: DealsArgs): DealFilter {
  if (typeof accountId === 'string' && withoutAccount) {
    throw invalid(['withoutAccount'], 'expected either accountId or withoutAccount, not both; got true');
  }
  return {
    ...(stage && { stages: stage }),
    ...(typeof accountId === 'string' && { accountId: parseInput(idArgument, accountId, 'accountId') }),
    ...(withoutAccount && { accountId: null }),
  };
}

@ArgsType()
export class AccountInteractionsArgs extends ConnectionArgs {
  @Field(() => InteractionChannelEnum, { nullable: true, description: 'Only interactions over this channel.' })
  channel?: InteractionChannel | null;
}

@ArgsType()
export class InteractionsArgs extends AccountInteractionsArgs {
  @Field(() => ID, { nullable: true, description: 'Only interactions with this account.' })
  accountId?: string | null;
}

export const toInteractionFilter = ({ accountId, channel }: InteractionsArgs): InteractionFilter => ({
  ...(typeof accountId === 'string' && { accountId: parseInput(idArgument, accountId, 'accountId') }),
  ...(channel && { channel }),
});
