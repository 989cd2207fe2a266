import { z } from 'zod';
import { sqlOf } from '../../../platform/db/database.js';
import type { TurnTaker } from '../ports.js';

const row = z.object({ beganMs: z.coerce.number() });

export const turnTaker: TurnTaker = {
  async take(tx, { accountId, actionType, now, over }) {
    // The row is locked by whoever comes first; the others wait and then see the turn that it began.
    const [turn] = await sqlOf(tx)(
      `insert into planner_turn as turn (tenant_id, account_id, action_type, began_at) values ($1, $2, $3, $4)
       on conflict (tenant_id, account_id, action_type) do update
         set began_at = case when turn.began_at <= $5 then excluded.began_at else turn.began_at end
       returning extract(epoch from began_at) * 1000 as "beganMs"`,
      [tx.tenantId, accountId, actionType, now.toISOString(), over.toISOString()],
    );
    return new Date(Math.round(row.parse(turn).beganMs));
  },
};
