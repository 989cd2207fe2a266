import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { readConfig } from '../src/config.js';
import { DomainError } from '../src/kernel/errors.js';
import { networkOf, RateLimiter } from '../src/platform/graphql/rate-limit.js';
import { startTestServer, type TestServer } from './support/server.js';

const VIEWER = '{ viewer { name } }';
const LIVE = 'subscription { approvalRequested { cursor } }';

let server: TestServer | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await server?.close();
  server = undefined;
});

async function started(perPrincipal: number, perAddress = 0): Promise<TestServer> {
  server = await startTestServer({ config: { rateLimits: { perPrincipal, perAddress } } });
  return server;
}

const post = (token: string | undefined, body: object) =>
  fetch(`${server?.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

/** The code of each of so many requests, one after the other; "ok" where there is no error. */
async function ask(token: string | undefined, times: number, query = VIEWER): Promise<string[]> {
  const codes = [];
  for (let time = 0; time < times; time++) {
    codes.push((await server?.request(token, query))?.errors?.[0].extensions.code ?? 'ok');
  }
  return codes;
}

/** The refusal that a subscription gets; it counts one for the socket and one for itself. */
async function refusedLive(token: string): Promise<{ extensions: Record<string, unknown> }> {
  const live = server?.subscribe(token, LIVE);
  const errors = await live?.next().catch((problem: unknown) => problem);
  await live?.close();
  return (errors as [{ extensions: Record<string, unknown> }])[0];
}

describe('too many requests', () => {
  test('of one principal are 429 with the time to wait, and do nothing', async () => {
    const { token } = await started(2);
    const agent = await token('agent');
    expect(await ask(agent, 2)).toEqual(['ok', 'ok']);
    const propose = `mutation { proposeAction(input: { actionType: "create_briefing", payload: {}, idempotencyKey: "k" }) { replayed } }`;
    const refused = await post(agent, { query: propose });
    const { data, errors } = (await refused.json()) as {
      data?: unknown;
      errors: [{ message: string; extensions: { code: string; retryAfterSeconds: number } }];
    };
    const { code, retryAfterSeconds } = errors[0].extensions;
    expect([refused.status, code, data]).toEqual([429, 'RATE_LIMITED', undefined]);
    expect(refused.headers.get('retry-after')).toBe(String(retryAfterSeconds));
    expect(Number.isInteger(retryAfterSeconds) && retryAfterSeconds >= 1 && retryAfterSeconds <= 60).toBe(true);
    expect(errors[0].message).toBe(
      `Expected at most 2 requests a minute, got more; nothing was done. Ask again in ${retryAfterSeconds} s.`,
    );
    const counted = await server?.request(await token('admin'), '{ actions { totalCount } }');
    expect(counted?.data.actions.totalCount).toBe(0);
  });

  test('count together over both doors, and are refused alike', async () => {
    const { token } = await started(3);
    const agent = await token('agent');
    expect(await ask(agent, 2)).toEqual(['ok', 'ok']);
    // The socket is the third, what is asked over it the fourth.
    const { extensions } = await refusedLive(agent);
    expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    expect(await ask(agent, 1)).toEqual(['RATE_LIMITED']);
  });

  test('by new sockets close them with the code on which clients come back later', async () => {
    const { token, url } = await started(1);
    const agent = await token('agent');
    expect(await ask(agent, 1)).toEqual(['ok']);
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${agent}` } })),
    );
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1013);
  });

  test('of one principal leave all others alone; its name in another case is the same principal', async () => {
    const { token } = await started(1, 1);
    expect(await ask(await token('agent', 'robo'), 2)).toEqual(['ok', 'RATE_LIMITED']);
    expect(await ask(await token('agent', 'ROBO'), 1)).toEqual(['RATE_LIMITED']);
    expect(await ask(await token('agent', 'other'), 1)).toEqual(['ok']);
  });

  test('of callers who are not recognised count by address, whatever token they show, and keep no known caller out', async () => {
    const { token } = await started(10, 2);
    expect([...(await ask(undefined, 1)), ...(await ask('wrong', 1)), ...(await ask('false', 1))]).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
      'RATE_LIMITED',
    ]);
    expect(await ask(await token('agent'), 1)).toEqual(['ok']);
  });

  test('include documents that are refused: reading them costs too', async () => {
    const { token } = await started(2);
    expect(await ask(await token('agent'), 3, '{ nothing }')).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'RATE_LIMITED',
    ]);
  });

  test('are fewer where each could return much, also when the document is known', async () => {
    const { token } = await started(10);
    // Two pages with nine fields for each action: one point, and one more from a page of 50 on.
    const pages = (first: number) => {
      const page = `actions(first: ${first}) { edges { cursor node { id actionType canonical claimedBy digest payload proposedAt } } }`;
      return `{ a: ${page} b: ${page} }`;
    };
    const [ok, refused] = ['ok', 'RATE_LIMITED'];
    expect(await ask(await token('admin'), 7, pages(70))).toEqual([ok, ok, ok, ok, ok, refused, refused]);
    expect(await ask(await token('manager'), 7, pages(1))).toEqual([ok, ok, ok, ok, ok, ok, ok]);
  });

  test('are forgiven when the minute is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { token } = await started(1);
    const agent = await token('agent');
    expect(await ask(agent, 2)).toEqual(['ok', 'RATE_LIMITED']);
    vi.setSystemTime(Date.now() + 60_001);
    expect(await ask(agent, 2)).toEqual(['ok', 'RATE_LIMITED']);
  });

  test('there are none where the limit is off', async () => {
    const { token } = await started(0, 0);
    expect(new Set(await ask(await token('agent'), 50))).toEqual(new Set(['ok']));
    expect(new Set(await ask(undefined, 50))).toEqual(new Set(['UNAUTHENTICATED']));
  });
});

test('a failure of the server itself counts against nobody', async () => {
  const limiter = new RateLimiter({ perPrincipal: 1, perAddress: 1 });
  const broken = {
    actor: () => {
      throw new Error('the database does not answer');
    },
  };
  for (let time = 0; time < 3; time++) await limiter.countRequest(broken, '192.0.2.1');
  const unknown = {
    actor: () => {
      throw new DomainError('UNAUTHENTICATED', 'No token came.');
    },
  };
  await limiter.countRequest(unknown, '192.0.2.1');
  await expect(limiter.countRequest(unknown, '192.0.2.1')).rejects.toThrow('Expected at most 1 requests a minute');
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('the address %s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('the settings are whole numbers, and generous', () => {
  expect(readConfig({}).rateLimits).toEqual({ perPrincipal: 300_000, perAddress: 3_000 });
  const off = { COUNTERSIGN_RATE_LIMIT_PER_MINUTE: '0', COUNTERSIGN_ADDRESS_RATE_LIMIT_PER_MINUTE: '0' };
  expect(readConfig(off).rateLimits).toEqual({ perPrincipal: 0, perAddress: 0 });
  expect(() => readConfig({ COUNTERSIGN_RATE_LIMIT_PER_MINUTE: '-1' })).toThrow(/^COUNTERSIGN_RATE_LIMIT_PER_MINUTE: /);
});
