import { expect, test } from 'vitest';
import { openTestDatabase } from '../support/database.js';
import { startTestServer } from '../support/server.js';

const PROPOSE = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
  approval { id digest } action { id } } }`;
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';
const CLAIM = 'mutation ($input: ClaimActionInput!) { claimAction(input: $input) { leaseEpoch } }';

/** What somebody with a hand in the database could write over, each as the right side of an assignment. */
const FIELDS: readonly (readonly [string, string])[] = [
  ['tenant_id', "'019f0000-0000-7000-8000-000000000000'"],
  ['action_type', "'discuss_pricing'"],
  ['account_id', "'019f0000-0000-7000-8000-000000000000'"],
  ['deal_id', "'019f0000-0000-7000-8000-000000000000'"],
  ['clone_id', "'019f0000-0000-7000-8000-000000000000'"],
  ['contact_id', "'019f0000-0000-7000-8000-000000000000'"],
  ['connector', "'webhook'"],
  ['policy_version', 'policy_version + 1'],
  ['revision', 'revision + 1'],
  ['digest', "repeat('0', 64)"],
  ['digest', 'upper(digest)'],
  ['canonical', "canonical || ' '"],
  ['canonical', "replace(canonical, 'Kim', 'Tim')"],
  ['canonical', `replace(canonical, '"payload":', '"payload":{},"payload":')`],
  ['canonical', "''"],
];

test('an action whose row was changed after approval is not handed out, whichever part of it was', async () => {
  const database = await openTestDatabase('pglite');
  const server = await startTestServer({ database });
  const [agent, ana] = [await server.token('agent'), await server.token('approver', 'ana')];
  let key = 0;
  const approved = async (): Promise<string> => {
    key += 1;
    const input = { actionType: 'send_proposal', payload: { text: 'Dear Kim' }, idempotencyKey: `key-${key}` };
    const { action, approval } = (await server.data(agent, PROPOSE, { input })).proposeAction;
    await server.data(ana, APPROVE, { input: { approvalId: approval.id, digest: approval.digest } });
    return action.id;
  };
  const claim = (actionId: string) => server.request(agent, CLAIM, { input: { actionId } });
  try {
    await approved();
    const [{ length } = { length: 0 }] = await database.asServer((sql) =>
      sql<{ length: number }>('select length(canonical)::int as length from action', []),
    );
    const letters = Array.from({ length: Math.floor(length / 2) }, (_, n): readonly [string, string] => [
      'canonical',
      `overlay(canonical placing chr(ascii(substr(canonical, ${2 * n + 1}, 1)) # 1) from ${2 * n + 1} for 1)`,
    ]);
    const changes = [...FIELDS, ...letters];
    expect(changes.length).toBeGreaterThan(120);
    for (const [column, value] of changes) {
      const id = await approved();
      const written = await database
        .asServer((sql) => sql(`update action set ${column} = ${value} where id = $1 returning id`, [id]))
        // A tenant or a customer that is not there is refused by the database itself.
        .catch((error: unknown) => {
          if (column.endsWith('_id')) return [];
          throw error;
        });
      if (written.length === 0) continue;
      const { errors } = await claim(id);
      // One who is told to leave it to another runner does not get as far as to look.
      const code = column === 'connector' ? 'CONFLICT' : 'DIGEST_MISMATCH';
      expect([column, value, errors?.[0].extensions.code]).toEqual([column, value, code]);
    }
    const running = `select count(*)::int as count from action where lease_epoch > 0`;
    expect(await database.asServer((sql) => sql(running, []))).toEqual([{ count: 0 }]);
    expect((await claim(await approved())).errors).toBeUndefined();
  } finally {
    await server.close();
    await database.close();
  }
}, 180_000);
