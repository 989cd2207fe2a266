import { EntitySchema } from '@mikro-orm/core';
import type { ApiKey } from '../domain/api-key.js';
import type { User } from '../domain/principal.js';
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

/** A user, with the comparable form of the name that the database makes. */
export interface UserRow extends User {
  readonly nameKey: string;
}

export const UserEntity = new EntitySchema<UserRow>({
  name: 'User',
  tableName: 'app_user',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    nameKey: { type: 'text' },
    roles: { type: 'array', nullable: true },
    owner: { type: 'text', nullable: true },
    suspendedAt: { type: 'datetime', nullable: true },
    suspendedBy: { type: 'text', nullable: true },
    suspendReason: { type: 'text', nullable: true },
    createdAt: { type: 'datetime' },
    updatedAt: { type: 'datetime' },
  },
});

/** An API key, with the hash of its secret. */
export interface ApiKeyRow extends ApiKey {
  readonly secretHash: Uint8Array;
}

export const ApiKeyEntity = new EntitySchema<ApiKeyRow>({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    tenantId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    publicId: { type: 'text' },
    // Never read: a tenant's transaction may not. Being lazy, it makes every query name its columns.
    secretHash: { type: 'blob', lazy: true },
    name: { type: 'text' },
    agent: { type: 'text' },
    cloneId: { type: 'uuid', nullable: true },
    createdBy: { type: 'text' },
    createdAt: { type: 'datetime' },
    expiresAt: { type: 'datetime', nullable: true },
    revokedAt: { type: 'datetime', nullable: true },
    revokedBy: { type: 'text', nullable: true },
  },
});
