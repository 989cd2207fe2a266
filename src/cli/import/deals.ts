import type { AccountIndex, Reading } from './accounts.js';
import type { Catalogue, Product, SalesTeams } from './catalogue.js';
import type { DealDraft, DealStage } from './drafts.js';
import type { IdsSeen } from './ids-seen.js';
import { readAmount } from './read-amount.js';
import { readDate } from './read-date.js';
import type { Row } from './row.js';

export interface DealSources {
  readonly accounts: AccountIndex;
  readonly catalogue: Catalogue;
  readonly teams: SalesTeams;
  readonly ids: IdsSeen;
}

type DealRow = Row<'deals'>;

/** @throws RowProblem for the first cell that cannot be used; docs/IMPORT.md lists the rules. */
export function readDeal(row: DealRow, sources: DealSources, reading: Reading): DealDraft {
  const externalId = row.required('externalId', "the deal's id");
  const accountExternalId = sources.accounts.resolve(row);
  if (accountExternalId === null) noteMissingAccount(row);
  const stage = readStage(row, reading);
  const listed = findProduct(row, sources.catalogue);
  const product = listed?.name ?? row.text('product');
  const owner = row.text('owner');
  const member = owner === null ? undefined : sources.teams.find(owner);
  const draft: DealDraft = {
    kind: 'deal',
    origin: row.origin,
    externalId,
    accountExternalId,
    name: row.text('name') ?? product ?? externalId,
    product,
    owner,
    ownerManager: member?.manager ?? null,
    ownerRegion: member?.region ?? null,
    stage,
    ...readValue(row, { stage, listPrice: listed?.listPrice ?? null }, reading),
    ...readDates(row, stage, reading),
  };
  sources.ids.claim(row, externalId);
  return draft;
}

const isOpen = (stage: DealStage): boolean => stage !== 'closed_won' && stage !== 'closed_lost';

/** Deals and interactions that name no account are kept; the remark is how they are counted. */
export function noteMissingAccount(row: Row<'deals'> | Row<'interactions'>): void {
  row.remark('kept_without_account', row.has('accountId') ? 'accountId' : 'accountName', 'the row names no account');
}

function readStage(row: DealRow, { terms }: Reading): DealStage {
  const stage = terms.stages.find(row.required('stage', "the deal's stage"));
  if (stage === undefined) throw row.problem('stage', terms.stages.unknown('stage', 'stages'));
  return stage;
}

function findProduct(row: DealRow, catalogue: Catalogue): Product | undefined {
  const written = row.text('product');
  if (written === null || catalogue.isEmpty) return undefined;
  const listed = catalogue.find(written);
  if (listed === undefined) {
    row.remark('product_unknown', 'product', 'the product is not in the catalogue');
  } else if (listed.name !== written) {
    row.remark('product_respelt', 'product', `the catalogue spells it "${listed.name}"`);
  }
  return listed;
}

function readValue(
  row: DealRow,
  { stage, listPrice }: { readonly stage: DealStage; readonly listPrice: number | null },
  { mapping }: Reading,
): Pick<DealDraft, 'value' | 'valueIsEstimate'> {
  const currency = row.text('currency')?.toUpperCase() ?? mapping.defaultCurrency;
  if (currency !== mapping.defaultCurrency) {
    // Amounts are stored and added up without a currency, so two in one store would make a false total.
    throw row.problem('currency', `expected ${mapping.defaultCurrency}, the one currency of this import`);
  }
  const text = row.text('value');
  if (text !== null) {
    const amount = readAmount(text, { ...mapping, currency, unit: mapping.valueUnit });
    if (!amount.ok) throw row.problem('value', amount.reason);
    return { value: amount.number, valueIsEstimate: false };
  }
  if (!isOpen(stage) || listPrice === null) return { value: null, valueIsEstimate: false };
  row.remark('value_estimated', 'value', `no value; the list price ${listPrice} stands in`);
  return { value: listPrice, valueIsEstimate: true };
}

function readDates(row: DealRow, stage: DealStage, { mapping }: Reading): Pick<DealDraft, 'openedAt' | 'closedAt'> {
  const openedAt = readDay(row, 'openedAt', mapping.dateOrder);
  const closedAt = readDay(row, 'closedAt', mapping.dateOrder);
  if (isOpen(stage)) {
    // Sales systems keep the expected closing date of an open deal in the same column.
    if (closedAt !== null) row.remark('cell_dropped', 'closedAt', 'the deal is still open');
    return { openedAt, closedAt: null };
  }
  if (openedAt === null || closedAt === null || openedAt <= closedAt) return { openedAt, closedAt };
  if (mapping.closeBeforeOpen === 'refuse') {
    throw row.problem('closedAt', `expected a day on or after ${openedAt}, when the deal opened`);
  }
  row.remark('opening_date_dropped', 'openedAt', `the deal closed before, on ${closedAt}`);
  return { openedAt: null, closedAt };
}

function readDay(row: DealRow, field: 'openedAt' | 'closedAt', order: Reading['mapping']['dateOrder']): string | null {
  const text = row.text(field);
  if (text === null) return null;
  const read = readDate(text, order);
  if (!read.ok) throw row.problem(field, read.reason);
  return read.date;
}
