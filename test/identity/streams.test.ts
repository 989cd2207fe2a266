import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ENTITIES } from '../../src/compose/entities.js';
import { type Database, openDatabase } from '../../src/platform/db/database.js';
import { createPostgresDatabase, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { administration } from './access.js';

interface Message {
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the server sends is looked at, not trusted
  readonly payload?: any;
}

/** One subscription on a socket of its own, message by message, as the protocol has them. */
async function listen(server: TestServer, token: string, after: string) {
  const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  const arrived: Message[] = [];
  let tell = (): void => {};
  socket.on('message', (data) => {
    arrived.push(JSON.parse(String(data)));
    tell();
  });
  const next = async (): Promise<Message> => {
    for (;;) {
      const message = arrived.shift();
      if (message) return message;
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    }
  };
  const send = (message: object) => socket.send(JSON.stringify(message));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  expect((await next()).type).toBe('connection_ack');
  const query = 'subscription ($after: String) { actionChanged(after: $after) { cursor action { id } } }';
  send({ id: 'one', type: 'subscribe', payload: { query, variables: { after } } });
  return { next, send, close: () => socket.close() };
}

const PLACES = [
  ['pglite, changed at the same instance', 'pglite', false],
  ['postgres, changed at the same instance', 'postgres', false],
  ['postgres, changed at another instance', 'postgres', true],
] as const;

describe.each(PLACES)('open streams on %s', (_name, kind, isElsewhere) => {
  const databases: Database[] = [];
  const servers: TestServer[] = [];
  let here: TestServer;
  let access: ReturnType<typeof administration>;
  let now = new Date();

  beforeAll(async () => {
    const url = kind === 'postgres' ? await createPostgresDatabase() : undefined;
    for (const _ of isElsewhere ? ['here', 'there'] : ['here']) {
      const database = url
        ? await openDatabase({ location: { url }, entities: ENTITIES })
        : await openTestDatabase('pglite');
      if (url) await database.migrate();
      databases.push(database);
      servers.push(await startTestServer({ database, clock: { now: () => now } }));
    }
    here = servers[0] as TestServer;
    const there = servers.at(-1) as TestServer;
    access = administration(there, await there.token('admin', 'adam'));
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    for (const database of databases) await database.close();
  });

  let keys = 0;
  const propose = async (): Promise<string> =>
    (
      await here.data(
        await here.token('agent', 'proposer'),
        `mutation ($key: String!) { proposeAction(input: {
          actionType: "create_briefing", payload: { text: "Hi" }, idempotencyKey: $key }) { action { id } } }`,
        { key: `key-${keys++}` },
      )
    ).proposeAction.action.id;

  /** A stream that has given one event, and so is open, and then has nothing to give. */
  const openStream = async (token: string) => {
    const reader = await here.token('manager', 'reader');
    const { events } = await here.data(reader, '{ events(last: 1) { pageInfo { endCursor } } }');
    const id = await propose();
    const stream = await listen(here, token, events.pageInfo.endCursor ?? null);
    // Other tests' events may come first.
    for (;;) {
      const message = await stream.next();
      expect(message).toMatchObject({ type: 'next', id: 'one' });
      if (message.payload.data.actionChanged.action.id === id) return stream;
    }
  };

  const endings: readonly [name: string, ending: () => Promise<{ token: string; end: () => unknown }>, code: string][] =
    [
      [
        'whose API key is revoked',
        async () => {
          const { secret, apiKey } = await access.key({ agent: 'bot-revoked' });
          return { token: secret, end: () => access.revoke(apiKey.id) };
        },
        'UNAUTHENTICATED',
      ],
      [
        'whose reader is suspended',
        async () => ({ token: await here.token('approver', 'sue'), end: () => access.suspend('SUE') }),
        'FORBIDDEN',
      ],
      [
        'whose agent, calling with a key, is suspended',
        async () => {
          const { secret } = await access.key({ agent: 'bot-suspended' });
          return { token: secret, end: () => access.suspend('bot-suspended') };
        },
        'FORBIDDEN',
      ],
      [
        'whose reader loses the role',
        async () => ({
          token: await here.token('approver', 'rolf'),
          end: () => access.setUser({ name: 'rolf', roles: ['AGENT'] }),
        }),
        'FORBIDDEN',
      ],
    ];
  test.each(endings)('a quiet stream %s ends with the typed error', async (_what, ending, code) => {
    const { token, end } = await ending();
    const stream = await openStream(token);
    await end();
    const message = await stream.next();
    expect(message).toMatchObject({ type: 'error', id: 'one', payload: [{ extensions: { code } }] });
    const { errors } = await here.request(token, '{ viewer { name } }');
    expect(errors?.[0].extensions.code).toBe(code);
    // By the protocol, an error ends the operation; the socket stays for others, which are refused just so.
    stream.send({ id: 'two', type: 'subscribe', payload: { query: 'subscription { approvalRequested { cursor } }' } });
    const refused = await stream.next();
    expect(refused.id).toBe('two');
    expect(refused.type === 'error' ? refused.payload : refused.payload.errors).toMatchObject([
      { extensions: { code } },
    ]);
    stream.close();
  });

  test('who loses one of two roles, and who is not concerned, go on listening', async () => {
    const narrowed = await openStream(await here.token(['approver', 'manager'], 'nora'));
    const bystander = await openStream(await here.token('approver', 'bea'));
    const suspended = await openStream(await here.token('approver', 'sid'));
    await access.setUser({ name: 'nora', roles: ['MANAGER'] });
    await access.suspend('sid');
    for (;;) if ((await suspended.next()).type === 'error') break;
    const id = await propose();
    for (const stream of [narrowed, bystander]) {
      for (;;) {
        const message = await stream.next();
        expect(message.type).toBe('next');
        if (message.payload.data.actionChanged.action.id === id) break;
      }
      stream.close();
    }
    suspended.close();
  });

  test('a quiet stream ends when its token, or its key, runs out', async () => {
    const expiresAt = new Date(Math.ceil(now.getTime() / 1_000) * 1_000 + 60_000);
    const token = await here.app.tokens.issue({ tenant: 'demo', user: 'tom', roles: ['approver'], expiresAt });
    const { secret } = await access.key({ agent: 'bot-expiring', expiresAt: expiresAt.toISOString() });
    const streams = [await openStream(token), await openStream(secret)];
    now = expiresAt;
    for (const stream of streams) {
      let message = await stream.next();
      while (message.type === 'next') message = await stream.next();
      expect(message).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(message.payload[0].message).toContain('has expired');
      stream.close();
    }
  });
});
