import type { Actor } from '../../kernel/actor.js';
import { notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { Account, Contact, Deal, Interaction } from './domain/records.js';
import type { AccountFilter, CustomerReader, DealFilter, InteractionFilter, Listing } from './ports.js';

export interface CustomerQueryParts {
  readonly transactor: Transactor;
  readonly reader: CustomerReader;
}

/** A page, and how to count the whole list when somebody asks. */
export interface CountablePage<Item> {
  readonly page: Page<Item>;
  readonly count: () => Promise<number>;
}

/** Reads customers. Each call opens a read of its own. */
export class CustomerQueries {
  constructor(private readonly parts: CustomerQueryParts) {}

  /** @throws NOT_FOUND */
  async account(actor: Actor, id: Id): Promise<Account> {
    const account = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.reader.account(tx, id));
    if (!account) throw notFound('account', id);
    return account;
  }

  /** @throws NOT_FOUND */
  async deal(actor: Actor, id: Id): Promise<Deal> {
    const deal = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.reader.deal(tx, id));
    if (!deal) throw notFound('deal', id);
    return deal;
  }

  /** By name. */
  accounts(actor: Actor, filter: AccountFilter, args: PageArgs): Promise<CountablePage<Account>> {
    return this.list(actor, this.parts.reader.accounts, filter, args);
  }

  /** By name. */
  contacts(actor: Actor, accountId: Id, args: PageArgs): Promise<CountablePage<Contact>> {
    return this.list(actor, this.parts.reader.contacts, { accountId }, args);
  }

  /** Newest first. */
  deals(actor: Actor, filter: DealFilter, args: PageArgs): Promise<CountablePage<Deal>> {
    return this.list(actor, this.parts.reader.deals, filter, args);
  }

  /** Latest first. */
  interactions(actor: Actor, filter: InteractionFilter, args: PageArgs): Promise<CountablePage<Interaction>> {
    return this.list(actor, this.parts.reader.interactions, filter, args);
  }

  /** Sum of the known values of each account's open deals; accounts where none is known are left out. */
  openDealValues(actor: Actor, accountIds: readonly Id[]): Promise<ReadonlyMap<Id, number>> {
    const { transactor, reader } = this.parts;
    return transactor.run(actor.tenantId, (tx) => reader.openDealValues(tx, accountIds));
  }

  private async list<Item, Filter>(
    actor: Actor,
    listing: Listing<Item, Filter>,
    filter: Filter,
    args: PageArgs,
  ): Promise<CountablePage<Item>> {
    const { transactor } = this.parts;
    const page = await transactor.run(actor.tenantId, (tx) => listing.page(tx, filter, args));
    return { page, count: () => transactor.run(actor.tenantId, (tx) => listing.count(tx, filter)) };
  }
}
