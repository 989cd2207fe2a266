import type { Id } from '../../../kernel/ids.js';
import type { FieldIssue } from './draft.js';
import { show } from './draft.js';
import { emailAddress } from './values.js';

/** Who may be behind the addresses of those who took part. */
export interface KnownParties {
  readonly contacts: readonly { readonly id: Id; readonly accountId: Id; readonly email: string }[];
  readonly accounts: readonly { readonly id: Id; readonly domain: string }[];
}

/** With whom an interaction was, as far as addresses tell. */
export interface Parties {
  readonly accountId: Id | null;
  readonly contactId: Id | null;
}

/** Most addresses that one interaction may come with. */
export const MAX_PARTICIPANTS = 100;

/** The addresses in lower case, each once, in their order; or what is wrong with them. */
export function readParticipants(
  given: readonly string[] | null | undefined,
): { readonly emails: readonly string[] } | { readonly issue: FieldIssue } {
  const emails = new Set<string>();
  const all = given ?? [];
  if (all.length > MAX_PARTICIPANTS) {
    const message = `expected at most ${MAX_PARTICIPANTS} addresses; got ${all.length}`;
    return { issue: { field: 'participants', message } };
  }
  for (const text of all) {
    const checked = emailAddress(text);
    if (!('value' in checked)) {
      return { issue: { field: 'participants', message: `expected ${checked.expected}; got ${show(text)}` } };
    }
    emails.add(checked.value);
  }
  return { emails: [...emails] };
}

/** The host behind the @. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/**
 * The account that most of those who took part belong to: by the exact address of a contact, or else by the exact
 * domain of the account. Nothing is guessed: not from names, not from subdomains; and where two accounts have as many,
 * none is taken. The contact is the first of that account who took part.
 */
export function partiesBehind(emails: readonly string[], { contacts, accounts }: KnownParties): Parties {
  const overlap = new Map<Id, number>();
  for (const email of emails) {
    const people = contacts.filter((contact) => contact.email === email).map(({ accountId }) => accountId);
    const companies = accounts.filter(({ domain }) => domain === domainOf(email)).map(({ id }) => id);
    for (const id of new Set(people.length > 0 ? people : companies)) overlap.set(id, (overlap.get(id) ?? 0) + 1);
  }
  const [best, next] = [...overlap].sort(([, a], [, b]) => b - a);
  if (!best || best[1] === next?.[1]) return { accountId: null, contactId: null };
  const [accountId] = best;
  const contact = emails
    .flatMap((email) => contacts.filter((one) => one.email === email && one.accountId === accountId))
    .at(0);
  return { accountId, contactId: contact?.id ?? null };
}
