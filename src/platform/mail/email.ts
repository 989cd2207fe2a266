import { isIP } from 'node:net';

/** An email as a caller hands it over. Nothing in it is trusted: it may stem from customers, agents or models. */
export interface Email {
  /** Plain addresses, without names. Each becomes a recipient of its own in the envelope. */
  readonly to: readonly string[];
  /** The same, shown to everybody as who gets a copy. */
  readonly cc?: readonly string[];
  /** An address, or a name and an address as in `Sales <sales@example.com>`. Left out: the server's own. */
  readonly from?: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** A calendar entry (RFC 5545), shown by mail programs as an invitation. */
  readonly ics?: { readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH'; readonly content: string };
  /** With its angle brackets. The same message sent again must carry the same: receivers recognise it by that. */
  readonly messageId: string;
  /** Further headers, such as `In-Reply-To`. None of those that this server sets itself. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The email breaks a rule, so nothing was sent. The message says which part, what was expected and what came. */
export class EmailMalformed extends Error {
  override readonly name = 'EmailMalformed';
}

/** RFC 5321, 4.5.3.1: of an address, and of its part before the @. */
const ADDRESS_LENGTH = 254;
const LOCAL_LENGTH = 64;
/** RFC 5322, 2.1.1. */
const LINE_LENGTH = 998;
const RECIPIENTS = 100;
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const MESSAGE_ID = /^<[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9.-]+>$/i;
const HEADER_NAME = /^[a-z][a-z0-9-]{0,75}$/i;
const NAMED_ADDRESS = /^([^<>"\\]*)<([^<>]+)>$/;
/** What would begin another header or end the headers, or make one line look like another. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]|[\u202A-\u202E\u2066-\u2069]/u;

/** Headers that this server sets, that carry trust, or that redirect answers. Whoever may set one may forge it. */
const OWN_HEADERS = new Set([
  'bcc',
  'cc',
  'date',
  'from',
  'message-id',
  'mime-version',
  'reply-to',
  'return-path',
  'sender',
  'subject',
  'to',
]);
const OWN_PREFIXES = ['content-', 'resent-', 'dkim-', 'arc-', 'received', 'authentication-'];

/** Whether a text is one plain address that the strictest receiver takes: no name, no comment, no quoting. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  return (
    at > 0 &&
    text.length <= ADDRESS_LENGTH &&
    local.length <= LOCAL_LENGTH &&
    LOCAL_PART.test(local) &&
    DOMAIN.test(domain) &&
    isIP(domain) === 0
  );
}

/** Whether a text names a sender: an address, or a name and an address. */
export function isSender(text: string): boolean {
  const [, name, address] = NAMED_ADDRESS.exec(text) ?? [];
  if (name === undefined || address === undefined) return isAddress(text);
  return isAddress(address) && name.length <= LINE_LENGTH - ADDRESS_LENGTH && isLine(name);
}

/** The host of a sender that `isSender` takes. */
export function hostOfSender(text: string): string {
  const address = NAMED_ADDRESS.exec(text)?.[2] ?? text;
  return address.slice(address.lastIndexOf('@') + 1);
}

const isLine = (text: string): boolean => text.length <= LINE_LENGTH && text.isWellFormed() && !CONTROL.test(text);

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/**
 * Refuses what could smuggle a header, a recipient or a second message past whoever approved the first.
 *
 * @throws EmailMalformed
 */
export function requireSound({ to, cc = [], from, subject, text, html, ics, messageId, headers = {} }: Email): void {
  const all = to.length + cc.length;
  if (to.length === 0 || all > RECIPIENTS) throw unlike('to', `1 to ${RECIPIENTS} addresses`, `${all}`);
  for (const [part, addresses] of Object.entries({ to, cc })) {
    for (const address of addresses) {
      if (!isAddress(address)) throw unlike(part, 'a plain address such as ana@example.com', show(address));
    }
  }
  if (from !== undefined && !isSender(from)) throw unlike('from', 'an address, or a name and <address>', show(from));
  if (!isLine(subject)) throw unlike('subject', 'one line of plain text', show(subject));
  if (!MESSAGE_ID.test(messageId)) throw unlike('messageId', 'an id such as <id@example.com>', show(messageId));
  for (const [part, content] of Object.entries({ text, html, ics: ics?.content })) {
    if (content !== undefined && !isText(content)) throw unlike(part, 'plain Unicode text', show(content));
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) throw unlike('headers', 'a header name such as In-Reply-To', show(name));
    const known = name.toLowerCase();
    if (OWN_HEADERS.has(known) || OWN_PREFIXES.some((prefix) => known.startsWith(prefix))) {
      throw unlike('headers', 'headers that the server does not set itself', show(name));
    }
    if (!isLine(value)) throw unlike(`headers.${name}`, 'one line of plain text', show(value));
  }
}

const SHOWN = 60;
const show = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

const unlike = (part: string, expected: string, got: string): EmailMalformed =>
  new EmailMalformed(`${part}: expected ${expected}, got ${got}. Nothing was sent.`);
