import type { Id } from '../../../kernel/ids.js';
import { applyDraft, type Change, type Draft, type FieldRules, join, needed, optional, withDefault } from './draft.js';
import { type Parties, partiesBehind, readParticipants } from './participants.js';
import { CHANNELS, DIRECTIONS, INTERACTION_STATUSES, type InteractionFields } from './records.js';
import {
  accountOf,
  cloneOf,
  contactOf,
  type Identified,
  type KnownRecords,
  type NamesAccount,
  type NamesClone,
  type NamesContact,
  type NamesParticipants,
} from './references.js';
import { instant, MAX_CONTENT, MAX_SUBJECT, MAX_TEXT, oneOf, text, writing } from './values.js';

type OwnFields = Omit<InteractionFields, 'accountId' | 'contactId' | 'cloneId'>;
export type InteractionDraft = Identified &
  NamesAccount &
  NamesContact &
  NamesClone &
  NamesParticipants &
  Draft<OwnFields>;

const RULES: FieldRules<OwnFields> = {
  contactName: optional(text(MAX_TEXT)),
  channel: needed(oneOf(CHANNELS)),
  direction: optional(oneOf(DIRECTIONS)),
  status: withDefault(oneOf(INTERACTION_STATUSES), 'completed'),
  occurredAt: needed(instant),
  subject: optional(text(MAX_SUBJECT)),
  content: withDefault(writing(MAX_CONTENT), ''),
};

export function decideInteraction(
  stored: InteractionFields | undefined,
  draft: InteractionDraft,
  known: KnownRecords,
): Change<InteractionFields> {
  const references = join(linked(stored, draft, known), cloneOf(draft, known, stored?.cloneId));
  return join(applyDraft(RULES, stored, draft), references);
}

/** Addresses link what nothing else does: neither the draft, nor what is stored. */
function linked(stored: InteractionFields | undefined, draft: InteractionDraft, known: KnownRecords): Change<Parties> {
  const named = partiesOf(stored, draft, known);
  const participants = readParticipants(draft.participants);
  if ('issue' in participants) return join(named, { issues: [participants.issue] });
  const { accountId, accountExternalId, contactId, contactExternalId } = draft;
  const isSilent = [accountId, accountExternalId, contactId, contactExternalId].every((name) => name === undefined);
  if (!isSilent || 'issues' in named || named.fields.accountId !== null) return named;
  return { fields: partiesBehind(participants.emails, known.parties) };
}

/**
 * With whom it was. A contact brings its account along; naming another one beside it is refused, since the interaction
 * would then stand in the wrong customer's timeline.
 */
function partiesOf(
  stored: InteractionFields | undefined,
  draft: InteractionDraft,
  known: KnownRecords,
): Change<Parties> {
  const account = accountOf(draft, known);
  const contact = contactOf(draft, known);
  if ('issue' in account || 'issue' in contact) {
    return { issues: [account, contact].flatMap((named) => ('issue' in named ? [named.issue] : [])) };
  }
  const accountId = account.found === undefined ? (stored?.accountId ?? null) : (account.found?.id ?? null);
  if (contact.found) return withContact(accountId, contact.found, contact.field);
  const contactId: Id | null = contact.found === undefined ? (stored?.contactId ?? null) : null;
  if (contactId !== null && accountId !== stored?.accountId) {
    const message = 'expected the account of the contact already named; send contactId as well, null for none';
    return { issues: [{ field: account.field, message }] };
  }
  return { fields: { accountId, contactId } };
}

function withContact(
  accountId: Id | null,
  contact: { readonly id: Id; readonly accountId: Id },
  field: string,
): Change<Parties> {
  if (accountId === null || accountId === contact.accountId) {
    return { fields: { accountId: contact.accountId, contactId: contact.id } };
  }
  return { issues: [{ field, message: 'expected a contact of the same account; this one belongs to another' }] };
}
