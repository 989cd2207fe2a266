import type { Id } from '../../../kernel/ids.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import { EMPTY_POLICY, type Pause, type Policy, type PolicyDocument } from '../domain/policy.js';
import type { Control, ControlStore } from '../ports.js';

/** Documents kept in memory; a version never changes. */
const REMEMBERED = 1_000;
/** Stands for the whole tenant among the pauses. */
const WHOLE_TENANT = '*';

interface Row {
  policyVersion: number;
  pauses: Readonly<Record<string, { readonly by: string; readonly at: string; readonly reason: string }>>;
}

const SELECT = 'select policy_version as "policyVersion", pauses from autonomy_control where tenant_id = $1';

const KEY = `hashtextextended('countersign.control ' || $1::text, 0)`;

/**
 * Lets those in who read the row of the tenant `$1` and keep it as it is, and those out who change it. The queue is fair:
 * with row locks alone, those who share the row overtake whoever waits to change it, and a busy or hostile agent could
 * keep a pause waiting for ever.
 */
const ENTER_SHARED = `select pg_advisory_xact_lock_shared(${KEY})`;

/** Selects the row of the tenant `$1` and holds it against everybody. */
export const LOCKING_SELECT = `
  with queue as materialized (select pg_advisory_xact_lock(${KEY}))
  select policy_version as "policyVersion", pauses from autonomy_control, queue
  where tenant_id = $1::uuid for update of autonomy_control`;

/** The one row per tenant that says what holds. */
export function controlStore(): ControlStore {
  const documents = new Map<string, PolicyDocument>();

  async function policyOf(tx: Tx, version: number): Promise<Policy> {
    if (version === 0) return EMPTY_POLICY;
    const key = `${tx.tenantId}/${version}`;
    const known = documents.get(key);
    if (known) return { version, document: known };
    const [stored] = await sqlOf(tx)<{ document: PolicyDocument }>(
      'select document from policy_version where tenant_id = $1 and version = $2',
      [tx.tenantId, version],
    );
    if (!stored) throw new Error(`policy version ${version} of tenant ${tx.tenantId} is in force but not stored`);
    if (documents.size >= REMEMBERED) documents.clear();
    documents.set(key, stored.document);
    return { version, document: stored.document };
  }

  const toControl = async (tx: Tx, row: Row | undefined): Promise<Control> => {
    const pauses = Object.entries(row?.pauses ?? {}).map(([whom, pause]): [string, Pause] => [
      whom,
      { ...pause, at: new Date(pause.at) },
    ]);
    return {
      policy: await policyOf(tx, row?.policyVersion ?? 0),
      pause: pauses.find(([whom]) => whom === WHOLE_TENANT)?.[1],
      pausedClones: new Map<Id, Pause>(pauses.filter(([whom]) => whom !== WHOLE_TENANT)),
    };
  };

  const lock = async (tx: Tx): Promise<Control> => {
    const locked = () => sqlOf(tx)<Row>(LOCKING_SELECT, [tx.tenantId]);
    const [row] = await locked();
    if (row) return toControl(tx, row);
    // A row that is not there cannot be locked.
    await sqlOf(tx)('insert into autonomy_control (tenant_id) values ($1) on conflict do nothing', [tx.tenantId]);
    return toControl(tx, (await locked())[0]);
  };

  return {
    async read(tx) {
      const [row] = await sqlOf(tx)<Row>(SELECT, [tx.tenantId]);
      return toControl(tx, row);
    },
    async hold(tx) {
      await sqlOf(tx)(ENTER_SHARED, [tx.tenantId]);
    },
    lock,
    async setPause(tx, cloneId, pause) {
      const whom = cloneId ?? WHOLE_TENANT;
      await sqlOf(tx)(
        pause
          ? 'update autonomy_control set pauses = pauses || jsonb_build_object($2::text, $3::jsonb) where tenant_id = $1'
          : 'update autonomy_control set pauses = pauses - $2::text where tenant_id = $1',
        [tx.tenantId, whom, ...(pause ? [JSON.stringify(pause)] : [])],
      );
    },
  };
}
