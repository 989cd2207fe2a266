import type { RecordKind, RecordOf } from '../domain/records.js';

type ColumnType = 'uuid' | 'text' | 'integer' | 'numeric' | 'boolean' | 'timestamptz';

const KEYS = {
  id: 'uuid',
  externalId: 'text',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
} as const satisfies Record<string, ColumnType>;

/** Every column by its field, but for the tenant, which comes from the transaction. */
const COLUMNS: { readonly [Kind in RecordKind]: Record<Exclude<keyof RecordOf<Kind>, 'tenantId'>, ColumnType> } = {
  account: {
    ...KEYS,
    name: 'text',
    domain: 'text',
    sector: 'text',
    employees: 'integer',
    annualRevenue: 'numeric',
    location: 'text',
    parentName: 'text',
    optedOutAt: 'timestamptz',
    byAgents: 'boolean',
  },
  contact: { ...KEYS, accountId: 'uuid', name: 'text', email: 'text', title: 'text', byAgents: 'boolean' },
  deal: {
    ...KEYS,
    accountId: 'uuid',
    cloneId: 'uuid',
    name: 'text',
    product: 'text',
    owner: 'text',
    ownerManager: 'text',
    ownerRegion: 'text',
    stage: 'text',
    value: 'numeric',
    valueIsEstimate: 'boolean',
    openedAt: 'timestamptz',
    closedAt: 'timestamptz',
  },
  interaction: {
    ...KEYS,
    accountId: 'uuid',
    contactId: 'uuid',
    cloneId: 'uuid',
    contactName: 'text',
    channel: 'text',
    direction: 'text',
    status: 'text',
    occurredAt: 'timestamptz',
    subject: 'text',
    content: 'text',
  },
};

/** The statements of one table; each takes any number of records. */
export interface Table<Row> {
  /** Parameters: tenant, ids, external ids. */
  readonly lock: string;
  /** Parameters: tenant, records as JSON. */
  readonly insert: string;
  /** Parameters: tenant, records as JSON. */
  readonly update: string;
  /** A row as both drivers give it: dates and amounts may still be text. */
  toRecord(row: Readonly<Record<string, unknown>>): Row;
}

/** Kinds that carry the number of the transaction that wrote them last, so that a vote can tell what it has seen. */
const STAMPED: ReadonlySet<RecordKind> = new Set<RecordKind>(['interaction']);

/** Never changed by an update. */
const FIXED = ['id', 'externalId', 'createdAt'];

function tableOf<Kind extends RecordKind>(kind: Kind): Table<RecordOf<Kind>> {
  const columns = Object.entries<ColumnType>(COLUMNS[kind]);
  const list = columns.map(([field]) => columnOf(field)).join(', ');
  const selected = columns.map(([field]) => `${columnOf(field)} as "${field}"`).join(', ');
  const quoted = columns.map(([field]) => `"${field}"`).join(', ');
  const sent = `jsonb_to_recordset($2::text::jsonb) as sent (${columns.map(([field, type]) => `"${field}" ${type}`).join(', ')})`;
  const changes = columns
    .filter(([field]) => !FIXED.includes(field))
    .map(([field]) => `${columnOf(field)} = sent."${field}"`)
    .join(', ');
  return {
    // In the order of ids, so that two imports never hold each other up in a circle; and without `for update`, which
    // would make everybody wait who merely refers to one of these records.
    lock: `select tenant_id as "tenantId", ${selected} from ${kind}
      where tenant_id = $1 and (id = any($2::uuid[]) or external_id = any($3::text[]))
      order by id for no key update`,
    // In the order of external ids, for the same reason.
    insert: `insert into ${kind} (tenant_id, ${list})
      select $1, ${quoted} from ${sent} order by "externalId"
      on conflict (tenant_id, external_id) do nothing returning id`,
    update: `update ${kind} set ${[changes, ...(STAMPED.has(kind) ? ['tx = pg_current_xact_id()'] : [])].join(', ')} from ${sent} where tenant_id = $1 and ${kind}.id = sent.id`,
    toRecord: (row) =>
      ({
        ...row,
        ...Object.fromEntries(columns.map(([field, type]) => [field, fromColumn(type, row[field])])),
      }) as unknown as RecordOf<Kind>,
  };
}

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function fromColumn(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'timestamptz') return new Date(value as string | Date);
  return type === 'numeric' ? Number(value) : value;
}

export const TABLES: { readonly [Kind in RecordKind]: Table<RecordOf<Kind>> } = {
  account: tableOf('account'),
  contact: tableOf('contact'),
  deal: tableOf('deal'),
  interaction: tableOf('interaction'),
};
