import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import { type Connection, toConnection } from '../../../platform/graphql/connection.js';
import type { Account } from '../domain/records.js';
import type { CountablePage, CustomerQueries } from '../queries.js';
import { AccountType } from './types.js';

/**
 * Makes the nodes of accounts that are answered together. Whoever asks the first of them for the value of its open
 * deals sums up those of all, in one read; whoever asks none costs none.
 */
export function toAccount(actor: Actor, queries: CustomerQueries): (account: Account) => AccountType {
  const ids: Id[] = [];
  let values: Promise<ReadonlyMap<Id, number>> | undefined;
  return (account) => {
    const { tenantId: _tenant, ...fields } = account;
    ids.push(account.id);
    const sumOpenDeals = async (): Promise<number | null> => {
      values ??= queries.openDealValues(actor, ids);
      return (await values).get(account.id) ?? null;
    };
    return Object.assign(new AccountType(), fields, { sumOpenDeals });
  };
}

/** A connection of nodes that are the records as they are, or of what `toNode` makes of them. */
export function connect<Item>(found: CountablePage<Item>): Connection<Item>;
export function connect<Item, Node>(found: CountablePage<Item>, toNode: (item: Item) => Node): Connection<Node>;
export function connect<Item>({ page, count }: CountablePage<Item>, toNode = (item: Item): unknown => item) {
  return toConnection(
    { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: toNode(node) })) },
    count,
  );
}
