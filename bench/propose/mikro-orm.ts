import 'reflect-metadata';
import { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { ActionEntity, ApprovalEntity } from '../../src/features/autonomy/store/schema.js';
import { keepInFlight, type ProposeInput } from './in-flight.js';
import { accountOf, type Row } from './proposal.js';

interface EventRow {
  id: string;
  tenantId: string;
  type: string;
  subjectId: string;
  data: object;
  actor: string;
  at: Date;
}

const EventEntity = new EntitySchema<EventRow>({
  name: 'EventRow',
  tableName: 'event',
  properties: {
    id: { type: 'bigint', primary: true, autoincrement: true },
    tenantId: { type: 'uuid' },
    type: { type: 'text' },
    subjectId: { type: 'uuid' },
    data: { type: 'json' },
    actor: { type: 'text' },
    at: { type: 'datetime' },
  },
});

/** The ORM as its guide says: a fork, three entities, one transaction. */
export default async function mikroOrmFlush(input: unknown) {
  const { databaseUrl, sample } = input as ProposeInput;
  const orm = await MikroORM.init({
    entities: [ActionEntity, ApprovalEntity, EventEntity],
    clientUrl: databaseUrl,
    pool: { min: 0, max: 20 },
  });
  const [action, approval, event] = [sample.action, sample.approval, sample.event].map(propertiesOf);
  const answer = await keepInFlight(async (index) => {
    const now = new Date();
    const later = new Date(now.getTime() + 72 * 3_600_000);
    const [actionId, approvalId] = [v7(), v7()];
    await orm.em.fork().transactional(async (em) => {
      em.create(ActionEntity, {
        ...action,
        id: actionId,
        accountId: accountOf(index),
        idempotencyKey: `orm-${index}`,
        proposedAt: now,
        updatedAt: now,
      } as never);
      // The mapping knows no relation between the two, so the ORM would insert them in any order.
      await em.flush();
      em.create(ApprovalEntity, { ...approval, id: approvalId, actionId, requestedAt: now, expiresAt: later } as never);
      em.create(EventEntity, { ...event, subjectId: actionId, at: now } as never);
    });
  }, input as ProposeInput);
  await orm.close();
  return answer;
}

/** Columns as the properties that the mapping calls them. */
const propertiesOf = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
