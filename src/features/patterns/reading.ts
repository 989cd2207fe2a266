import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import { type JobContext, type JobOutcome, workThrough } from '../jobs/index.js';
import { daysBetween, tookPlace } from './domain/contacts-in-time.js';
import { EVIDENCE_DAYS } from './domain/detect.js';
import { substantiated } from './domain/model-finding.js';
import type { AccountSituation, ObservedInteraction } from './domain/pattern.js';
import { tellsOfCustomer } from './domain/spoken.js';
import { textToRead } from './model.js';
import type { ActivityWindow, PatternModel, PatternReader, ReadingStore, SituationReader } from './ports.js';

export interface ReadingParts {
  readonly transactor: Transactor;
  readonly situations: SituationReader;
  readonly readings: ReadingStore;
  readonly model: PatternModel;
}

const PAGE = 200;
/** What goes into one question, whichever is reached first. */
const INTERACTIONS_ASKED = 10;
const CHARACTERS_ASKED = 12_000;
/** Questions on one account in one run; what is left has its turn in the next. */
const QUESTIONS = 5;

/**
 * Has a language model read what it has not read yet, each interaction once. What it finds is kept and counts beside
 * what rules find, from then on, whether or not the model can be reached later.
 */
export class ModelReading {
  constructor(private readonly parts: ReadingParts) {}

  /**
   * @param rescan told of each account in which something was read
   * @returns nothing done where there is no model
   */
  async run(
    context: JobContext,
    since: Date,
    rescan: (accountId: Id) => Promise<void>,
  ): Promise<JobOutcome & { readonly done: number }> {
    const { tenantId, signal, now } = context;
    const { model } = this.parts;
    if (!model.isThere) return { done: 0, counts: {} };
    const reader = model.open(tenantId, signal);
    let read = 0;
    const { done, failed, failures } = await workThrough(context, {
      items: this.unreadAccounts(tenantId, { since, now }, reader),
      total: null,
      subjectOf: (accountId) => accountId,
      work: async (accountId) => {
        const count = await this.read(reader, { tenantId, accountId, now });
        read += count;
        if (count > 0) await rescan(accountId);
      },
    });
    const { asked, failed: unanswered } = reader.counts;
    return { done, counts: { read, questions: asked, unanswered }, failed, failures };
  }

  private async *unreadAccounts(tenantId: Id, window: ActivityWindow, reader: PatternReader): AsyncGenerator<Id> {
    const { transactor, readings } = this.parts;
    for (let after: Id | undefined; ; ) {
      const last: Id | undefined = after;
      const page = await transactor.run(tenantId, (tx) => readings.unread(tx, window, last, PAGE));
      for (const accountId of page) {
        if (!reader.isOpen) return;
        yield accountId;
      }
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** @returns how many interactions were read */
  private async read(
    reader: PatternReader,
    { tenantId, accountId, now }: { readonly tenantId: Id; readonly accountId: Id; readonly now: Date },
  ): Promise<number> {
    const { transactor, situations, readings } = this.parts;
    const situation = (await transactor.run(tenantId, (tx) => situations.situations(tx, [accountId]))).get(accountId);
    if (!situation) return 0;
    let count = 0;
    for (const batch of batchesOf(unreadIn(situation, now))) {
      const claims = await reader.read(situation.accountName, batch);
      if (!claims) break;
      const found = batch.map((interaction) => ({
        interactionId: interaction.id,
        // An edit while the model was reading makes the reading out of date.
        readAt: new Date(Math.max(now.getTime(), interaction.updatedAt?.getTime() ?? 0)),
        findings: substantiated(claims.get(interaction.id) ?? [], interaction),
      }));
      await transactor.run(tenantId, (tx) => readings.keep(tx, found));
      count += batch.length;
    }
    return count;
  }
}

/** What still says how the account stands and was not read, the newest first. */
function unreadIn({ interactions }: AccountSituation, now: Date): ObservedInteraction[] {
  const past = tookPlace(interactions, now);
  const latest = past.at(-1);
  if (!latest) return [];
  return past
    .filter(({ occurredAt }) => daysBetween(occurredAt, latest.occurredAt) <= EVIDENCE_DAYS)
    .filter(({ isReadByModel }) => isReadByModel !== true)
    .reverse();
}

/** What goes into one question each. What says nothing about the customer is not asked about. */
function batchesOf(interactions: readonly ObservedInteraction[]): ObservedInteraction[][] {
  const batches: ObservedInteraction[][] = [];
  let room = 0;
  for (const interaction of interactions.filter(tellsOfCustomer)) {
    const length = textToRead(interaction).length;
    const batch = batches.at(-1);
    if (batch && batch.length < INTERACTIONS_ASKED && length <= room) {
      batch.push(interaction);
      room -= length;
    } else {
      if (batches.length === QUESTIONS) break;
      batches.push([interaction]);
      room = CHARACTERS_ASKED - length;
    }
  }
  return batches;
}
