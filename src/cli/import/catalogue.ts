import type { Mapping } from './mapping.js';
import { type ReadNumber, readAmount } from './read-amount.js';
import type { Row } from './row.js';

export interface Product {
  /** The catalogue's spelling. */
  readonly name: string;
  /** In whole units of the mapping's currency. */
  readonly listPrice: number | null;
}

/** The products an export offers, found without regard to case and spaces, and to nothing else. */
export class Catalogue {
  private readonly products = new Map<string, Product & { readonly line: number }>();

  get isEmpty(): boolean {
    return this.products.size === 0;
  }

  find(name: string): Product | undefined {
    return this.products.get(withoutSpaces(name));
  }

  /** @throws RowProblem for a product without a name, one listed before, or a price that is none. */
  add(row: Row<'products'>, mapping: Mapping): void {
    const name = row.required('name', "the product's name");
    const known = this.products.get(withoutSpaces(name));
    if (known !== undefined) throw row.problem('name', `this product was listed before, on line ${known.line}`);
    const price = row.text('listPrice');
    const read = price === null ? null : readPrice(price, mapping);
    if (read?.ok === false) throw row.problem('listPrice', read.reason);
    this.products.set(withoutSpaces(name), { name, listPrice: read?.number ?? null, line: row.origin.line });
  }
}

const readPrice = (text: string, mapping: Mapping): ReadNumber =>
  readAmount(text, { ...mapping, currency: mapping.defaultCurrency, unit: mapping.valueUnit });

export interface TeamMember {
  readonly manager: string | null;
  readonly region: string | null;
}

/** Who sells, under whom and where. */
export class SalesTeams {
  private readonly members = new Map<string, TeamMember & { readonly line: number }>();

  find(owner: string): TeamMember | undefined {
    return this.members.get(foldName(owner));
  }

  /** @throws RowProblem for a row without a name, or a person listed before. */
  add(row: Row<'salesTeams'>): void {
    const owner = row.required('owner', "the sales person's name");
    const known = this.members.get(foldName(owner));
    if (known !== undefined) throw row.problem('owner', `this person was listed before, on line ${known.line}`);
    const { line } = row.origin;
    this.members.set(foldName(owner), { manager: row.text('manager'), region: row.text('region'), line });
  }
}

const withoutSpaces = (name: string): string => foldName(name).replaceAll(' ', '');

/** A name as it is compared: the same letters, whatever their case and the spaces between words. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
