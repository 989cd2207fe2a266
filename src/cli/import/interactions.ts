import { createHash } from 'node:crypto';
import type { AccountIndex, Reading } from './accounts.js';
import { foldName } from './catalogue.js';
import { noteMissingAccount } from './deals.js';
import type { ContactDraft, Direction, InteractionDraft, InteractionStatus } from './drafts.js';
import type { IdsSeen } from './ids-seen.js';
import { readDate } from './read-date.js';
import type { Row } from './row.js';

export interface InteractionSources {
  readonly accounts: AccountIndex;
  /** Of this pass over the file only: occurrences are counted from its beginning. */
  readonly ids: IdsSeen;
}

type InteractionRow = Row<'interactions'>;

/** @throws RowProblem for the first cell that cannot be used; docs/IMPORT.md lists the rules. */
export function readInteraction(row: InteractionRow, sources: InteractionSources, reading: Reading): InteractionDraft {
  const accountExternalId = sources.accounts.resolve(row);
  if (accountExternalId === null) noteMissingAccount(row);
  const { terms } = reading;
  const channel = terms.channels.find(row.required('channel', 'the kind of interaction'));
  if (channel === undefined) throw row.problem('channel', terms.channels.unknown('channel', 'channels'));
  const said = {
    accountExternalId,
    contactName: row.text('contactName') ?? row.text('contactEmail'),
    channel,
    direction: readDirection(row, reading),
    occurredAt: readOccurredAt(row, reading),
    subject: row.text('subject'),
    content: row.paragraphs('content') ?? '',
  };
  const status = readStatus(row, reading);
  return { kind: 'interaction', origin: row.origin, externalId: claimId(row, said, sources.ids), status, ...said };
}

/**
 * The person an accepted interaction names, to be merged with those found before; null when it names none, or no
 * account the person could belong to.
 */
export function readContact(row: InteractionRow, interaction: InteractionDraft): ContactDraft | null {
  const { accountExternalId, contactName: name, origin } = interaction;
  const externalId = contactExternalIdOf(interaction);
  if (externalId === null || accountExternalId === null || name === null) return null;
  return {
    kind: 'contact',
    origin,
    externalId,
    accountExternalId,
    name,
    email: row.text('contactEmail')?.toLowerCase() ?? null,
    title: row.text('contactTitle'),
  };
}

/** The external id of the contact that an interaction names; null when it names none, or no account. */
export const contactExternalIdOf = ({
  accountExternalId,
  contactName,
}: Pick<InteractionDraft, 'accountExternalId' | 'contactName'>): string | null =>
  accountExternalId === null || contactName === null ? null : sha256([accountExternalId, foldName(contactName)]);

/** One person from two rows: the first row's origin and spelling, and whatever the second adds. */
export function mergeContacts(first: ContactDraft, second: ContactDraft): ContactDraft {
  return { ...first, email: first.email ?? second.email, title: first.title ?? second.title };
}

function readDirection(row: InteractionRow, { terms }: Reading): Direction | null {
  const text = row.text('direction');
  if (text === null) return null;
  const direction = terms.directions.find(text);
  if (direction === undefined) throw row.problem('direction', terms.directions.unknown('direction', 'directions'));
  return direction;
}

/** What an export lists without a status has happened: sales systems log interactions afterwards. */
function readStatus(row: InteractionRow, { terms }: Reading): InteractionStatus {
  const text = row.text('status');
  if (text === null) return 'completed';
  const status = terms.statuses.find(text);
  if (status === undefined) throw row.problem('status', terms.statuses.unknown('status', 'statuses'));
  return status;
}

function readOccurredAt(row: InteractionRow, { mapping }: Reading): string {
  const read = readDate(row.required('occurredAt', 'the day of the interaction'), mapping.dateOrder);
  if (!read.ok) throw row.problem('occurredAt', read.reason);
  return read.instant;
}

type Said = Omit<InteractionDraft, 'kind' | 'origin' | 'externalId' | 'status'>;

/**
 * The export's id, or one derived from everything but the status, which changes when a meeting has taken place.
 * Rows alike in all of that are told apart by their order among each other.
 */
function claimId(row: InteractionRow, said: Said, ids: IdsSeen): string {
  const own = row.text('externalId');
  if (own !== null) {
    ids.claim(row, own);
    return own;
  }
  const { accountExternalId, contactName, channel, direction, occurredAt, subject, content } = said;
  const contact = contactName === null ? null : foldName(contactName);
  const identity = sha256([accountExternalId, contact, channel, direction, occurredAt, subject, content]);
  return sha256([identity, ids.occurrence(identity)]);
}

// JSON keeps the parts apart: joined with a separator, two different rows could give one text.
const sha256 = (parts: readonly (string | number | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
