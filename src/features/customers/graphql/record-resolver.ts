import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import type { CustomerQueries } from '../queries.js';
import type { RecordService } from '../record.js';
import {
  ImportRecordsInput,
  parseImport,
  RecordInteractionInput,
  UpsertAccountInput,
  UpsertContactInput,
  UpsertDealInput,
} from './inputs.js';
import { toAccount } from './nodes.js';
import {
  ImportRecordsPayload,
  RecordInteractionPayload,
  toImportPayload,
  UpsertAccountPayload,
  UpsertContactPayload,
  UpsertDealPayload,
} from './payloads.js';

const RECORDERS: readonly Role[] = ['agent', 'manager', 'admin'];
const IMPORTERS: readonly Role[] = ['manager', 'admin'];

/** Creates and updates records of customers. The rules are the domain's: the same for one record and for many. */
@Resolver()
export class CustomerRecordResolver {
  constructor(
    private readonly records: RecordService,
    private readonly queries: CustomerQueries,
  ) {}

  @Mutation(() => UpsertAccountPayload, {
    description:
      'Creates or updates an account. Safe to send again. For agents, managers and admins; agents do not change the `domain` of a recorded account, nor add one with a domain that another account has.',
  })
  async upsertAccount(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpsertAccountInput, { description: 'The account.' }) input: UpsertAccountInput,
  ): Promise<UpsertAccountPayload> {
    // An agent may note that a customer wants to be left alone, and never that it does not any more.
    const mayLift = input.optedOutAt === null;
    const actor = authorize(context, 'upsertAccount', mayLift ? IMPORTERS : RECORDERS);
    const { record, outcome } = await this.records.upsert(actor, 'account', input);
    return { account: toAccount(actor, this.queries)(record), outcome };
  }

  @Mutation(() => UpsertContactPayload, {
    description:
      'Creates or updates a contact. Safe to send again. For agents, managers and admins; agents do not change the account, `email` or `title` of a recorded contact, nor add one with an address that is known already.',
  })
  async upsertContact(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpsertContactInput, { description: 'The contact.' }) input: UpsertContactInput,
  ): Promise<UpsertContactPayload> {
    const actor = authorize(context, 'upsertContact', RECORDERS);
    const { record, outcome } = await this.records.upsert(actor, 'contact', input);
    return { contact: record, outcome };
  }

  @Mutation(() => UpsertDealPayload, {
    description:
      'Creates or updates a deal. Safe to send again. For managers and admins: the stage gate stands on the stored stage, so agents do not set it.',
  })
  async upsertDeal(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UpsertDealInput, { description: 'The deal.' }) input: UpsertDealInput,
  ): Promise<UpsertDealPayload> {
    const actor = authorize(context, 'upsertDeal', IMPORTERS);
    const { record, outcome } = await this.records.upsert(actor, 'deal', input);
    return { deal: record, outcome };
  }

  @Mutation(() => RecordInteractionPayload, {
    description:
      'Creates or updates an interaction. Give an `externalId` to make it safe to send again. For agents, managers and admins; agents record what is new, and change nothing that is recorded.',
  })
  async recordInteraction(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => RecordInteractionInput, { description: 'The interaction.' }) input: RecordInteractionInput,
  ): Promise<RecordInteractionPayload> {
    const actor = authorize(context, 'recordInteraction', RECORDERS);
    const { record, outcome } = await this.records.upsert(actor, 'interaction', input);
    return { interaction: record, outcome };
  }

  @Mutation(() => ImportRecordsPayload, {
    description:
      'Creates or updates many records in one transaction. A record that breaks a rule is refused and stops none of the others. Sending the same again changes nothing, provided each record has an `externalId`. For managers and admins.',
  })
  async importRecords(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ImportRecordsInput, { description: 'The records.' }) input: ImportRecordsInput,
  ): Promise<ImportRecordsPayload> {
    const actor = authorize(context, 'importRecords', IMPORTERS);
    return toImportPayload(await this.records.importRecords(actor, parseImport(input)));
  }
}
