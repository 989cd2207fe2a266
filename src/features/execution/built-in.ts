import type { Clock } from '../../kernel/clock.js';
import { invalid } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Tx } from '../../kernel/transaction.js';
import { type Action, payloadOf } from '../autonomy/index.js';
import type { RecordService } from '../customers/index.js';
import { connectorActor } from './connector-actor.js';
import { type EarlyTarget, earlyMove, stageAfterQualifying } from './domain/early-stage.js';
import { namedBy } from './domain/named.js';
import { BUILT_IN, isBuiltIn, parsePayload } from './payloads.js';

interface Doing {
  readonly tx: Tx;
  readonly action: Action;
  readonly payload: JsonObject;
  /** Who does it, as the log names it. */
  readonly by: string;
}

/** What the server does in its own data: all in the transaction of the report, so it happens exactly once. */
export class BuiltInHandlers {
  constructor(
    private readonly records: RecordService,
    private readonly clock: Clock,
  ) {}

  /** @throws VALIDATION_FAILED or NOT_FOUND where the payload, or what the action names, does not allow it */
  async run(tx: Tx, action: Action): Promise<JsonObject> {
    const { actionType } = action;
    if (!isBuiltIn(actionType)) throw invalid(['input', 'actionType'], `the server cannot run ${actionType} itself.`);
    const by = connectorActor(action.tenantId, 'built_in').name;
    const doing = { tx, action, payload: payloadOf(action.canonical), by };
    switch (actionType) {
      case 'log_interaction':
        return this.logInteraction(doing);
      case 'update_account_context':
        return this.updateAccount(doing);
      case 'create_briefing':
        return this.createBriefing(doing);
      case 'progress_early_stage':
        return this.progress(doing);
      case 'qualify_conversation':
        return this.qualify(doing);
      default:
        return actionType satisfies never;
    }
  }

  private async logInteraction(doing: Doing): Promise<JsonObject> {
    const { occurredAt = this.clock.now(), ...rest } = parsePayload(BUILT_IN.log_interaction, doing.payload);
    return { interactionId: await this.note(doing, { ...rest, occurredAt }) };
  }

  private async updateAccount(doing: Doing): Promise<JsonObject> {
    const { note, ...fields } = parsePayload(BUILT_IN.update_account_context, doing.payload);
    const { accountId } = doing.action;
    if (accountId === null)
      throw invalid(['input', 'accountId'], 'expected the account whose context changes, got none.');
    if (Object.keys(fields).length > 0) {
      await this.records.upsertWithin(doing.tx, doing.by, 'account', { id: accountId, ...fields });
    }
    if (note === undefined) return { accountId };
    return { accountId, interactionId: await this.crmNote(doing, 'Account context', note) };
  }

  private async createBriefing(doing: Doing): Promise<JsonObject> {
    const { title, text } = parsePayload(BUILT_IN.create_briefing, doing.payload);
    return { interactionId: await this.crmNote(doing, `Briefing: ${title}`, text) };
  }

  private async progress(doing: Doing): Promise<JsonObject> {
    const { stage } = parsePayload(BUILT_IN.progress_early_stage, doing.payload);
    return this.moveDeal(doing, stage);
  }

  private async qualify(doing: Doing): Promise<JsonObject> {
    const { qualified, note } = parsePayload(BUILT_IN.qualify_conversation, doing.payload);
    const interactionId = await this.crmNote(doing, qualified ? 'Qualified' : 'Not qualified', note);
    const { dealId } = doing.action;
    const deal = dealId === null || !qualified ? undefined : await this.records.hold(doing.tx, 'deal', dealId);
    const next = deal && stageAfterQualifying(deal.stage);
    if (next === undefined) return { qualified, interactionId };
    return { qualified, interactionId, ...(await this.moveDeal(doing, next)) };
  }

  private async moveDeal({ tx, action, by }: Doing, to: EarlyTarget): Promise<JsonObject> {
    const { dealId } = action;
    const deal = dealId === null ? undefined : await this.records.hold(tx, 'deal', dealId);
    if (!deal) throw invalid(['input', 'dealId'], 'expected the deal that is moved, got none.');
    if (!earlyMove(deal.stage, to)) {
      throw invalid(
        ['input', 'payload', 'stage'],
        `expected an early stage behind the deal’s own, which is ${deal.stage}; got ${to}.`,
      );
    }
    await this.records.upsertWithin(tx, by, 'deal', { id: deal.id, stage: to });
    return { dealId: deal.id, from: deal.stage, stage: to };
  }

  private crmNote(doing: Doing, subject: string, content: string): Promise<Id> {
    return this.note(doing, { channel: 'crm', subject, content, occurredAt: this.clock.now() });
  }

  private async note(
    { tx, action, by }: Doing,
    fields: Omit<Parameters<typeof this.records.upsertWithin<'interaction'>>[3], 'accountId' | 'contactId' | 'cloneId'>,
  ): Promise<Id> {
    const { id } = await this.records.upsertWithin(tx, by, 'interaction', { ...fields, ...namedBy(action) });
    return id;
  }
}
