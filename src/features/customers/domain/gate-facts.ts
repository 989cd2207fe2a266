import { type FieldIssue, movedFields } from './draft.js';
import { domainOf, type KnownParties } from './participants.js';
import type { CustomerFields, RecordKind } from './records.js';

/**
 * What decides which account, deals and people the gates look at, and whether a customer has answered: whom a contact
 * belongs to, where mail for it goes, and all of an interaction. See docs/decisions/0009.
 */
const GATE_FACTS: { readonly [K in RecordKind]: readonly (keyof CustomerFields[K] & string)[] } = {
  account: ['domain'],
  contact: ['accountId', 'email', 'title'],
  deal: [],
  interaction: [
    'accountId',
    'contactId',
    'cloneId',
    'contactName',
    'channel',
    'direction',
    'status',
    'occurredAt',
    'subject',
    'content',
  ],
};

/**
 * Whether what decides where mail goes rests on the word of agents alone: it does until somebody who may correct it
 * records it, or says it again.
 *
 * @param said the address or domain as the draft has it; undefined: it says nothing about it
 */
export function isByAgents(stored: boolean | undefined, said: string | null | undefined, mayCorrect: boolean): boolean {
  if (!mayCorrect) return stored ?? true;
  return said === undefined && (stored ?? false);
}

/**
 * The facts under a gate that recording `next` over `stored` would change. Whoever the gates hold back may add
 * records, and never rewrite what is already there for the gates to look at.
 */
export const movedGateFacts = <Kind extends RecordKind>(
  kind: Kind,
  stored: CustomerFields[Kind],
  next: CustomerFields[Kind],
): FieldIssue[] =>
  movedFields(GATE_FACTS[kind], stored, next).map((field) => ({
    field,
    message: `expected the recorded ${field}, or none: the gates look at it, so agents do not change it. Ask a manager or an admin.`,
  }));

/**
 * What in a new record would stand beside something known by the same name: a second contact of one address, or a
 * second account of one domain, would take an answer away from the account that it belongs to, or give a person
 * another title. Whoever the gates hold back adds neither.
 */
export const TAKEN_NAMES: {
  readonly [K in RecordKind]: (fields: CustomerFields[K], known: KnownParties) => FieldIssue[];
} = {
  account({ domain }, { accounts, contacts }) {
    if (domain === null) return [];
    if (accounts.some((account) => account.domain === domain)) return [taken('domain', 'an account has it')];
    const isElsewhere = contacts.some(({ email }) => domainOf(email) === domain);
    return isElsewhere ? [taken('domain', 'a contact of another account has an address in it')] : [];
  },
  contact({ accountId, email }, { accounts, contacts }) {
    if (email === null) return [];
    if (contacts.some((contact) => contact.email === email)) return [taken('email', 'a contact has it')];
    const isElsewhere = accounts.some(({ id, domain }) => domain === domainOf(email) && id !== accountId);
    return isElsewhere ? [taken('email', 'it is in the domain of another account')] : [];
  },
  deal: () => [],
  interaction: () => [],
};

const taken = (field: string, why: string): FieldIssue => ({
  field,
  message: `expected a ${field} that is not known yet: ${why} already, and agents add no second one. Use the recorded one, or ask a manager or an admin.`,
});
