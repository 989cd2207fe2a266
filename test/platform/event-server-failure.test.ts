import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const PROPOSE = `mutation ($key: String!) { proposeAction(input: {
  actionType: "send_proposal", payload: {}, idempotencyKey: $key }) { action { id } } }`;
const REQUESTED = `subscription ($after: String) {
  approvalRequested(after: $after) { cursor approval { action { id } } } }`;

describe.each(DATABASES)('a database that fails for a while, on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let agent: string;
  let ana: string;
  beforeEach(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, config: { logLevel: 'silent' } });
    [agent, ana] = await Promise.all([server.token('agent'), server.token('approver', 'ana')]);
  });
  afterEach(async () => {
    await server.close();
    await database.close();
  });
  const statement = (text: string) => database.asServer((sql) => sql(text));
  const breakDown = () => statement('alter table action rename to action_away');
  const repair = () => statement('alter table action_away rename to action');

  /** Subscribes; gives what came until the socket was closed, and the code it was closed with. */
  const followUntilClosed = (after: string | null, onOpen: () => void) =>
    new Promise<{ came: unknown[]; code: number }>((resolve) => {
      const came: unknown[] = [];
      const client = createClient({
        url: `${server.url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${ana}` },
        retryAttempts: 0,
        on: { connected: onOpen, closed: (event) => resolve({ came, code: (event as { code: number }).code }) },
      });
      const sink = { next: (reply: unknown) => came.push(reply), error: () => {}, complete: () => {} };
      client.subscribe({ query: REQUESTED, variables: { after } }, sink);
    });

  test('callers get a masked error, and the server serves on', async () => {
    await breakDown();
    const { status, errors } = await server.request(agent, PROPOSE, { key: 'one' });
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors?.[0].extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(errors)).not.toMatch(/action_away|relation|exist/);
    await repair();
    await server.data(agent, PROPOSE, { key: 'one' });
  });

  test('an event that cannot be pushed is not passed over: the socket is closed, and who resumes gets it', async () => {
    const { proposeAction } = await server.data(agent, PROPOSE, { key: 'one' });
    const newest = async (): Promise<string | null> =>
      (await server.data(ana, '{ events(last: 1) { pageInfo { endCursor } } }')).events.pageInfo.endCursor;
    await expect.poll(newest).not.toBeNull();
    const cursor = await newest();

    await breakDown();
    const closed = followUntilClosed(cursor, () => {
      // The same request once more in the log.
      statement(`insert into event (tenant_id, type, subject_id, data, actor, at)
        select tenant_id, type, subject_id, data, actor, now() from event where type = 'approval.requested'`).catch(
        expect.unreachable,
      );
    });
    expect(await closed).toEqual({ came: [], code: 1013 });
    await repair();
    const resumed = server.subscribe(ana, REQUESTED, { after: cursor });
    expect((await resumed.next()).data.approvalRequested.approval).toEqual({ action: proposeAction.action });
    await resumed.close();
  });
});
