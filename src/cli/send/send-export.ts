import { type CountersignClient, CountersignError } from '../../client/index.js';
import { CommandError } from '../commands/terminal.js';
import { type ImportOutcome, ImportRecordsDocument } from '../generated/operations.js';
import { type ExportPlan, type Mapping, readPlanned } from '../import/index.js';
import { type Batch, batchesOf } from './batches.js';
import { toInput } from './inputs.js';
import type { Progress } from './progress.js';
import type { RefusalList } from './refusal-list.js';
import { refusalOf } from './refused-record.js';
import type { Outcome, Tally } from './tally.js';

export interface Sending {
  readonly client: CountersignClient;
  readonly plan: ExportPlan;
  readonly mapping: Mapping;
  readonly tally: Tally;
  readonly refusals: RefusalList;
  readonly progress: Progress;
}

/**
 * Reads an export and sends it, batch by batch, what is referred to first. What the server refuses is counted and listed
 * like what the reading refuses; the rest goes on.
 *
 * @throws CommandError when the server refuses a batch as a whole, or is gone; what was sent before is kept
 */
export async function sendExport(sending: Sending): Promise<void> {
  const { plan, mapping, tally, refusals, progress } = sending;
  const missingContacts = new Set<string>();
  const read = readPlanned(plan, mapping, {
    onBytes: (bytes) => progress.advance(bytes),
    onRemark: (remark) => tally.countRemark(remark),
  });
  for await (const batch of batchesOf(read)) {
    const answers = (await send(batch, sending.client, missingContacts)).values();
    for (const item of batch.items) {
      if (item.kind === 'refusal') {
        tally.countRefusedRow(item);
        await refusals.add(item);
        continue;
      }
      const answer = answers.next().value;
      if (answer === undefined) throw new Error('the server answered for fewer records than were sent');
      tally.countRecord(item, OUTCOMES[answer.outcome]);
      if (answer.outcome !== 'REFUSED') continue;
      if (item.kind === 'contact') missingContacts.add(item.externalId);
      await refusals.add(refusalOf(item, answer.issues, plan));
    }
    progress.sent(batch.drafts.length);
  }
}

const OUTCOMES: Readonly<Record<ImportOutcome, Outcome>> = {
  CREATED: 'created',
  UPDATED: 'updated',
  UNCHANGED: 'unchanged',
  REFUSED: 'refused',
};

/** Gives an answer for each record, in their order. */
async function send({ drafts }: Batch, client: CountersignClient, missingContacts: ReadonlySet<string>) {
  if (drafts.length === 0) return [];
  const input = toInput(drafts, missingContacts);
  const { importRecords } = await client.request(ImportRecordsDocument, { input }).catch((error: unknown) => {
    throw error instanceof CountersignError ? stopped(drafts, error) : error;
  });
  return importRecords.records;
}

function stopped([first]: Batch['drafts'], error: CountersignError): CommandError {
  const place = first ? ` at ${first.origin.file}:${first.origin.line}` : '';
  return new CommandError(
    `The import stopped${place}: ${error.message} What was sent before is kept; running it again continues.`,
    { cause: error },
  );
}
