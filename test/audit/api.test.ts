import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SealingService } from '../../src/features/audit/sealing.js';
import { sealWriter } from '../../src/features/audit/store/seals.js';
import { systemClock } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

const HEAD = '{ auditHead { number hash sealedAt cursor unsealed } }';
const VERIFY = `query ($head: AuditHeadInput, $after: AuditHeadInput) {
  verifyAudit(head: $head, after: $after) {
    ok complete checkedTo { number hash } sealsChecked eventsChecked eventsNoLongerKept problemCount
    problems { seal kind message cursor }
  }
}`;
const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }`;

describe.each(DATABASES)('the audit API on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let admin: string;

  const propose = async (count: number): Promise<void> => {
    const agent = await server.token('agent');
    for (let number = 0; number < count; number += 1) {
      const input = { actionType: 'create_briefing', payload: { number }, idempotencyKey: newId(new Date()) };
      await server.data(agent, PROPOSE, { input });
    }
  };
  const sealEverything = async () => {
    const sealing = new SealingService({ seals: sealWriter(database), clock: systemClock });
    for (;;) {
      const { auditHead } = await server.data(admin, HEAD);
      if (auditHead.unsealed === 0) return auditHead;
      await sealing.sealPending();
    }
  };
  const verify = async (variables = {}) => (await server.data(admin, VERIFY, variables)).verifyAudit;

  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database });
    admin = await server.token('admin');
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('says where the chain begins, and what waits to be sealed', async () => {
    const { auditHead } = await server.data(admin, HEAD);
    expect(auditHead).toMatchObject({ number: 0, sealedAt: null, cursor: null });
    expect(await verify()).toMatchObject({ ok: true, complete: true, sealsChecked: 0, problems: [] });
    await propose(3);
    // The server may seal by itself at any moment; until it does, all three wait.
    const [after] = [(await server.data(admin, HEAD)).auditHead];
    expect(after.number === 0 ? after.unsealed : 3).toBe(3);
  });

  test('the server seals by itself', async () => {
    await propose(1);
    const head = await vi.waitFor(
      async () => {
        const { auditHead } = await server.data(admin, HEAD);
        expect(auditHead.unsealed).toBe(0);
        return auditHead;
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(head.number).toBeGreaterThan(0);
  });

  test('a head ends where the log ends once everything is sealed, and can be written down', async () => {
    await propose(2);
    const head = await sealEverything();
    const { events } = await server.data(admin, '{ events(last: 1) { pageInfo { endCursor } } }');
    expect(head.cursor).toBe(events.pageInfo.endCursor);
    expect(new Date(head.sealedAt).getTime()).toBeLessThanOrEqual(Date.now());
    expect(head.hash).toMatch(/^[0-9a-f]{64}$/);
    const { number, hash } = head;
    expect(await verify({ head: { number, hash } })).toMatchObject({ ok: true, checkedTo: { number, hash } });
    expect(await verify({ after: { number, hash } })).toMatchObject({ ok: true, sealsChecked: 0, eventsChecked: 0 });
  });

  test('shows what was done to the log, with the seal, the kind and the place', async () => {
    await propose(2);
    await sealEverything();
    const { events } = await server.data(admin, '{ events(last: 1) { edges { cursor node { subjectId } } } }');
    const [{ cursor, node }] = events.edges;
    await database.asServer((sql) => sql(`update event set actor = 'nobody' where subject_id = $1`, [node.subjectId]));
    try {
      expect(await verify()).toMatchObject({
        ok: false,
        problemCount: 1,
        problems: [{ kind: 'EVENT_EDITED', cursor, message: expect.stringContaining('1 event') }],
      });
    } finally {
      await database.asServer((sql) =>
        sql(`update event set actor = 'agent-one' where subject_id = $1`, [node.subjectId]),
      );
    }
    expect(await verify()).toMatchObject({ ok: true, problems: [] });
  });

  test('gives the first hundred problems, and says how many there are', async () => {
    await sealEverything();
    const before = (await server.data(admin, HEAD)).auditHead;
    const sealing = new SealingService({ seals: sealWriter(database), clock: systemClock });
    const subject = newId(new Date());
    for (let number = 0; number < 130; number += 1) {
      await database.asServer((sql) =>
        sql(
          `insert into event (tenant_id, type, subject_id, data, actor, at)
           select id, 'goal.created', $1, '{}', 'test', now() from tenant where slug = 'demo'`,
          [subject],
        ),
      );
      await sealing.sealPending();
    }
    await sealEverything();
    await database.asServer((sql) => sql(`update event set actor = 'nobody' where subject_id = $1`, [subject]));
    const found = await verify({ after: { number: before.number, hash: before.hash } });
    expect(found.problems).toHaveLength(100);
    // One for each seal; a few events may share one that the server made by itself.
    expect(found.problemCount).toBe(found.sealsChecked);
    await database.asServer((sql) => sql(`update event set actor = 'test' where subject_id = $1`, [subject]));
  });

  test.each([
    [{ number: -1, hash: 'a'.repeat(64) }, ['head', 'number']],
    [{ number: 1, hash: 'A'.repeat(64) }, ['head', 'hash']],
    [{ number: 1, hash: '' }, ['head', 'hash']],
  ])('refuses a head that cannot be one: %j', async (head, path) => {
    const { errors } = await server.request(admin, VERIFY, { head });
    expect(errors?.[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path }] });
  });

  test('is for admins; managers may see the head', async () => {
    const codes = async (role: 'agent' | 'approver' | 'manager') => {
      const token = await server.token(role);
      const replies = [await server.request(token, HEAD), await server.request(token, VERIFY)];
      return replies.map(({ errors }) => errors?.[0].extensions.code);
    };
    expect(await codes('agent')).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(await codes('approver')).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(await codes('manager')).toEqual([undefined, 'FORBIDDEN']);
    expect((await server.request(undefined, HEAD)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});
