import type { Actor } from '../../kernel/actor.js';
import type { Id } from '../../kernel/ids.js';
import type { Connector } from '../policy/index.js';

/** Who runs what a connector runs. No token or key can name a principal with a colon. */
export const connectorActor = (tenantId: Id, connector: Connector): Actor => {
  const name = `system:connector:${connector}`;
  return { tenantId, tenant: '', name, root: name, roles: new Set() };
};
