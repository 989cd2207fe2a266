import 'reflect-metadata';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.js';
import {
  ApprovalRequestedDocument,
  type ApprovalRequestedSubscription,
  ApproveActionDocument,
  ProposeActionDocument,
  ViewerDocument,
} from '../../src/cli/generated/operations.js';
import { createCountersignClient, type LiveEvents } from '../../src/client/index.js';
import type { Config } from '../../src/config.js';
import { createPostgresDatabase, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer, testConfig } from '../support/server.js';

const cursorOf = (event: ApprovalRequestedSubscription): string => event.approvalRequested.cursor;

let keys = 0;
const proposal = (actionType: string) => ({
  input: { actionType, payload: { text: 'Hello' }, idempotencyKey: `client-${keys++}` },
});

async function take(events: LiveEvents<ApprovalRequestedSubscription>, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const { value, done } = await events.next();
    if (done) throw new Error('the events ended');
    ids.push(value.approvalRequested.approval.id);
  }
  return ids;
}

describe('the typed client', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const clientOf = async (role: 'agent' | 'approver', user?: string) =>
    createCountersignClient({ url: server.url, token: await server.token(role, user) });

  it('asks in the name of its token', async () => {
    const ana = await clientOf('approver', 'ana');
    expect(await ana.request(ViewerDocument)).toEqual({ viewer: { name: 'ana', tenant: 'demo', roles: ['APPROVER'] } });
    await ana.close();
  });

  it('throws the code and the details that the server sends', async () => {
    const [agent, ana, ben] = [
      await clientOf('agent'),
      await clientOf('approver', 'ana'),
      await clientOf('approver', 'ben'),
    ];
    const { proposeAction } = await agent.request(ProposeActionDocument, proposal('send_proposal'));
    const { id: approvalId = '', digest = '' } = proposeAction.approval ?? {};
    const input = { approvalId, digest };
    await ana.request(ApproveActionDocument, { input });
    await expect(ben.request(ApproveActionDocument, { input })).rejects.toMatchObject({
      name: 'CountersignError',
      code: 'CONFLICT',
      details: { status: 'APPROVED', decidedBy: 'ana' },
    });
  });

  it('says where it expected a server, when none answers', async () => {
    const nobody = createCountersignClient({ url: 'http://127.0.0.1:2', token: 'x' });
    const problem = { code: 'UNREACHABLE', message: expect.stringContaining('http://127.0.0.1:2') };
    await expect(nobody.request(ViewerDocument)).rejects.toMatchObject(problem);
    const events = nobody.subscribe(ApprovalRequestedDocument, {}, { cursorOf });
    await expect(events.started).rejects.toMatchObject(problem);
    await expect(events.next()).rejects.toMatchObject(problem);
  });

  it('says what it got, when something else answers', async () => {
    const other = createCountersignClient({ url: `${server.url}/health/ready?`, token: 'x' });
    await expect(other.request(ViewerDocument)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('sends a request again, as often as it takes, where the server asks it to wait', async () => {
    const refusal = { message: 'Too many.', extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 0.001 } };
    const answers = [{ errors: [refusal] }, { errors: [refusal] }, { data: { viewer: { name: 'ana' } } }];
    const sent: string[] = [];
    const busy = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        sent.push(body);
        response.end(JSON.stringify(answers[sent.length - 1]));
      });
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const client = createCountersignClient({
      url: `http://127.0.0.1:${(busy.address() as AddressInfo).port}`,
      token: 'x',
    });
    expect(await client.request(ViewerDocument)).toEqual({ viewer: { name: 'ana' } });
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
    busy.closeAllConnections();
    await new Promise((resolve) => busy.close(resolve));
  });

  it.each([
    ['is empty', false],
    ['was emptied', true],
  ])('subscribes where the log %s, and misses nothing from then on', async (_what, isEmptied) => {
    const database = await openTestDatabase('pglite');
    const quiet = await startTestServer({ database });
    if (isEmptied) await database.asServer((sql) => sql(`update log_horizon set tx = '1', id = 1`));
    const client = createCountersignClient({ url: quiet.url, token: await quiet.token('approver') });
    const events = client.subscribe(ApprovalRequestedDocument, {}, { cursorOf });
    await events.started;
    const agent = createCountersignClient({ url: quiet.url, token: await quiet.token('agent') });
    const { proposeAction } = await agent.request(ProposeActionDocument, proposal('send_proposal'));
    expect(await take(events, 1)).toEqual([proposeAction.approval?.id]);
    await client.close();
    await quiet.close();
    await database.close();
  });

  it('ends a subscription with UNAUTHENTICATED when the server does not know the token', async () => {
    const stranger = createCountersignClient({ url: server.url, token: 'x' });
    const events = stranger.subscribe(ApprovalRequestedDocument, { after: 'anything' }, { cursorOf });
    await expect(events.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('ends its subscriptions when it is closed', async () => {
    const ana = await clientOf('approver', 'ana');
    const events = ana.subscribe(ApprovalRequestedDocument, {}, { cursorOf });
    await events.started;
    const waiting = events.next();
    await ana.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await ana.close();
  });
});

describe('a subscription of the typed client', () => {
  let config: Config;
  let writing: App;
  beforeAll(async () => {
    config = testConfig({ databaseUrl: await createPostgresDatabase() });
    writing = await createApp(config);
  });
  afterAll(() => writing.close());

  const tokenOf = (role: 'agent' | 'approver') =>
    writing.tokens.issue({
      tenant: 'demo',
      user: `${role}-one`,
      roles: [role],
      expiresAt: new Date(Date.now() + 3_600_000),
    });

  /** Proposes on the instance that stays up. Gives the ids of the requests, oldest first. */
  const write = async (count: number): Promise<string[]> => {
    const agent = createCountersignClient({ url: writing.url, token: await tokenOf('agent') });
    const ids: string[] = [];
    while (ids.length < count) {
      const { proposeAction } = await agent.request(ProposeActionDocument, proposal('send_proposal'));
      ids.push(proposeAction.approval?.id ?? 'none');
    }
    return ids;
  };

  it('outlives restarts of its server while another instance writes, without gap or repeat', async () => {
    let serving = await createApp(config);
    const port = Number(new URL(serving.url).port);
    const ana = createCountersignClient({ url: serving.url, token: await tokenOf('approver') });
    const written = await write(1);
    const events = ana.subscribe(ApprovalRequestedDocument, {}, { cursorOf });
    await events.started;
    const live = await write(3);
    expect(await take(events, 2)).toEqual(live.slice(0, 2));

    for (let restart = 0; restart < 3; restart++) {
      const duringClose = write(5);
      await serving.close();
      live.push(...(await duringClose), ...(await write(5)));
      const duringStart = write(5);
      serving = await createApp({ ...config, port });
      live.push(...(await duringStart), ...(await write(2)));
    }
    expect(await take(events, live.length - 2)).toEqual(live.slice(2));
    expect(live).not.toContain(written[0]);
    await ana.close();
    await serving.close();
  });

  it('outlives connections that are cut without a word', async () => {
    const proxy = await openProxy(Number(new URL(writing.url).port));
    const ana = createCountersignClient({ url: proxy.url, token: await tokenOf('approver') });
    const events = ana.subscribe(ApprovalRequestedDocument, {}, { cursorOf });
    await events.started;
    const live: string[] = [];
    for (let cut = 0; cut < 5; cut++) {
      const duringCut = write(4);
      live.push(...(await write(1)));
      proxy.cut();
      live.push(...(await duringCut));
    }
    const got = await take(events, live.length);
    expect(got).toHaveLength(new Set(got).size);
    expect(new Set(got)).toEqual(new Set(live));
    await ana.close();
    await proxy.close();
  });
});

/** Passes connections on to a port, until they are cut. */
async function openProxy(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    close: () =>
      new Promise<void>((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
