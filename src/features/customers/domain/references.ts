import type { Id } from '../../../kernel/ids.js';
import { type Change, type FieldIssue, show } from './draft.js';
import type { KnownParties } from './participants.js';

/** How a caller names a record: by its id here, or by its id in the system it came from. */
export type Reference = { readonly id: Id } | { readonly externalId: string };

/** What is stored under the names that the callers used. */
export interface KnownRecords {
  readonly account: (reference: Reference) => { readonly id: Id } | undefined;
  readonly contact: (reference: Reference) => { readonly id: Id; readonly accountId: Id } | undefined;
  readonly clone: (id: Id) => { readonly id: Id } | undefined;
  /** Who may be behind the addresses that the drafts come with. */
  readonly parties: KnownParties;
}

export interface Identified {
  readonly id?: Id | null;
  readonly externalId?: string | null;
}
export interface NamesAccount {
  readonly accountId?: Id | null;
  readonly accountExternalId?: string | null;
}
export interface NamesContact {
  readonly contactId?: Id | null;
  readonly contactExternalId?: string | null;
}
export interface NamesParticipants {
  /** Addresses of those who took part; they name account and contact where the draft itself does not. */
  readonly participants?: readonly string[] | null;
}
/** An address or a domain of the record itself, by which others may be known too. */
export interface NamesHost {
  readonly email?: string | null;
  readonly domain?: string | null;
}
export interface NamesClone {
  readonly cloneId?: Id | null;
}

/** The named record; null for "none"; undefined when the caller says nothing about it. */
export type Named<Found> =
  | { readonly found: Found | null | undefined; readonly field: string }
  | { readonly issue: FieldIssue };

/**
 * Reads a pair of fields of which at most one may hold a name.
 *
 * @returns null when the caller says "none", undefined when it says nothing
 */
export function readReference(
  byId: readonly [field: string, id: Id | null | undefined],
  byExternalId: readonly [field: string, externalId: string | null | undefined],
): Reference | null | undefined | { readonly issue: FieldIssue } {
  const [idField, id] = byId;
  const [externalField, externalId] = byExternalId;
  if (typeof id === 'string' && typeof externalId === 'string') {
    const message = `expected either ${idField} or ${externalField}, not both; got ${show(externalId)}`;
    return { issue: { field: externalField, message } };
  }
  if (typeof id === 'string') return { id };
  if (typeof externalId === 'string') return { externalId };
  return id === null || externalId === null ? null : undefined;
}

/** Which record a draft is about; undefined for a new one without an external id. */
export const targetOf = ({ id, externalId }: Identified): Reference | undefined | { readonly issue: FieldIssue } =>
  readReference(['id', id], ['externalId', externalId]) ?? undefined;

export const accountOf = (draft: NamesAccount, known: KnownRecords): Named<{ readonly id: Id }> =>
  look(
    'account',
    readReference(['accountId', draft.accountId], ['accountExternalId', draft.accountExternalId]),
    known.account,
  );

export const contactOf = (
  draft: NamesContact,
  known: KnownRecords,
): Named<{ readonly id: Id; readonly accountId: Id }> =>
  look(
    'contact',
    readReference(['contactId', draft.contactId], ['contactExternalId', draft.contactExternalId]),
    known.contact,
  );

/** @param stored the clone so far; undefined for a new record */
export function cloneOf(
  { cloneId }: NamesClone,
  known: KnownRecords,
  stored: Id | null | undefined,
): Change<{ readonly cloneId: Id | null }> {
  if (cloneId === undefined || cloneId === null) {
    return { fields: { cloneId: cloneId === undefined ? (stored ?? null) : null } };
  }
  const clone = known.clone(cloneId);
  return clone ? { fields: { cloneId: clone.id } } : { issues: [unknown('clone', 'cloneId', cloneId)] };
}

function look<Found>(
  what: string,
  reference: ReturnType<typeof readReference>,
  find: (reference: Reference) => Found | undefined,
): Named<Found> {
  if (reference === null || reference === undefined) return { found: reference, field: `${what}Id` };
  if ('issue' in reference) return reference;
  const field = 'id' in reference ? `${what}Id` : `${what}ExternalId`;
  const found = find(reference);
  if (found) return { found, field };
  return { issue: unknown(what, field, 'id' in reference ? reference.id : reference.externalId) };
}

const unknown = (what: string, field: string, name: string): FieldIssue => ({
  field,
  message: `expected ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} that is recorded here; got ${show(name)}`,
});
