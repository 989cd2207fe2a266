import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { captureLog } from '../support/log.js';
import { startTestServer, type TestServer } from '../support/server.js';

/** What must be in no line, wherever it was put. */
const MARK = 'zebra-payload-4711';
const PASSWORD = 'hunter2-of-the-database';

const propose = (idempotencyKey: string) => ({
  query: `mutation Offer($payload: JSONObject!) { proposeAction(input: { actionType: "send_proposal", rationale: "${MARK}", payload: $payload, idempotencyKey: "${idempotencyKey}" }) { approval { id } } }`,
  variables: { payload: { text: MARK } },
});

describe.each(DATABASES)('the log on %s', (kind) => {
  const log = captureLog();
  const stderr: unknown[][] = [];
  let database: Database;
  let server: TestServer;
  let token: string;
  let secret: string;
  beforeAll(async () => {
    vi.spyOn(console, 'error').mockImplementation((...said) => void stderr.push(said));
    vi.spyOn(console, 'warn').mockImplementation((...said) => void stderr.push(said));
    database = await openTestDatabase(kind);
    server = await startTestServer({
      database,
      logTo: log.destination,
      config: { logLevel: 'trace', databaseUrl: `postgresql://u:${PASSWORD}@db/x`, metricsToken: `${MARK}-metrics` },
    });
    token = await server.token('agent', 'robo');
    const admin = await server.token('admin');
    secret = (await server.data(admin, 'mutation { createApiKey(input: { agent: "robo2", name: "x" }) { secret } }'))
      .createApiKey.secret;
  });
  afterAll(async () => {
    await server.close();
    await database.close();
    vi.restoreAllMocks();
  });

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const lineOf = (id: string | null) =>
    expect.poll(() => log.find(({ requestId, msg }) => requestId === id && msg === 'request'));

  test('has one line for an operation: who, what, how it ended, how long; under the id that the caller got back', async () => {
    const response = await post(propose('a'), { 'x-request-id': 'edge-7f3a' });
    expect(response.headers.get('x-request-id')).toBe('edge-7f3a');
    await lineOf('edge-7f3a').toMatchObject({
      level: 30,
      method: 'POST',
      route: '/graphql',
      status: 200,
      operation: 'Offer',
      type: 'mutation',
      outcome: 'OK',
      tenant: 'demo',
      principal: 'robo',
      ms: expect.any(Number),
    });
    expect(log.lines().filter(({ requestId }) => requestId === 'edge-7f3a')).toHaveLength(1);
  });

  test('takes no id that is not one, and makes its own', async () => {
    const given = await post({ query: '{ viewer { name } }' }, { 'x-request-id': `x ${MARK}` });
    expect(given.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await lineOf(given.headers.get('x-request-id')).toMatchObject({ status: 200 });
    const long = await post({ query: '{ viewer { name } }' }, { 'x-request-id': 'x'.repeat(200) });
    expect(long.headers.get('x-request-id')).toHaveLength(36);
  });

  test('says of a refused operation by which code, and whom it knows', async () => {
    const query = 'mutation Sign { approveAction(input: { approvalId: "x", digest: "d" }) { id } }';
    await lineOf((await post({ query })).headers.get('x-request-id')).toMatchObject({
      operation: 'Sign',
      outcome: 'FORBIDDEN',
      principal: 'robo',
    });
    const nobody = await post({ query: '{ viewer { name } }' }, { authorization: `Bearer ${MARK}` });
    const id = nobody.headers.get('x-request-id');
    await lineOf(id).toMatchObject({ outcome: 'UNAUTHENTICATED' });
    expect(log.find(({ requestId }) => requestId === id)).not.toHaveProperty('principal');
  });

  test('has lines where a socket and a subscription begin and end', async () => {
    const live = server.subscribe(
      await server.token('approver', 'ana'),
      'subscription Wait { approvalRequested { cursor } }',
    );
    const next = live.next();
    await expect.poll(() => log.find(({ msg }) => msg === 'socket opened')).toMatchObject({ level: 30 });
    await post(propose('live'));
    await next;
    await live.close();
    await expect.poll(() => log.find(({ msg }) => msg === 'socket closed')).toMatchObject({ code: 1000 });
    expect(log.find(({ msg }) => msg === 'subscription ended')).toMatchObject({
      operation: 'Wait',
      type: 'subscription',
      outcome: 'OK',
      pushed: 1,
      tenant: 'demo',
      principal: 'ana',
      requestId: log.find(({ msg }) => msg === 'socket opened')?.requestId,
    });
  });

  test('leads from the id of a masked failure to its request, and repeats no value that the database quotes', async () => {
    const run = vi
      .spyOn(database, 'run')
      .mockImplementationOnce(() => database.asServer((sql) => sql(`select $1::uuid, '${MARK}'`, [MARK])));
    const response = await post(propose('fails'), { 'x-request-id': 'will-fail' });
    run.mockRestore();
    const { errors } = (await response.json()) as { errors: { extensions: { id: string; code: string } }[] };
    expect(errors[0]?.extensions.code).toBe('INTERNAL');
    const line = log.find(({ errorId }) => errorId === errors[0]?.extensions.id);
    expect(line).toMatchObject({ level: 50, requestId: 'will-fail', err: { code: '22P02', stack: /^\s+at / } });
    await lineOf('will-fail').toMatchObject({ outcome: 'INTERNAL', operation: 'Offer' });
  });

  test('is told of broken sockets and oversized frames, and standard error is not', async () => {
    const open = () => new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const large = open();
    await new Promise((resolve) => large.once('open', resolve));
    const closed = new Promise((resolve) => large.once('close', resolve));
    large.send(MARK.repeat(10_000));
    expect(await closed).toBe(1009);
    await expect.poll(() => log.find(({ msg }) => msg === 'a socket failed')).toMatchObject({ level: 40 });
    const { port } = new URL(server.url);
    const raw = connect(Number(port), '127.0.0.1');
    raw.write(
      'GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    await new Promise((resolve) => raw.once('data', resolve));
    const failures = () => log.lines().filter(({ msg }) => msg === 'a socket failed').length;
    const before = failures();
    // A frame with reserved bits set.
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await expect.poll(failures).toBe(before + 1);
    raw.destroy();
    expect(stderr).toEqual([]);
  });

  test('holds no token, key, query, variable, payload or connection string, whatever was sent and wherever', async () => {
    const query = encodeURIComponent(`query Q { viewer { name } } # ${MARK}`);
    await fetch(`${server.url}/graphql?query=${query}&token=${token}`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    await fetch(`${server.url}/${MARK}?key=${secret}`);
    await fetch(`${server.url}/graphiql/${MARK}`);
    await post(`{"query": "${MARK}`);
    await post({ query: `{ ${MARK} }` });
    await post({ query: `{ viewer { zebra_payload_4711: name } }`, operationName: MARK, variables: { x: MARK } });
    await post({
      query: 'mutation ($i: UpsertDealInput!) { upsertDeal(input: $i) { id } }',
      variables: { i: { x: MARK } },
    });
    await post(propose(MARK), { authorization: `Basic ${MARK}`, cookie: `session=${MARK}` });
    await post(propose(MARK), { authorization: `Bearer ${secret}` });
    await post(MARK.repeat(200_000));
    await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${MARK}-metrics` } });
    const live = server.subscribe(token, `subscription { approvalRequested(accountId: "${MARK}") { cursor } }`);
    await live.next().catch(() => {});
    await live.close();
    const ended = await post({ query: '{ viewer { name } }' }, { 'x-request-id': 'the-last-one' });
    expect(ended.status).toBe(200);
    await lineOf('the-last-one').toMatchObject({ status: 200 });

    const text = log.text();
    expect(log.lines().length).toBeGreaterThan(15);
    for (const hidden of [
      MARK,
      'zebra',
      token,
      token.split('.')[1] ?? '',
      secret,
      PASSWORD,
      'mutation (',
      'viewer {',
    ]) {
      expect(text, hidden).not.toContain(hidden);
    }
  });
});
