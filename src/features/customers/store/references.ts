import { sqlOf } from '../../../platform/db/database.js';
import type { ReferenceReader, References } from '../../autonomy/index.js';
import { GATED_STAGES } from '../../guardrails/index.js';

interface Row {
  accountExists: boolean;
  cloneExists: boolean;
  dealExists: boolean;
  dealStage: string | null;
  dealAccountId: string | null;
  gatedStage: string | null;
}

/** Stages that gate and are still open, the latest first. */
const OPEN_GATED = ['negotiation', 'evaluation'].filter((stage) => [...GATED_STAGES].some((gated) => gated === stage));

/** One look-up for any number of proposals, in their order. */
export const referenceReader: ReferenceReader = {
  async resolve(tx, named) {
    if (named.every(({ accountId, dealId, cloneId }) => accountId === null && dealId === null && cloneId === null)) {
      return named.map(() => NOTHING_NAMED);
    }
    const rows = await sqlOf(tx)<Row>(
      `select a.id is not null as "accountExists", c.id is not null as "cloneExists", d.id is not null as "dealExists",
         d.stage as "dealStage", d.account_id as "dealAccountId",
         (select o.stage from deal o
          where n.deal_id is null and o.tenant_id = $1 and o.account_id = n.account_id and o.stage = any($5::text[])
          order by array_position($5::text[], o.stage) limit 1) as "gatedStage"
       from unnest($2::uuid[], $3::uuid[], $4::uuid[]) with ordinality as n (account_id, deal_id, clone_id, place)
         left join account a on a.tenant_id = $1 and a.id = n.account_id
         left join deal d on d.tenant_id = $1 and d.id = n.deal_id
         left join clone c on c.tenant_id = $1 and c.id = n.clone_id
       order by n.place`,
      [
        tx.tenantId,
        named.map(({ accountId }) => accountId),
        named.map(({ dealId }) => dealId),
        named.map(({ cloneId }) => cloneId),
        OPEN_GATED,
      ],
    );
    return rows.map(toReferences);
  },
};

const NOTHING_NAMED: References = {
  accountExists: false,
  cloneExists: false,
  deal: undefined,
  gatedStageOfAccount: null,
};

const toReferences = (row: Row): References => ({
  accountExists: row.accountExists,
  cloneExists: row.cloneExists,
  deal: row.dealExists && row.dealStage !== null ? { stage: row.dealStage, accountId: row.dealAccountId } : undefined,
  gatedStageOfAccount: row.gatedStage,
});
