import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/**
 * What `metrics` must say about an imported export, computed from the text of its files by another way than the
 * product's: no database, no import code, whole files in memory. It reads exports in the form of samples/crm (dates
 * M/D/YY, amounts with points for decimals) and knows the stage names that occur there, no more; on anything else it
 * throws, so that it can never agree by looking away.
 */
export interface CrmFigures {
  readonly identified: number;
  readonly openDeals: number;
  readonly closedValue: number | null;
  readonly wonDeals: number;
  readonly lostDeals: number;
  readonly winRate: number | null;
  readonly averageDeal: number | null;
  readonly averageCycleDays: number | null;
  /** Rows that an import must refuse; none of them is in any other figure. */
  readonly refusedDeals: number;
  /** All rows that an import must keep. */
  readonly keptDeals: number;
}

export interface CrmQuestion {
  readonly folder: string;
  /** Half-open. */
  readonly period: { readonly start: Date; readonly end: Date };
  /** When the export is imported and looked at. Deals without an opening date exist from then on. */
  readonly now: Date;
}

interface SoldDeal {
  readonly state: 'open' | 'won' | 'lost';
  readonly value: number | null;
  /** Milliseconds since 1970. */
  readonly opened: number | null;
  readonly closed: number | null;
}

type Cells = Readonly<Record<string, string>>;

const STATES: Readonly<Record<string, SoldDeal['state']>> = {
  Won: 'won',
  Lost: 'lost',
  Prospecting: 'open',
  Qualified: 'open',
  Engaging: 'open',
  Proposal: 'open',
  Negotiation: 'open',
};

export function crmFigures({ folder, period, now }: CrmQuestion): CrmFigures {
  const accounts = rowsOf(folder, /^accounts\.csv$/);
  const known = new Map(accounts.map((row) => [cell(row, 'account_id'), cell(row, 'account')]));
  const rows = rowsOf(folder, /^(opportunities|sales_pipeline)\.csv$/);
  const seen = new Set<string>();
  const deals: SoldDeal[] = [];
  for (const row of rows) {
    const id = cell(row, 'opportunity_id');
    const deal = seen.has(id) ? null : readDeal(row, known);
    if (deal === null) continue;
    seen.add(id);
    deals.push(deal);
  }

  const [start, end] = [period.start.getTime(), period.end.getTime()];
  const within = (time: number | null) => time !== null && start <= time && time < end;
  const won = deals.filter(({ state, closed }) => state === 'won' && within(closed));
  const lost = deals.filter(({ state, closed }) => state === 'lost' && within(closed));
  const values = won.flatMap(({ value }) => value ?? []);
  const days = won.flatMap(({ opened, closed }) =>
    opened === null || closed === null ? [] : (closed - opened) / 86_400_000,
  );
  const isOpenAtEnd = ({ state, opened, closed }: SoldDeal) => {
    if (end >= now.getTime()) return state === 'open';
    return opened !== null && opened < end && (state === 'open' || (closed !== null && closed >= end));
  };
  const closedValue = sum(values);
  return {
    identified: deals.filter(({ opened }) => within(opened)).length,
    openDeals: deals.filter(isOpenAtEnd).length,
    closedValue: won.length > 0 && values.length === 0 ? null : closedValue,
    wonDeals: won.length,
    lostDeals: lost.length,
    winRate: won.length + lost.length === 0 ? null : won.length / (won.length + lost.length),
    averageDeal: values.length === 0 ? null : closedValue / values.length,
    averageCycleDays: days.length === 0 ? null : sum(days) / days.length,
    refusedDeals: rows.length - deals.length,
    keptDeals: deals.length,
  };
}

/** The deal of a row; null for one that an import must refuse. */
function readDeal(row: Cells, accounts: ReadonlyMap<string, string>): SoldDeal | null {
  const [accountId, account] = [cell(row, 'account_id'), cell(row, 'account')];
  if (accountId === '' && account !== '') throw new Error(`an account without its id: ${account}`);
  if (accountId !== '' && !accounts.has(accountId)) return null;
  const state = STATES[cell(row, 'deal_stage')];
  if (state === undefined) throw new Error(`a stage this does not know: ${cell(row, 'deal_stage')}`);
  const [opened, closed] = [readDay(cell(row, 'engage_date')), readDay(cell(row, 'close_date'))];
  const value = readValue(cell(row, 'close_value'));
  if (opened === 'impossible' || closed === 'impossible' || value === 'negative') return null;
  if (state === 'open') return { state, value, opened, closed: null };
  // One of the two dates is wrong; the product trusts the one on which the money came in.
  const isBackwards = opened !== null && closed !== null && opened > closed;
  return { state, value, opened: isBackwards ? null : opened, closed };
}

function readDay(text: string): number | null | 'impossible' {
  if (text === '') return null;
  const [month, day, year, ...rest] = text.split('/').map(Number);
  if (!month || !day || !year || rest.length > 0 || year > 69) throw new Error(`a date this does not know: ${text}`);
  const time = Date.UTC(2000 + year, month - 1, day);
  return new Date(time).getUTCMonth() === month - 1 ? time : 'impossible';
}

function readValue(text: string): number | null | 'negative' {
  if (text === '') return null;
  const value = Number(text.replaceAll(',', ''));
  if (Number.isNaN(value)) throw new Error(`an amount this does not know: ${text}`);
  return value < 0 ? 'negative' : value;
}

function rowsOf(folder: string, name: RegExp): readonly Cells[] {
  const found = readdirSync(folder).filter((file) => name.test(file));
  if (found.length !== 1)
    throw new Error(`expected one file ${name} in ${folder}, found ${found.join(', ') || 'none'}`);
  const text = readFileSync(join(folder, String(found[0])), 'utf8');
  return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
}

function cell(row: Cells, column: string): string {
  const text = row[column];
  if (text === undefined) throw new Error(`expected a column ${column}, found ${Object.keys(row).join(', ')}`);
  return text;
}

/** Of amounts with at most two decimals, exactly; of days, whole ones. */
const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + Math.round(number * 100), 0) / 100;
