import ical, { ICalCalendarMethod } from 'ical-generator';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import { type Action, payloadOf } from '../autonomy/index.js';
import type { RecordService } from '../customers/index.js';
import { connectorActor } from './connector-actor.js';
import type { Effect } from './domain/attempt.js';
import { DEFAULT_EMAIL, type EmailSettings } from './domain/connector.js';
import { namedBy } from './domain/named.js';
import { emailPayload, meetingPayload, parsePayload } from './payloads.js';
import type { ConnectorStore, Executor, Prepared } from './ports.js';

/** An email that is ready to go. */
export interface OutgoingEmail {
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly ics?: { readonly method: 'REQUEST'; readonly content: string };
  readonly messageId: string;
}

/** Sends emails. Rejects never: says what it saw. */
export interface EmailSender {
  send(email: OutgoingEmail): Promise<Effect>;
}

/** Who may be written to about an account. */
export interface RecipientReader {
  /** Those of the addresses that are neither a contact's of the account nor in its domain. */
  strangers(tx: Tx, accountId: Id | null, addresses: readonly string[]): Promise<readonly string[]>;
}

export interface EmailParts {
  readonly connectors: ConnectorStore;
  readonly recipients: RecipientReader;
  readonly records: RecordService;
  /** Undefined: this server sends no emails. */
  readonly sender: EmailSender | undefined;
  readonly clock: Clock;
  /** Host in the ids of messages. */
  readonly host: string;
}

/** Connecting, greeting, every step of the conversation: each may take the mailer's whole patience. */
const WITHIN_SECONDS = 120;

/** Sends what was signed by email; records it as an interaction in the transaction of the report. */
export function emailExecutor(parts: EmailParts): Executor {
  const { connectors, recipients, sender } = parts;
  return {
    async prepare(tx, action) {
      const settings = ((await connectors.find(tx, 'email'))?.settings as EmailSettings | undefined) ?? DEFAULT_EMAIL;
      const { maxAttempts, anyRecipient } = settings;
      const shared = { safeToRepeat: false, maxAttempts, withinSeconds: WITHIN_SECONDS };
      const refuse = (detail: string): Prepared => ({
        ...shared,
        run: async () => ({ kind: 'refused', detail, permanent: true }),
      });
      if (!sender) return refuse('This server has no mail server. Set COUNTERSIGN_SMTP_URL, then retry the action.');
      let email: OutgoingEmail;
      try {
        email = emailOf(action, parts);
      } catch (error) {
        if (error instanceof DomainError) return refuse(error.message);
        throw error;
      }
      const strangers = anyRecipient
        ? []
        : await recipients.strangers(tx, action.accountId, [...email.to, ...(email.cc ?? [])]);
      if (strangers.length > 0) {
        return refuse(
          `Expected recipients who are contacts of the account or in its domain; ${strangers.length} are not. Record them as contacts, then retry the action.`,
        );
      }
      return {
        ...shared,
        run: () => sender.send(email),
        record: (reportTx, at) => recordSent(parts.records, { tx: reportTx, action, email, at }),
      };
    },
  };
}

function emailOf(action: Action, { host, clock }: EmailParts): OutgoingEmail {
  const payload = payloadOf(action.canonical);
  // The same for every attempt at the same signed text.
  const messageId = `<${action.id}.${action.digest.slice(0, 16)}@${host}>`;
  if (action.actionType !== 'schedule_meeting') {
    const { to, cc = [], html, ...rest } = parsePayload(emailPayload, payload);
    const copies = [...new Set(cc)].filter((address) => !to.includes(address));
    const named = { to: [...new Set(to)], ...(copies.length > 0 && { cc: copies }) };
    return { ...rest, ...named, ...(html !== undefined && { html }), messageId };
  }
  const { to, subject, text, start, durationMinutes, location } = parsePayload(meetingPayload, payload);
  const calendar = ical({ method: ICalCalendarMethod.REQUEST, prodId: '//countersign//EN' });
  calendar.createEvent({
    id: `${action.id}@${host}`,
    stamp: clock.now(),
    start,
    end: new Date(start.getTime() + durationMinutes * 60_000),
    summary: subject,
    description: text,
    ...(location !== undefined && { location }),
    attendees: to.map((email) => ({ email, rsvp: true })),
  });
  return { to, subject, text, ics: { method: 'REQUEST', content: calendar.toString() }, messageId };
}

interface SentEmail {
  readonly tx: Tx;
  readonly action: Action;
  readonly email: OutgoingEmail;
  readonly at: Date;
}

/** What was sent is part of the customer's history, and counts in the metrics like every other email. */
async function recordSent(records: RecordService, { tx, action, email, at }: SentEmail): Promise<void> {
  const meeting =
    action.actionType === 'schedule_meeting'
      ? { occurredAt: parsePayload(meetingPayload, payloadOf(action.canonical)).start, status: 'scheduled' as const }
      : undefined;
  await records.upsertWithin(tx, connectorActor(action.tenantId, 'email').name, 'interaction', {
    ...namedBy(action),
    channel: meeting ? 'meeting' : 'email',
    direction: 'outbound',
    occurredAt: at,
    subject: email.subject,
    content: email.text,
    ...meeting,
  });
}
