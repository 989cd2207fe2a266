import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent } from '../../src/client/index.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PENDING = '{ approvals { edges { node { id digest } } } }';
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';

let server: TestServer;
let lossy: Server;
let url: string;
const lost: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
  lossy = lossyDoor(server.url, lost);
  await new Promise<void>((resolve) => lossy.listen(0, '127.0.0.1', resolve));
  const address = lossy.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  lossy.closeAllConnections();
  await new Promise<void>((resolve) => lossy.close(() => resolve()));
  await server.close();
});

test('an agent whose every kind of request is lost once still waits, runs and reports', async () => {
  const agent = createAgent({ url, token: await server.token('agent') });
  let runs = 0;
  const guarded = agent.guard(
    { actionType: 'send_proposal', payload: { text: 'Dear Kim' }, idempotencyKey: 'over-a-bad-line' },
    async () => {
      runs += 1;
      return {};
    },
  );
  const ana = await server.token('approver', 'ana');
  const pending = () => server.data(ana, PENDING).then(({ approvals }) => approvals.edges[0]?.node);
  await expect.poll(pending, { timeout: 20_000 }).toBeDefined();
  await expect.poll(() => lost.join(), { timeout: 20_000 }).toContain('NewestCursor');
  const { id, digest } = await pending();
  await server.data(ana, APPROVE, { input: { approvalId: id, digest } });
  expect(await guarded).toMatchObject({ status: 'EXECUTED' });
  expect(runs).toBe(1);
  expect(lost).toEqual(['GuardPropose', 'GuardAction', 'NewestCursor', 'GuardClaim', 'GuardComplete']);
  await agent.close();
});

/** Breaks the connection under the first request of each kind, before it arrives; lets everything else through. */
function lossyDoor(target: string, lost: string[]): Server {
  const { hostname, port } = new URL(target);
  const forward = async (request: IncomingMessage): Promise<Response | undefined> => {
    const body = await text(request);
    const name = /(?:query|mutation) (\w+)/.exec(body)?.[1] ?? '';
    if (!lost.includes(name)) {
      lost.push(name);
      return undefined;
    }
    const { authorization = '' } = request.headers;
    return fetch(`${target}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body,
    });
  };
  const door = createServer((request, response) => {
    forward(request)
      .then(async (answer) => {
        if (answer) response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
        else request.socket.destroy();
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  door.on('upgrade', (request, client, head) => {
    const upstream = connect(Number(port), hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      upstream.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  return door;
}
