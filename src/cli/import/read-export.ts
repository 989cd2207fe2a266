import { AccountIndex, type Reading, readAccount } from './accounts.js';
import { Catalogue, SalesTeams } from './catalogue.js';
import { readCsv } from './csv.js';
import { readDeal } from './deals.js';
import type { ContactDraft, Draft, Refusal, Remark } from './drafts.js';
import { IdsSeen } from './ids-seen.js';
import { mergeContacts, readContact, readInteraction } from './interactions.js';
import type { Mapping } from './mapping.js';
import { type ExportPlan, type PlannedFile, planExport } from './plan.js';
import { draftOrRefusal, Row } from './row.js';
import { termsOf } from './terms.js';
import type { FileKind } from './vocabulary.js';

export interface ReadOptions {
  /** Told how many further bytes were read; the sum reaches the plan's `totalBytes`. */
  readonly onBytes?: (bytes: number) => void;
  /** Told of each kept row that was not taken exactly as written. */
  readonly onRemark?: (remark: Remark) => void;
}

interface Pass extends Reading, ReadOptions {}

/**
 * Streams an export as drafts, each after those it refers to: accounts, deals, contacts, interactions. A bad row
 * comes out as a refusal in its place, and reading goes on. Reading the same export again gives the same drafts
 * with the same ids. In memory: ids, products, sales people and contacts; never the rows.
 *
 * @throws VALIDATION_FAILED, before the first draft, when the export as a whole cannot be read; see `planExport`.
 */
export async function* readExport(
  folder: string,
  mapping: Mapping,
  options: ReadOptions = {},
): AsyncGenerator<Draft | Refusal> {
  yield* readPlanned(await planExport(folder, mapping), mapping, options);
}

/** `readExport` of a folder that was planned before. */
export async function* readPlanned(
  { files }: ExportPlan,
  mapping: Mapping,
  options: ReadOptions = {},
): AsyncGenerator<Draft | Refusal> {
  const pass: Pass = { mapping, terms: termsOf(mapping), ...options };
  const catalogue = new Catalogue();
  yield* readRows(files.products, pass, (row) => {
    catalogue.add(row, mapping);
    return null;
  });
  const teams = new SalesTeams();
  yield* readRows(files.salesTeams, pass, (row) => {
    teams.add(row);
    return null;
  });

  const accounts = new AccountIndex(files.accounts?.file ?? 'the accounts file');
  yield* readRows(files.accounts, pass, (row) => readAccount(row, accounts, pass));
  const sources = { accounts, catalogue, teams, ids: new IdsSeen() };
  yield* readRows(files.deals, pass, (row) => readDeal(row, sources, pass));
  yield* await collectContacts(files.interactions, accounts, pass);
  const ids = new IdsSeen();
  yield* readRows(files.interactions, pass, (row) => readInteraction(row, { accounts, ids }, pass));
}

/** Reads a file's rows; `read` gives a draft, or null where the row only serves those that follow. */
async function* readRows<Kind extends FileKind>(
  planned: PlannedFile<Kind> | null,
  { mapping, onBytes, onRemark }: Pass,
  read: (row: Row<Kind>) => Draft | null,
): AsyncGenerator<Draft | Refusal> {
  if (planned === null) return;
  for await (const csv of readCsv(planned.path, { ifNotUtf8: mapping.ifNotUtf8, onBytes })) {
    if (csv.kind === 'refusal') {
      yield csv;
      continue;
    }
    const row = new Row(planned.file, csv, planned.columns);
    const result = draftOrRefusal(row.origin, () => read(row));
    if (result?.kind !== 'refusal') for (const remark of row.remarks) onRemark?.(remark);
    if (result !== null) yield result;
  }
}

/** The people in the interactions, found in a pass of their own since they must be known before the first of them. */
async function collectContacts(
  planned: PlannedFile<'interactions'> | null,
  accounts: AccountIndex,
  pass: Pass,
): Promise<Iterable<ContactDraft>> {
  const contacts = new Map<string, ContactDraft>();
  const ids = new IdsSeen();
  const collect = (row: Row<'interactions'>): null => {
    const contact = readContact(row, readInteraction(row, { accounts, ids }, pass));
    if (contact === null) return null;
    const known = contacts.get(contact.externalId);
    contacts.set(contact.externalId, known === undefined ? contact : mergeContacts(known, contact));
    return null;
  };
  // Refusals and remarks come out in the pass that yields the interactions.
  for await (const _refusal of readRows(planned, { ...pass, onRemark: undefined }, collect));
  return contacts.values();
}
