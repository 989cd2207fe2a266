import { decodeCursor, encodeCursor, foreignCursor } from '../../../kernel/cursor.js';
import { type PageArgs, pageOf, pagingOf } from '../../../kernel/page.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import { EMPTY_POLICY, type PolicyDocument } from '../domain/policy.js';
import type { PolicyStore, PolicyVersion } from '../ports.js';
import { LOCKING_SELECT } from './control.js';

interface Row {
  version: number;
  document: PolicyDocument;
  previous: PolicyDocument | null;
  reason: string;
  changedBy: string;
  changedAt: string | Date;
}

const SELECT = `
  select v.version, v.document, p.document as previous, v.reason, v.created_by as "changedBy",
    v.created_at as "changedAt"
  from policy_version v left join policy_version p on p.tenant_id = v.tenant_id and p.version = v.version - 1
  where v.tenant_id = $1`;

const toVersion = ({ previous, changedAt, ...row }: Row): PolicyVersion => ({
  ...row,
  previous: previous ?? EMPTY_POLICY.document,
  changedAt: new Date(changedAt),
});

async function one(tx: Tx, condition: string, parameters: readonly unknown[]): Promise<PolicyVersion | undefined> {
  const [row] = await sqlOf(tx)<Row>(`${SELECT} and ${condition}`, [tx.tenantId, ...parameters]);
  return row && toVersion(row);
}

const TAG = 'policy_version:version';

/** Versions are counted anew in each tenant, so a cursor says whose it is. */
function versionOf({ tenantId }: Tx, cursor: string, argument: string): number {
  const [tenant, version = ''] = decodeCursor(TAG, 2, cursor, argument);
  if (tenant === tenantId && /^[1-9]\d{0,8}$/.test(version)) return Number(version);
  throw foreignCursor(argument);
}

export const policyStore: PolicyStore = {
  async lock(tx) {
    const sql = sqlOf(tx);
    await sql('insert into autonomy_control (tenant_id) values ($1) on conflict do nothing', [tx.tenantId]);
    const [row] = await sql<{ policyVersion: number }>(LOCKING_SELECT, [tx.tenantId]);
    if (!row) throw new Error('a control row that was just put there is gone');
    return row.policyVersion;
  },
  find: (tx, version) => one(tx, 'v.version = $2', [version]),
  current: (tx) => one(tx, 'v.version = (select policy_version from autonomy_control where tenant_id = $1)', []),
  async list(tx, args: PageArgs) {
    const { size, isLast } = pagingOf(args);
    const parameters: unknown[] = [tx.tenantId];
    let conditions = '';
    for (const [argument, comparison] of [
      ['after', '<'],
      ['before', '>'],
    ] as const) {
      const cursor = args[argument];
      if (cursor === undefined) continue;
      parameters.push(versionOf(tx, cursor, argument));
      conditions += ` and v.version ${comparison} $${parameters.length}`;
    }
    // One more than asked for tells whether there are more.
    const found = await sqlOf(tx)<Row>(
      `${SELECT}${conditions} order by v.version ${isLast ? 'asc' : 'desc'} limit ${size + 1}`,
      parameters,
    );
    return pageOf(found.map(toVersion), args, ({ version }) => encodeCursor(TAG, [tx.tenantId, String(version)]));
  },
  async count(tx) {
    const [row] = await sqlOf(tx)<{ count: number }>(
      'select count(*)::int as count from policy_version where tenant_id = $1',
      [tx.tenantId],
    );
    return row?.count ?? 0;
  },
  async put(tx, { version, document, reason, changedBy, changedAt }) {
    const sql = sqlOf(tx);
    await sql(
      `insert into policy_version (tenant_id, version, document, reason, created_by, created_at)
       values ($1, $2, $3::jsonb, $4, $5, $6)`,
      [tx.tenantId, version, JSON.stringify(document), reason, changedBy, changedAt.toISOString()],
    );
    await sql('update autonomy_control set policy_version = $2 where tenant_id = $1', [tx.tenantId, version]);
  },
};
