import { foldName } from './catalogue.js';
import type { AccountDraft } from './drafts.js';
import type { Mapping } from './mapping.js';
import { type ReadNumber, readAmount, readCount } from './read-amount.js';
import { readDomain } from './read-domain.js';
import type { Row } from './row.js';
import type { Terms } from './terms.js';

/** What every row is read with. */
export interface Reading {
  readonly mapping: Mapping;
  readonly terms: Terms;
}

const AMBIGUOUS = Symbol('several accounts of one name');

/** The accounts read so far, by id and by name: what deals and interactions may refer to. */
export class AccountIndex {
  private readonly byId = new Map<string, { readonly line: number; readonly name: string }>();
  private readonly idsByName = new Map<string, string | typeof AMBIGUOUS>();

  /** @param file what messages call the accounts file. */
  constructor(private readonly file: string) {}

  /** @throws RowProblem when the id was used before. */
  add(row: Row<'accounts'>, { externalId, name }: Pick<AccountDraft, 'externalId' | 'name'>): void {
    const known = this.byId.get(externalId);
    if (known !== undefined) {
      const field = row.has('externalId') ? 'externalId' : 'name';
      throw row.problem(field, `this account was listed before, on line ${known.line}`);
    }
    this.byId.set(externalId, { line: row.origin.line, name });
    const folded = foldName(name);
    this.idsByName.set(folded, this.idsByName.has(folded) ? AMBIGUOUS : externalId);
  }

  /**
   * The account a row refers to by id, by name or by both; null when both are empty. Exact, but for case and
   * spacing of the name: a wrong customer is worse than a refused row.
   *
   * @throws RowProblem when the account is not among those read, or id and name belong to different ones.
   */
  resolve(row: Row<'deals'> | Row<'interactions'>): string | null {
    const [id, name] = [row.text('accountId'), row.text('accountName')];
    const named = name === null ? undefined : this.idsByName.get(foldName(name));
    if (id === null) {
      if (name === null) return null;
      if (named === undefined) throw row.problem('accountName', this.absent());
      if (named !== AMBIGUOUS) return named;
      throw row.problem('accountName', `expected the name of one account, got that of several in ${this.file}`);
    }
    const account = this.byId.get(id);
    if (account === undefined) throw row.problem('accountId', this.absent());
    // A name that no account bears may be a former one; a name that another account bears is a contradiction.
    if (name !== null && named !== undefined && foldName(name) !== foldName(account.name)) {
      throw row.problem('accountName', `expected "${account.name}", the name of account ${id}, or nothing`);
    }
    return id;
  }

  private absent(): string {
    return `expected an account that was read from ${this.file}, or nothing`;
  }
}

/**
 * A cell that merely describes the account (size, revenue, web site) is left out when it cannot be read, with a
 * remark: refusing the account would refuse all its deals with it.
 *
 * @throws RowProblem when the row names no account, or one that was listed before.
 */
export function readAccount(row: Row<'accounts'>, accounts: AccountIndex, { mapping, terms }: Reading): AccountDraft {
  const name = row.required('name', "the account's name");
  const sector = row.text('sector');
  const format = { ...mapping, currency: mapping.defaultCurrency, unit: mapping.revenueUnit };
  const draft: AccountDraft = {
    kind: 'account',
    origin: row.origin,
    externalId: row.has('externalId') ? row.required('externalId', "the account's id") : name,
    name,
    domain: readAccountDomain(row),
    sector: sector === null ? null : (terms.sectors.find(sector) ?? sector),
    employees: readFigure(row, 'employees', (text) => readCount(text, mapping.decimalSeparator)),
    annualRevenue: readFigure(row, 'annualRevenue', (text) => readAmount(text, format)),
    location: row.text('location'),
    parentName: row.text('parentName'),
  };
  accounts.add(row, draft);
  return draft;
}

function readAccountDomain(row: Row<'accounts'>): string | null {
  const text = row.text('domain');
  if (text === null) return null;
  const domain = readDomain(text);
  if (domain === null) row.remark('cell_dropped', 'domain', 'expected a domain or web address such as example.com');
  return domain;
}

function readFigure(
  row: Row<'accounts'>,
  field: 'employees' | 'annualRevenue',
  read: (text: string) => ReadNumber,
): number | null {
  const text = row.text(field);
  if (text === null) return null;
  const figure = read(text);
  if (figure.ok) return figure.number;
  row.remark('cell_dropped', field, figure.reason);
  return null;
}
