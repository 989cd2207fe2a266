import type { CountersignClient } from '../../client/index.js';
import { CommandError } from '../commands/terminal.js';
import { WalkSettingDocument } from '../generated/operations.js';

/** What the walk is about: an imported account, somebody there, and a deal of the walk's own. */
export interface Setting {
  readonly accountsInAll: number;
  readonly account: { readonly id: string; readonly name: string };
  /** A contact of the account, where one is known. */
  readonly person: string;
  /** The same in every walk: it is opened again and won again, so that walks leave one deal behind, not many. */
  readonly deal: { readonly externalId: string; readonly name: string; readonly value: number };
}

const DEAL = { externalId: 'countersign-walk', name: 'Seats for the new office', value: 19_200 } as const;

/** Chooses an account where the stage gate stands open. @throws CommandError when there is none */
export async function findSetting(client: CountersignClient): Promise<Setting> {
  const { accounts } = await client.request(WalkSettingDocument);
  if (accounts.totalCount === 0) {
    throw new CommandError(
      'Expected accounts to walk with, found none. First run: npm run import -- samples/crm --tenant demo',
    );
  }
  const account = accounts.edges.map(({ node }) => node).find((node) => node.deals.edges.length === 0);
  if (account === undefined) {
    throw new CommandError('Expected an account without an open deal in evaluation or negotiation, found none.');
  }
  const person = account.contacts.edges[0]?.node.name ?? 'the buyer';
  return { accountsInAll: accounts.totalCount, account, person, deal: DEAL };
}
