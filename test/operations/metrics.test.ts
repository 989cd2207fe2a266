import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const TOKEN = 'what-the-scraper-sends';

/** Samples by name and labels, as they stand in the text. */
async function scrape(server: TestServer): Promise<Record<string, number>> {
  const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

const propose = (actionType: string, idempotencyKey: string) =>
  `mutation { proposeAction(input: { actionType: "${actionType}", payload: {}, idempotencyKey: "${idempotencyKey}" }) { approval { id digest } } }`;

describe.each(DATABASES)('metrics on %s', (kind) => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer({ kind, config: { metricsToken: TOKEN } });
  });
  afterEach(() => server.close());

  test('count proposals by tier and reason and decisions by verdict, once each, whatever is repeated', async () => {
    const agent = await server.token('agent');
    const approver = await server.token('approver');
    await server.data(agent, propose('send_follow_up_email', 'a'));
    await server.data(agent, propose('approve_discount', 'b'));
    await server.data(agent, propose('no_such_type', 'c'));
    const { proposeAction } = await server.data(agent, propose('send_proposal', 'd'));
    await server.data(agent, propose('send_proposal', 'd'));
    const { id, digest } = proposeAction.approval;
    const input = `{ approvalId: "${id}", digest: "${digest}" }`;
    await server.data(approver, `mutation { approveAction(input: ${input}) { id } }`);
    await server.request(approver, `mutation { approveAction(input: ${input}) { id } }`);

    const samples = await scrape(server);
    const proposals = Object.entries(samples).filter(([name]) => name.startsWith('countersign_proposals_total'));
    expect(Object.fromEntries(proposals)).toEqual({
      'countersign_proposals_total{tier="autonomous",reason="autonomous"}': 1,
      'countersign_proposals_total{tier="hard_stop",reason="hard_stop"}': 1,
      'countersign_proposals_total{tier="approval_required",reason="unknown_action_type"}': 1,
      'countersign_proposals_total{tier="approval_required",reason="approval_required"}': 1,
    });
    expect(samples).toMatchObject({
      'countersign_decisions_total{verdict="approved"}': 1,
      'countersign_decisions_total{verdict="rejected"}': 0,
      'countersign_events_total{type="approval.requested"}': 2,
      'countersign_graphql_operations_total{type="mutation",outcome="OK"}': 6,
      'countersign_graphql_operations_total{type="mutation",outcome="CONFLICT"}': 1,
      'countersign_graphql_operation_duration_seconds_count{type="mutation"}': 7,
      'countersign_http_request_duration_seconds_count{method="POST",route="/graphql",status="200"}': 7,
      countersign_approvals_pending: 1,
    });
    expect(samples.countersign_approvals_pending_oldest_seconds).toBeLessThan(60);
    expect(samples.countersign_log_lag_seconds).toBeLessThan(60);
    expect(samples.process_resident_memory_bytes).toBeGreaterThan(1_000_000);
  });

  test('count open sockets and streams, and each event pushed to one', async () => {
    const live = server.subscribe(await server.token('approver'), 'subscription { approvalRequested { cursor } }');
    const next = live.next();
    await expect.poll(async () => (await scrape(server)).countersign_subscriptions_open).toBe(1);
    await server.data(await server.token('agent'), propose('send_proposal', 'live'));
    await next;
    expect(await scrape(server)).toMatchObject({ countersign_sockets_open: 1, countersign_pushed_events_total: 1 });
    await live.close();
    await expect.poll(async () => (await scrape(server)).countersign_sockets_open).toBe(0);
    expect(await scrape(server)).toMatchObject({
      countersign_subscriptions_open: 0,
      'countersign_graphql_operations_total{type="subscription",outcome="OK"}': 1,
    });
  });

  test('tell of each background round how often it ran, and when it last went well', async () => {
    const runs = 'countersign_rounds_total{round="seal_log",outcome="done"}';
    await expect.poll(async () => (await scrape(server))[runs]).toBeGreaterThan(0);
    const samples = await scrape(server);
    expect(samples['countersign_round_last_success_age_seconds{round="seal_log"}']).toBeLessThan(60);
    expect(samples['countersign_round_duration_seconds_count{round="seal_log"}']).toBeGreaterThan(0);
  });

  test('take no label that callers make up', async () => {
    const agent = await server.token('agent');
    for (let n = 0; n < 20; n += 1) {
      await fetch(`${server.url}/made-up-${n}?x=${n}`, { method: 'PROPFIND' });
      await server.request(agent, `query MadeUp${n} { viewer { name } madeUp${n} }`);
      await server.request(agent, propose(`made_up_${n}`, `made-up-${n}`));
    }
    const text = Object.keys(await scrape(server)).join('\n');
    expect(text).not.toMatch(/made.?up/i);
    expect(text).toContain('{method="other",route="unknown",status="404"}');
  });
});

describe('who may see metrics', () => {
  const statusOf = async (server: TestServer, headers: Record<string, string> = {}) =>
    (await fetch(`${server.url}/metrics`, { headers })).status;

  test('in production only who sends the token; without one configured, nobody', async () => {
    const open = await startTestServer({ config: { metricsToken: TOKEN, development: false } });
    expect(await statusOf(open)).toBe(404);
    expect(await statusOf(open, { authorization: `Bearer ${TOKEN}x` })).toBe(404);
    expect(await statusOf(open, { authorization: `Bearer ${await open.token('admin')}` })).toBe(404);
    expect(await statusOf(open, { authorization: `Bearer ${TOKEN}` })).toBe(200);
    await open.close();
    const closed = await startTestServer({ config: { development: false } });
    expect(await statusOf(closed)).toBe(404);
    expect(await statusOf(closed, { authorization: 'Bearer undefined' })).toBe(404);
    await closed.close();
  });

  test('in development also this machine by its local name, and no page that resolves its own name to it', async () => {
    const server = await startTestServer();
    expect(await statusOf(server)).toBe(200);
    const { port } = new URL(server.url);
    const rebound = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', path: '/metrics', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(rebound).toBe(404);
    await server.close();
  });
});
