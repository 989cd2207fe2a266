import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { type Email, EmailMalformed, isAddress } from '../../src/platform/mail/email.js';
import { createMailer, MailOutcomeUnknown, MailRefused } from '../../src/platform/mail/mailer.js';
import { startMailServer } from './mail-server.js';

const EMAIL: Email = {
  to: ['ana@buyer.example'],
  subject: 'Offer für Sie',
  text: 'Hello Ana,\n\nall the best',
  messageId: '<0198-offer@countersign.example>',
};

const releases: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

async function given(options: Parameters<typeof startMailServer>[0] = {}) {
  const server = await startMailServer(options);
  releases.push(server.stop);
  return { ...server, mailer: createMailer({ url: server.url, from: 'Sales <sales@countersign.example>' }) };
}

describe('sending', () => {
  test('the mail server gets the text, the subject and exactly the recipients', async () => {
    const { mailer, deliveries } = await given();
    const sent = await mailer.send({
      ...EMAIL,
      to: ['ana@buyer.example', 'ben@buyer.example'],
      headers: { 'X-Action': '42', 'In-Reply-To': '<earlier@buyer.example>' },
    });
    expect(sent).toEqual({
      messageId: EMAIL.messageId,
      accepted: ['ana@buyer.example', 'ben@buyer.example'],
      rejected: [],
    });
    expect(deliveries).toHaveLength(1);
    const [{ mail, to, from }] = deliveries as [(typeof deliveries)[number]];
    expect({ to, from }).toEqual({ to: ['ana@buyer.example', 'ben@buyer.example'], from: 'sales@countersign.example' });
    expect(mail.subject).toBe('Offer für Sie');
    expect(mail.text?.trim()).toBe('Hello Ana,\n\nall the best');
    expect(mail.messageId).toBe(EMAIL.messageId);
    expect(mail.inReplyTo).toBe('<earlier@buyer.example>');
    expect(mail.headers.get('x-action')).toBe('42');
  });

  test('an invitation goes along as a calendar part with its method, a web text as an alternative', async () => {
    const { mailer, deliveries } = await given();
    const content = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n';
    await mailer.send({ ...EMAIL, html: '<p>Hello</p>', ics: { method: 'REQUEST', content } });
    const raw = deliveries[0]?.raw ?? '';
    expect(raw).toMatch(/Content-Type: text\/calendar;[\s\S]*method=REQUEST/);
    expect(deliveries[0]?.mail.html).toBe('<p>Hello</p>');
  });

  test('a recipient whom the server refuses is named; the others get the email', async () => {
    const { mailer, deliveries } = await given({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? new Error('no such user') : null),
    });
    const sent = await mailer.send({ ...EMAIL, to: ['gone@buyer.example', 'ana@buyer.example'] });
    expect(sent).toMatchObject({ accepted: ['ana@buyer.example'], rejected: ['gone@buyer.example'] });
    expect(deliveries[0]?.to).toEqual(['ana@buyer.example']);
  });
});

