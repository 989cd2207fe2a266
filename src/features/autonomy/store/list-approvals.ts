import type { Id } from '../../../kernel/ids.js';
import type { Page, PageArgs } from '../../../kernel/page.js';
import type { Database } from '../../../platform/db/database.js';
import { pageById } from '../../../platform/db/page-by-id.js';
import { type PlainRow, plainRows } from '../../../platform/db/plain-rows.js';
import { literal } from '../../../platform/db/read-once.js';
import type { ApprovalFilter, ApprovalRecording } from '../ports.js';
import { ActionEntity, ApprovalEntity } from './schema.js';

const REQUEST = plainRows(ApprovalEntity, 'r');
const ACTION = plainRows(ActionEntity, 'a');

const LIST = `
  select ${REQUEST.columns}, ${ACTION.columns}
  from approval r join action a on a.tenant_id = r.tenant_id and a.id = r.action_id
  where r.tenant_id = `;

/**
 * A page of requests with what they ask for, oldest first: one statement in one message, past the unit of work,
 * because what waits for people is the list that everybody looks at; see docs/decisions.
 */
export function listApprovals(
  database: Database,
  tenantId: Id,
  { status }: ApprovalFilter,
  args: PageArgs,
): Promise<Page<ApprovalRecording>> {
  const ofStatus = status === undefined ? '' : ` and r.status = ${literal(status)}`;
  return pageById(
    { table: 'approval', column: 'r.id', direction: 'asc', args },
    ({ approval }) => approval.id,
    async (tail) => {
      const rows = await database.readOnce<PlainRow>(tenantId, `${LIST}${literal(tenantId)}${ofStatus}${tail}`);
      return rows.map((row): ApprovalRecording => ({ approval: REQUEST.read(row), action: ACTION.read(row) }));
    },
  );
}
