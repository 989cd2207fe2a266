import { z } from 'zod';
import { sqlOf } from '../../../platform/db/database.js';
import type { CompetitorStore } from '../ports.js';

const row = z.object({ competitors: z.array(z.string()) });

export const competitorStore: CompetitorStore = {
  async competitors(tx) {
    const [found] = await sqlOf(tx)('select competitors from pattern_settings where tenant_id = $1', [tx.tenantId]);
    return found === undefined ? [] : row.parse(found).competitors;
  },

  async setCompetitors(tx, names, { by, at }) {
    await sqlOf(tx)(
      `insert into pattern_settings (tenant_id, competitors, changed_by, changed_at) values ($1, $2::jsonb, $3, $4)
       on conflict (tenant_id) do update
         set competitors = excluded.competitors, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
      [tx.tenantId, JSON.stringify(names), by, at.toISOString()],
    );
  },
};
