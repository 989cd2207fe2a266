import { EntitySchema } from '@mikro-orm/core';
import type { Clone } from '../ports.js';

export const CloneEntity = new EntitySchema<Clone>({
  name: 'Clone',
  tableName: 'clone',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    slug: { type: 'text' },
    name: { type: 'text' },
    description: { type: 'text', nullable: true },
    createdAt: { type: 'datetime' },
  },
});