describe('what did not go out is told from what may have', () => {
  const outcome = (send: Promise<unknown>): Promise<unknown> => send.catch((error: unknown) => error);

  test('a server that is not there: refused, and worth another try', async () => {
    const { url, stop } = await startMailServer();
    await stop();
    const error = await outcome(createMailer({ url, from: 'sales@countersign.example' }).send(EMAIL));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ isPermanent: false });
  });

  test('all recipients refused: refused, for good when the server says so', async () => {
    const refusing = (code: number) =>
      given({
        onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode: code })),
      });
    for (const [code, isPermanent] of [
      [550, true],
      [450, false],
    ] as const) {
      const { mailer, deliveries } = await refusing(code);
      const error = await outcome(mailer.send(EMAIL));
      expect(error).toBeInstanceOf(MailRefused);
      expect(error).toMatchObject({ isPermanent });
      expect(deliveries).toEqual([]);
    }
  });

  test('a text that the server has read and then refuses: refused', async () => {
    const { mailer } = await given({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('spam'), { responseCode: 554 })));
      },
    });
    const error = await outcome(mailer.send(EMAIL));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ isPermanent: true });
  });

  test('a wrong password: refused, nothing delivered', async () => {
    const { url, deliveries } = await given({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) => done(password === 'right' ? null : new Error('wrong'), { user: 'us' }),
    });
    const mailerWith = (password: string) =>
      createMailer({ url: new URL(`smtp://us:${password}@127.0.0.1:${url.port}`), from: 'sales@countersign.example' });
    expect(await outcome(mailerWith('wrong').send(EMAIL))).toBeInstanceOf(MailRefused);
    expect(deliveries).toEqual([]);
    await mailerWith('right').send(EMAIL);
    expect(deliveries).toHaveLength(1);
  });

  /** Speaks as a mail server does, up to a step, and then cuts the line. */
  async function cutting(at: 'RCPT' | 'DATA' | 'TEXT') {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.write('220 ready\r\n');
      let reading = false;
      let seen = '';
      socket.on('data', (chunk) => {
        const line = chunk.toString();
        seen += line;
        if (reading) {
          if (seen.endsWith('\r\n.\r\n')) socket.destroy();
          return;
        }
        if (at !== 'TEXT' && line.startsWith(at)) return socket.destroy();
        if (!line.startsWith('DATA')) return socket.write('250 fine\r\n');
        reading = true;
        socket.write('354 go on\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    releases.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    return createMailer({ url: new URL(`smtp://127.0.0.1:${port}`), from: 'sales@countersign.example' });
  }

  test.each(['RCPT', 'DATA'] as const)('the line is cut at %s, before the text: refused', async (at) => {
    expect(await outcome((await cutting(at)).send(EMAIL))).toBeInstanceOf(MailRefused);
  });

  test('the line is cut behind the text, before the answer: nobody knows', async () => {
    expect(await outcome((await cutting('TEXT')).send(EMAIL))).toBeInstanceOf(MailOutcomeUnknown);
  });
});

describe('nothing smuggles a header, a recipient or a second message', () => {
  const nowhere = createMailer({ url: new URL('smtp://127.0.0.1:1'), from: 'sales@countersign.example' });
  const BREAKS = ['\r\nBcc: eve@evil.example', '\nX: y', '\r', '\u0000', '\u2028Bcc: x', '\u0085', '\u202e'];

  test.each(BREAKS)('a line that carries %j is refused wherever it stands', async (added) => {
    const broken: Partial<Email>[] = [
      { subject: `Hello${added}` },
      { to: [`ana@buyer.example${added}`] },
      { from: `Sales${added} <sales@countersign.example>` },
      { messageId: `<a${added}@b.example>` },
      { headers: { 'X-Note': `note${added}` } },
      { headers: { [`X-Note${added}`]: 'note' } },
    ];
    for (const part of broken) await expect(nowhere.send({ ...EMAIL, ...part })).rejects.toBeInstanceOf(EmailMalformed);
  });

  test.each(['From', 'to', 'BCC', 'Cc', 'Reply-To', 'Subject', 'Content-Type', 'DKIM-Signature', 'Received'])(
    'the header %s is not for callers',
    async (name) => {
      await expect(nowhere.send({ ...EMAIL, headers: { [name]: 'x' } })).rejects.toBeInstanceOf(EmailMalformed);
    },
  );

  test.each([
    'ana',
    'ana@',
    '@buyer.example',
    'ana@buyer..example',
    'ana@127.0.0.1',
    'Ana <ana@buyer.example>',
    'ana@buyer.example, eve@evil.example',
    'ana@buyer.example;eve@evil.example',
    '"ana@buyer.example"@evil.example',
    'ana(comment)@buyer.example',
    `${'a'.repeat(65)}@buyer.example`,
    'аna@buyer.example',
  ])('%j is no address', (text) => {
    expect(isAddress(text)).toBe(false);
  });

  test('nobody at all, or a crowd, is refused', async () => {
    await expect(nowhere.send({ ...EMAIL, to: [] })).rejects.toBeInstanceOf(EmailMalformed);
    const crowd = Array.from({ length: 101 }, (_, index) => `a${index}@buyer.example`);
    await expect(nowhere.send({ ...EMAIL, to: crowd })).rejects.toBeInstanceOf(EmailMalformed);
  });

  test('whatever subject is taken arrives as it is, and adds no header and no recipient', async () => {
    const { mailer, deliveries } = await given();
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(line, line, async (subject, text) => {
        const before = deliveries.length;
        const sent = await mailer.send({ ...EMAIL, subject, text: `x${text}` }).catch((error: unknown) => error);
        if (sent instanceof EmailMalformed) return expect(deliveries).toHaveLength(before);
        expect(deliveries).toHaveLength(before + 1);
        const { mail, to } = deliveries[before] as (typeof deliveries)[number];
        expect(to).toEqual(EMAIL.to);
        expect([...mail.headers.keys()].sort()).toEqual(
          ['content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to']
            .filter((name) => name !== 'subject' || mail.headers.has('subject'))
            .sort(),
        );
        expect((mail.subject ?? '').replace(/\s+/g, ' ').trim()).toBe(subject.replace(/\s+/g, ' ').trim());
      }),
      { numRuns: 30 },
    );
  });
});

describe('settings', () => {
  test('a mail server, a sender and who gets digests are read, and belong together', () => {
    const environment = {
      COUNTERSIGN_SMTP_URL: 'smtps://us:word@mail.example',
      COUNTERSIGN_MAIL_FROM: 'Countersign <no-reply@us.example>',
      COUNTERSIGN_DIGEST_TO: 'demo:ana@us.example, acme:ben@acme.example',
    };
    const { mail, digestTo } = readConfig(environment);
    expect(mail).toEqual({
      smtpUrl: new URL(environment.COUNTERSIGN_SMTP_URL),
      from: environment.COUNTERSIGN_MAIL_FROM,
      host: 'us.example',
    });
    expect(readConfig({ ...environment, COUNTERSIGN_MAIL_FROM: 'plain@them.example' }).mail?.host).toBe('them.example');
    expect(digestTo).toEqual([
      { tenant: 'demo', address: 'ana@us.example' },
      { tenant: 'acme', address: 'ben@acme.example' },
    ]);
    expect(readConfig({})).toMatchObject({ mail: undefined, digestTo: [] });
    expect(() => readConfig({ ...environment, COUNTERSIGN_MAIL_FROM: '' })).toThrow(/^COUNTERSIGN_MAIL_FROM: expected/);
    expect(() => readConfig({ ...environment, COUNTERSIGN_SMTP_URL: '' })).toThrow(/^COUNTERSIGN_SMTP_URL: expected/);
    const wrong = {
      COUNTERSIGN_SMTP_URL: 'mail.example',
      COUNTERSIGN_MAIL_FROM: 'us',
      COUNTERSIGN_DIGEST_TO: 'ana@us.example',
    };
    for (const name of Object.keys(wrong)) {
      expect(() => readConfig({ ...environment, ...{ [name]: wrong[name as keyof typeof wrong] } })).toThrow(
        `${name}: expected`,
      );
    }
  });
});
