import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { type Database, sqlOf } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { recorder } from './recording.js';

const NOW = new Date('2026-05-01T12:00:00.000Z');

describe.each(DATABASES)('the stages a deal has been in, on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  let record: ReturnType<typeof recorder>;
  let now = NOW;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database, clock: { now: () => now } });
    record = recorder(server, await server.token('admin'));
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  const historyOf = async (dealId: string) => {
    const rows = await database.asServer((sql) =>
      sql<{ from_stage: string | null; stage: string; at: string }>(
        'select from_stage, stage, at from deal_stage_change where deal_id = $1 order by at',
        [dealId],
      ),
    );
    return rows.map((row) => [row.from_stage, row.stage, new Date(row.at).toISOString()]);
  };

  test('begins with the stage in which the deal was recorded and grows with each change of stage', async () => {
    now = NOW;
    const { deal } = await record.deal({
      externalId: 'D-1',
      name: 'Opened earlier',
      stage: 'PROSPECTING',
      openedAt: '2026-04-01T00:00:00Z',
    });
    now = new Date('2026-05-01T12:10:00.000Z');
    await record.deal({ externalId: 'D-1', stage: 'DISCOVERY', value: 5 });
    await record.deal({ externalId: 'D-1', stage: 'DISCOVERY', value: 6 });
    now = new Date('2026-05-01T12:20:00.000Z');
    await record.deal({ externalId: 'D-1', stage: 'CLOSED_WON' });
    expect(await historyOf(deal.id)).toEqual([
      [null, 'prospecting', '2026-04-01T00:00:00.000Z'],
      ['prospecting', 'discovery', '2026-05-01T12:10:00.000Z'],
      ['discovery', 'closed_won', '2026-05-01T12:20:00.000Z'],
    ]);
  });

  test('makes up no earlier stages for a deal that was closed before it was recorded', async () => {
    now = NOW;
    const [dated, undated] = await record.import({
      deals: [
        {
          externalId: 'D-2',
          name: 'Dated',
          stage: 'CLOSED_LOST',
          openedAt: '2025-01-01T00:00:00Z',
          closedAt: '2025-02-01T00:00:00Z',
        },
        { externalId: 'D-3', name: 'Undated', stage: 'CLOSED_WON' },
      ],
    });
    expect(await historyOf(String(dated?.id))).toEqual([[null, 'closed_lost', '2025-02-01T00:00:00.000Z']]);
    expect(await historyOf(String(undated?.id))).toEqual([[null, 'closed_won', NOW.toISOString()]]);
  });

  test('cannot be seen, added to or altered from another tenant', async () => {
    now = NOW;
    const { deal } = await record.deal({ name: 'Ours', stage: 'DISCOVERY' });
    const other = newId(NOW);
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values ($1, 'other', 'Other', now())`, [other]),
    );
    const seen = await database.run(other, (tx) => sqlOf(tx)('select id from deal_stage_change'));
    expect(seen).toEqual([]);
    const add = database.run(other, (tx) =>
      sqlOf(tx)(
        `insert into deal_stage_change (tenant_id, id, deal_id, stage, at)
         select tenant_id, $2, id, 'closed_won', now() from (values ($1::uuid, $3::uuid)) as forged (tenant_id, id)`,
        [newId(NOW), newId(NOW), deal.id],
      ),
    );
    await expect(add).rejects.toThrow();
    const alter = database.run(other, (tx) => sqlOf(tx)(`update deal_stage_change set stage = 'closed_won'`));
    await expect(alter).rejects.toThrow(/permission denied/);
    expect((await historyOf(deal.id)).map(([, stage]) => stage)).toEqual(['discovery']);
  });
});
