import type { EntitySchema } from '@mikro-orm/core';
import {
  ActionEntity,
  ApprovalEntity,
  DelegationEntity,
  RevisionEntity,
  VoteEntity,
} from '../features/autonomy/store/schema.js';
import { AccountEntity, ContactEntity, DealEntity, InteractionEntity } from '../features/customers/store/schema.js';
import { AttemptEntity, ConnectorEntity } from '../features/execution/store/schema.js';
import { GoalEntity, GoalPointEntity } from '../features/goals/store/schema.js';
import { ApiKeyEntity, CloneEntity, UserEntity } from '../features/identity/store/schema.js';
import { JobRunEntity } from '../features/jobs/store/schema.js';
import { InsightEntity } from '../features/patterns/store/schema.js';

/** The MikroORM mappings of all features. */
export const ENTITIES: readonly EntitySchema[] = [
  CloneEntity,
  UserEntity,
  ApiKeyEntity,
  AccountEntity,
  ContactEntity,
  DealEntity,
  InteractionEntity,
  ActionEntity,
  ApprovalEntity,
  VoteEntity,
  RevisionEntity,
  DelegationEntity,
  ConnectorEntity,
  AttemptEntity,
  GoalEntity,
  InsightEntity,
  GoalPointEntity,
  JobRunEntity,
];
