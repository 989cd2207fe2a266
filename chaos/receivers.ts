import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import type { Effect, Ledger } from './ledger.js';
import type { Chance } from './random.js';

/** The world outside: what arrives here has happened. */
export interface Receivers {
  /** Does what it is sent, as often as it is sent. */
  readonly plainUrl: string;
  /** Does what it is sent once, by its key. */
  readonly dedupUrl: string;
  readonly smtpPort: number;
  /** From now on takes what is signed with this secret, too. */
  trust(secret: string): void;
  close(): Promise<void>;
}

/** Share of requests, in percent, that are done and answered by nothing but a closed connection. */
const HUNG_UP = 5;
/** Share of requests of the server, in percent, that are done and answered by a failure. */
const FAILED = 5;

export async function startReceivers(ledger: Ledger, chance: Chance): Promise<Receivers> {
  const done = new Set<string>();
  let webhook: Webhook | undefined;

  const take = (path: string | undefined, headers: IncomingHttpHeaders, canonical: string): number => {
    const key = String(headers['webhook-id']);
    const isServer = headers['webhook-signature'] !== undefined;
    if (isServer && !isSigned(webhook, headers, canonical)) {
      ledger.surprises.push(`a webhook whose signature is wrong: ${key}`);
      return 401;
    }
    const actionId = isServer ? (/^msg_([0-9a-f-]{36})_/.exec(key)?.[1] ?? '') : key;
    if (path === '/dedup' && done.has(key)) ledger.repeats += 1;
    else {
      const receiver = isServer ? 'webhook of the server' : path === '/dedup' ? 'http with dedup' : 'http';
      ledger.effects.push({ receiver, actionId, canonical });
    }
    done.add(key);
    if (!isServer || !chance.percent(FAILED)) return 200;
    ledger.fault('receiver fails after the effect');
    return 503;
  };
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = take(request.url, request.headers, Buffer.concat(chunks).toString('utf8'));
      if (chance.percent(HUNG_UP)) {
        ledger.fault('receiver hangs up after the effect');
        request.socket.destroy();
      } else response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));

  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        ledger.effects.push(emailEffect(Buffer.concat(chunks).toString('utf8')));
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
  const { port } = http.address() as AddressInfo;
  return {
    plainUrl: `http://127.0.0.1:${port}/plain`,
    dedupUrl: `http://127.0.0.1:${port}/dedup`,
    smtpPort: (smtp.server.address() as AddressInfo).port,
    trust(secret) {
      webhook = new Webhook(secret);
    },
    async close() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}

function isSigned(webhook: Webhook | undefined, headers: IncomingHttpHeaders, body: string): boolean {
  try {
    webhook?.verify(body, headers as Record<string, string>);
    return webhook !== undefined;
  } catch {
    return false;
  }
}

/** Agents say in a header which action it is and send its text; the server names it in the message's id. */
function emailEffect(email: string): Effect {
  const [head = '', body = ''] = email.split('\r\n\r\n');
  const byAgent = /^X-Action: (\S+)/im.exec(head)?.[1];
  if (byAgent !== undefined) {
    return { receiver: 'smtp', actionId: byAgent, canonical: Buffer.from(body, 'base64').toString('utf8') };
  }
  const actionId = /^Message-ID:\s+<([0-9a-f-]{36})\./im.exec(head)?.[1] ?? '';
  return { receiver: 'email of the server', actionId, canonical: undefined, email };
}
