import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Email, requireSound } from './email.js';

/** What became of an email that the mail server took. */
export interface Sent {
  readonly messageId: string;
  /** Recipients whom the mail server took on. At least one. */
  readonly accepted: readonly string[];
  /** Recipients whom it refused at once; the email is on its way to the others. */
  readonly rejected: readonly string[];
}

/** Hands emails to a mail server, one connection each. */
export interface Mailer {
  /**
   * @throws EmailMalformed before anything is sent
   * @throws MailRefused when the mail server did not take it: nobody gets it, sending again is safe
   * @throws MailOutcomeUnknown when the connection broke with the text under way: somebody may get it
   */
  send(email: Email): Promise<Sent>;
}

/** Nobody gets this email: the mail server could not be reached, or said no. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';

  constructor(
    message: string,
    /** Whether the server said that it will always say no (5xx); otherwise a later try may succeed. */
    readonly isPermanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text was under way when the connection ended without an answer. Sending again may deliver it twice. */
export class MailOutcomeUnknown extends Error {
  override readonly name = 'MailOutcomeUnknown';
}

export interface MailerOptions {
  /** `smtp://user:password@host:port`, or `smtps://` where the server speaks TLS from the first byte. */
  readonly url: URL;
  /** The sender where an email names none. */
  readonly from: string;
  /** How long the mail server may stay silent, in milliseconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export function createMailer({ url, from, timeoutMs = TIMEOUT_MS }: MailerOptions): Mailer {
  const settings = connectionSettings(url, timeoutMs);
  const auth = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : undefined;
  return {
    async send(email) {
      requireSound(email);
      const { envelope, message } = await compose({ from, ...email });
      let underWay = false;
      // Read only once the server has said that it waits for the text: from there on nobody knows until it answers.
      const text = new Readable({
        read() {
          underWay = true;
          this.push(message);
          this.push(null);
        },
      });
      const connection = new SMTPConnection(settings);
      try {
        const { accepted, rejected } = await converse(connection, auth, (done) =>
          connection.send(envelope, text, done),
        );
        return { messageId: email.messageId, accepted, rejected };
      } catch (cause) {
        throw failureOf(asSmtpError(cause), underWay);
      } finally {
        connection.close();
      }
    },
  };
}

function connectionSettings(url: URL, timeoutMs: number): SMTPConnection.Options {
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password does not go in the clear over a network.
    requireTLS: !secure && url.username !== '' && !LOOPBACK.includes(url.hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  };
}

async function compose({ to, cc = [], from, subject, text, html, ics, messageId, headers }: Email) {
  const node = new MailComposer({
    from,
    to: [...to],
    ...(cc.length > 0 && { cc: [...cc] }),
    subject,
    text,
    ...(html !== undefined && { html }),
    ...(ics && { icalEvent: { method: ics.method, content: ics.content } }),
    messageId,
    headers: { ...headers },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from: sender } = node.getEnvelope();
  // The recipients as checked, not as read back out of a header.
  return { envelope: { from: sender, to: [...to, ...cc] }, message: await node.build() };
}

type Done = (error: SMTPConnection.SMTPError | null, info: SMTPConnection.SentMessageInfo) => void;

/** Connects, signs in where asked to, and sends; whatever goes wrong on the way rejects once. */
function converse(
  connection: SMTPConnection,
  auth: { readonly user: string; readonly pass: string } | undefined,
  send: (done: Done) => void,
): Promise<SMTPConnection.SentMessageInfo> {
  return new Promise((resolve, reject) => {
    const deliver = () => send((error, info) => (error ? reject(error) : resolve(info)));
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('the connection ended')));
    connection.connect((refused?: Error) => {
      if (refused) reject(refused);
      else if (auth) connection.login(auth, (error) => (error ? reject(error) : deliver()));
      else deliver();
    });
  });
}

const asSmtpError = (cause: unknown): SMTPConnection.SMTPError =>
  cause instanceof Error ? cause : new Error(String(cause));

function failureOf(error: SMTPConnection.SMTPError, underWay: boolean): MailRefused | MailOutcomeUnknown {
  const reply = error.responseCode;
  if (reply !== undefined) {
    return new MailRefused(`The mail server said no: ${error.message}`, reply >= 500, { cause: error });
  }
  if (underWay) {
    const message = `The connection to the mail server ended before it said whether it took the email: ${error.message}`;
    return new MailOutcomeUnknown(message, { cause: error });
  }
  return new MailRefused(`The mail server did not take the email: ${error.message}`, false, { cause: error });
}
