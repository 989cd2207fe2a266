import type { Actor } from '../../kernel/actor.js';
import type { Id } from '../../kernel/ids.js';

/** Who planned actions are proposed by. No token or key can name a principal with a colon. */
export const PLANNER = 'system:planner';

/** The planner in one tenant. It answers for itself, so that everybody with the role may decide on what it proposes. */
export const plannerOf = (tenantId: Id, tenant = ''): Actor => ({
  tenantId,
  tenant,
  name: PLANNER,
  root: PLANNER,
  roles: new Set(['agent']),
});
