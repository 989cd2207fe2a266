import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from './support/server.js';

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startTestServer({ config: { allowedOrigins: ['https://app.example'] } });
  admin = await server.token('admin');
});
afterAll(() => server.close());

/** The same selection as a query and as a subscription, so that each door can be asked. */
const selection: Record<string, string> = {
  'nested too deeply': `approval { action ${'{ approval { action '.repeat(8)} { id } ${'} }'.repeat(8)} }`,
  'with too many aliases': Array.from({ length: 40 }, (_, index) => `a${index}: cursor`).join(' '),
  'with too many directives': `cursor ${'@include(if: true) '.repeat(40)}`,
  'too long': 'cursor '.repeat(2_500),
  'with a fragment that contains itself': '...Loop',
  'naming what is not there': 'nothing',
  'with fragments that contain one another': '...Loop',
  'with a fragment nobody uses': 'cursor',
  'asking for the schema where it is not': '__schema { types { name } }',
  'with a directive nobody knows': 'cursor @defer(label: 1) @nobody',
  'with a variable nobody declared': 'cursor @include(if: $nobody)',
  'with one alias for two things': 'a: cursor a: __typename',
  'with an argument nobody knows': 'cursor(__proto__: 1)',
  'with a number that is none': 'approval { id(first: 1e999) }',
  'with a string that does not end': 'approval(id: "',
  'with a character that is none': 'cursor \u0000',
  'with nothing selected': '',
};
const fragment = (name: string): string =>
  name.includes('one another')
    ? ' fragment Loop on ApprovalEvent { cursor ...Pool } fragment Pool on ApprovalEvent { cursor ...Loop }'
    : name.includes('fragment')
      ? ' fragment Loop on ApprovalEvent { approval { id } ...Loop }'
      : '';

async function overWebSocket(query: string): Promise<string | undefined> {
  const live = server.subscribe(admin, query);
  try {
    return (await live.next()).errors?.[0].extensions.code;
  } catch (error) {
    return Array.isArray(error) ? error[0].extensions.code : String(error);
  } finally {
    await live.close();
  }
}

describe('one rule book for both doors', () => {
  test.each(Object.keys(selection))('a document %s is refused alike', async (name) => {
    const document = `subscription { approvalRequested { ${selection[name]} } }${fragment(name)}`;
    const http = await server.request(admin, document);
    expect(http.status).toBe(400);
    const code = http.errors?.[0].extensions.code;
    expect(code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/);
    expect(await overWebSocket(document)).toBe(code);
  });

  test('an operation that could return too much is refused before it runs, also when a variable says how much', async () => {
    const inner = 'edges { node { id approval { id action { id approval { id action { id } } } } } }';
    const lists = Array.from('abcdefghijklmnopqrstuvwxy', (alias) => `${alias}: actions(first: $first) { ${inner} }`);
    const document = `query ($first: Int) { ${lists.join(' ')} }`;
    const large = await server.request(admin, document, { first: 100 });
    expect([large.status, large.errors?.[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect((await server.request(admin, document, { first: 1 })).errors).toBeUndefined();
  });

  test('a page of an allowed origin may call over both doors, one of another may not', async () => {
    const upgrade = (origin: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const handshake = {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-version': '13',
        };
        const asked = httpRequest(`${server.url}/graphql`, { headers: { ...handshake, origin } });
        asked
          .on('response', ({ statusCode }) => resolve(statusCode))
          .on('error', reject)
          .end();
        asked.on('upgrade', ({ statusCode }, socket) => {
          socket.destroy();
          resolve(statusCode);
        });
      });
    const cors = async (origin: string) =>
      (
        await fetch(`${server.url}/graphql`, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        })
      ).headers.get('access-control-allow-origin');
    expect([await upgrade('https://app.example'), await cors('https://app.example')]).toEqual([
      101,
      'https://app.example',
    ]);
    expect([await upgrade('https://evil.example'), await cors('https://evil.example')]).toEqual([403, null]);
    expect(await upgrade('null')).toBe(403);
  });
});

describe('a hostile socket', () => {
  const open = () => new WebSocket(`${server.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  const closing = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));
  const opened = (socket: WebSocket) => new Promise<void>((resolve) => socket.once('open', () => resolve()));
  const init = JSON.stringify({ type: 'connection_init', payload: {} });

  test.each([
    ['speaks no JSON', ['hello'], 4400],
    [
      'subscribes before it introduced itself',
      [JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { a }' } })],
      4401,
    ],
    ['introduces itself twice', [init, init], 4429],
    ['sends a frame that is too large', ['x'.repeat(100_000)], 1009],
    ['sends too many messages', Array.from({ length: 700 }, () => JSON.stringify({ type: 'ping' })), 4429],
  ])("that %s is closed with the protocol's code", async (_what, messages, code) => {
    const socket = open();
    await opened(socket);
    for (const message of messages) socket.send(message);
    expect(await closing(socket)).toBe(code);
  });

  test('gets a hundred subscriptions and no more', async () => {
    const client = createClient({
      url: `${server.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${admin}` },
    });
    const streams = Array.from({ length: 100 }, () =>
      client.iterate({ query: 'subscription { approvalRequested { cursor } }' }),
    );
    for (const stream of streams) void stream.next();
    await expect(
      client.iterate({ query: 'subscription { approvalRequested { cursor } }' }).next(),
    ).rejects.toMatchObject([{ message: 'Expected at most 100 subscriptions on one socket.' }]);
    await client.dispose();
  });

  test.each(['//', '/graphql/x', 'http://[', '*'])('an upgrade to %s is refused and does no harm', async (path) => {
    const { port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
        );
      });
      socket.once('data', (data) => resolve(data.toString().split('\r\n')[0] ?? ''));
    });
    expect(answer).toBe('HTTP/1.1 404 Not Found');
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });
});
