import type { ImportRecordsInput } from '../generated/operations.js';
import {
  type AccountDraft,
  type ContactDraft,
  contactExternalIdOf,
  type DealDraft,
  type Draft,
  type InteractionDraft,
} from '../import/index.js';

type InputOf<List extends keyof ImportRecordsInput> = NonNullable<ImportRecordsInput[List]>[number];

/**
 * Drafts of one kind as `importRecords` takes them, in the same order.
 *
 * @param missingContacts external ids of contacts that the server did not take; interactions are not linked to them.
 */
export function toInput(drafts: readonly Draft[], missingContacts: ReadonlySet<string>): ImportRecordsInput {
  return {
    accounts: drafts.filter((draft) => draft.kind === 'account').map(toAccount),
    contacts: drafts.filter((draft) => draft.kind === 'contact').map(toContact),
    deals: drafts.filter((draft) => draft.kind === 'deal').map(toDeal),
    interactions: drafts
      .filter((draft) => draft.kind === 'interaction')
      .map((draft) => toInteraction(draft, missingContacts)),
  };
}

const toAccount = ({ kind: _kind, origin: _origin, ...fields }: AccountDraft): InputOf<'accounts'> => fields;

const toContact = ({ kind: _kind, origin: _origin, ...fields }: ContactDraft): InputOf<'contacts'> => fields;

const toDeal = ({ kind: _kind, origin: _origin, ...fields }: DealDraft): InputOf<'deals'> => ({
  ...fields,
  stage: inSchema(fields.stage),
  openedAt: startOf(fields.openedAt),
  closedAt: startOf(fields.closedAt),
});

function toInteraction(
  { kind: _kind, origin: _origin, ...fields }: InteractionDraft,
  missingContacts: ReadonlySet<string>,
): InputOf<'interactions'> {
  const contactExternalId = contactExternalIdOf(fields);
  return {
    ...fields,
    contactExternalId: contactExternalId !== null && missingContacts.has(contactExternalId) ? null : contactExternalId,
    channel: inSchema(fields.channel),
    direction: fields.direction === null ? null : inSchema(fields.direction),
    status: inSchema(fields.status),
  };
}

/** Enum values are in upper case in the schema. */
const inSchema = <Value extends string>(value: Value): Uppercase<Value> => value.toUpperCase() as Uppercase<Value>;

/** The first instant of a day, in UTC. */
const startOf = (day: string | null): string | null => (day === null ? null : `${day}T00:00:00.000Z`);
