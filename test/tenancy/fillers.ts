import { type GraphQLInputType, isEnumType } from 'graphql';
import type { Filling, Position } from './api-walk.js';
import type { Row } from './rows.js';
import type { Tenant } from './two-tenants.js';

/**
 * What each place of the API that takes an id or a text names, as `table.column`: by its whole key, or by its name
 * where that means the same everywhere. A place that is not here stops the walk: nobody has thought about it yet.
 */
const NAMES: Readonly<Record<string, string>> = {
  accountId: 'account.id',
  contactId: 'contact.id',
  dealId: 'deal.id',
  cloneId: 'clone.id',
  actionId: 'action.id',
  approvalId: 'approval.id',
  goalId: 'goal.id',
  delegationId: 'delegation.id',
  apiKeyId: 'api_key.id',
  insightId: 'insight.id',
  subjectId: 'event.subject_id',
  'Query.account.id': 'account.id',
  'Query.action.id': 'action.id',
  'Query.approval.id': 'approval.id',
  'Query.deal.id': 'deal.id',
  'Query.goal.id': 'goal.id',
  'Query.insight.id': 'insight.id',
  'UpsertAccountInput.id': 'account.id',
  'UpsertContactInput.id': 'contact.id',
  'UpsertDealInput.id': 'deal.id',
  'RecordInteractionInput.id': 'interaction.id',

  'UpsertAccountInput.externalId': 'account.external_id',
  'UpsertContactInput.externalId': 'contact.external_id',
  'UpsertDealInput.externalId': 'deal.external_id',
  'RecordInteractionInput.externalId': 'interaction.external_id',
  participants: 'contact.email',
  accountExternalId: 'account.external_id',
  contactExternalId: 'contact.external_id',
  'Query.actions.actionType': 'action.action_type',
  'Subscription.approvalRequested.actionType': 'action.action_type',
  'Subscription.approvalResolved.actionType': 'action.action_type',
  'Subscription.actionChanged.actionType': 'action.action_type',
  'Query.accounts.search': 'account.name',
  'Query.accounts.sector': 'account.sector',
  idempotencyKey: 'action.idempotency_key',
  digest: 'approval.digest',
  hash: 'seal.hash',
  slug: 'clone.slug',
  'SetUserInput.name': 'app_user.name',
  'SetUserInput.owner': 'app_user.owner',
  'SuspendUserInput.name': 'app_user.name',
  'ReinstateUserInput.name': 'app_user.name',
  'CreateApiKeyInput.agent': 'app_user.name',
  'CreateApiKeyInput.owner': 'app_user.owner',
  'DelegateApprovalsInput.to': 'delegation.to_user',
};

/** Texts by which nothing is looked up, and what to send where one is demanded. */
const PLAIN: Readonly<Record<string, string>> = {
  actionType: 'send_proposal',
  claimKey: 'a claim',
  comment: 'a comment',
  contactName: 'Somebody',
  content: 'a content',
  description: 'a description',
  domain: 'plain.example',
  email: 'somebody@plain.example',
  error: 'an error',
  location: 'a town',
  name: 'a name',
  'SetCompetitorsInput.names': 'Some rival',
  owner: 'a seller',
  ownerManager: 'a manager',
  ownerRegion: 'a region',
  parentName: 'a parent',
  product: 'a product',
  rationale: 'a rationale',
  reason: 'a reason',
  note: 'a note',
  sector: 'a sector',
  subject: 'a subject',
  title: 'a title',
  contactTitles: 'Chief',
  timeZone: 'UTC',
  'HoursInput.from': '08:00',
  'HoursInput.to': '18:00',
  url: 'https://hooks.example.com/in',
};

/** Where the first that comes to hand will not do as a sample: somebody's past has to have two steps. */
const SAMPLED: Readonly<Record<string, string>> = { 'Query.auditTrail.subjectId': 'approval.action_id' };

let proposals = 0;

/** What an input needs, beside what the schema demands, to get as far as looking something up. */
const EXTRA: Readonly<Record<string, (tenant: Tenant) => Readonly<Record<string, unknown>>>> = {
  ProposeActionInput: () => ({ idempotencyKey: `walk ${proposals++}` }),
  UpsertAccountInput: () => ({ name: 'a name' }),
  UpsertContactInput: ({ rows }) => ({ name: 'a name', accountId: rows.get('account')?.[0]?.id }),
  UpsertDealInput: () => ({ name: 'a name', stage: 'DISCOVERY' }),
  SetConnectorInput: () => ({ webhook: { url: 'https://hooks.example.com/in', receiverDeduplicates: true } }),
  RecordInteractionInput: () => ({ channel: 'CHAT', occurredAt: '2026-01-02T00:00:00Z', content: 'a content' }),
};

const INSTEAD: Readonly<Record<string, string>> = { accountExternalId: 'accountId', contactExternalId: 'contactId' };

const SAMPLES: Readonly<Record<string, unknown>> = {
  Boolean: true,
  DateTime: '2026-02-01T00:00:00Z',
  Float: 1,
  Int: 1,
  JSONObject: { text: 'a text' },
};
/** Ends of periods, which must lie behind their starts. */
const ENDS = ['end', 'periodEnd'];

/** The first instant after everything that a tenant has proposed. */
function afterProposals({ rows }: Tenant): string {
  const times = (rows.get('action') ?? []).map((row) => Date.parse(String(row.proposed_at)));
  return times.length === 0 ? '2026-02-02T00:00:00Z' : new Date(Math.max(...times) + 1).toISOString();
}

/** Where the values of a place are stored; undefined for a text by which nothing is looked up. */
export function columnOf({ key, name, kind }: Pick<Position, 'key' | 'name' | 'kind'>): string | undefined {
  const column = NAMES[key] ?? NAMES[name];
  if (column !== undefined) return column;
  if (kind === 'text' && (key in PLAIN || name in PLAIN)) return undefined;
  throw new Error(
    `${key} is new: say in test/tenancy/fillers.ts ${kind === 'id' ? 'what its ids are of' : 'what it names, or that it names nothing'}`,
  );
}

/**
 * What a place may name of `tenant` and not of `other`: of rows that have a status or type, one of each; of others,
 * the first two.
 */
export function valuesFor(place: Pick<Position, 'key' | 'name' | 'kind'>, tenant: Tenant, other: Tenant): string[] {
  const column = columnOf(place);
  return column === undefined ? [] : valuesIn(column, tenant, other);
}

function valuesIn(column: string, tenant: Tenant, other: Tenant): string[] {
  const [table = '', name = ''] = column.split('.');
  const others = new Set((other.rows.get(table) ?? []).map((row) => row[name]));
  const byState = new Map<unknown, string>();
  for (const [index, row] of (tenant.rows.get(table) ?? []).entries()) {
    const value = row[name];
    if (typeof value !== 'string' || others.has(value)) continue;
    const state = row.status ?? row.type ?? index;
    if (!byState.has(state)) byState.set(state, value);
  }
  const values = [...new Set(byState.values())];
  if (values.length === 0)
    throw new Error(`${tenant.mark} has nothing in ${column}: put something there in two-tenants.ts`);
  return hasStates(tenant.rows.get(table)) ? values : values.slice(0, 2);
}

const hasStates = (rows: readonly Row[] = []) => rows.some((row) => row.status !== undefined || row.type !== undefined);

/** Fills arguments with what belongs to `tenant`. */
export const fillingFor = (tenant: Tenant, other: Tenant): Filling => ({
  sample(key: string, name: string, type: GraphQLInputType): unknown {
    if (isEnumType(type)) return type.getValues()[0]?.name;
    const scalar = String(type);
    if (scalar === 'ID' || scalar === 'String') {
      const place = { key, name, kind: scalar === 'ID' ? ('id' as const) : ('text' as const) };
      const column = SAMPLED[key] ?? columnOf(place);
      return column === undefined ? (PLAIN[key] ?? PLAIN[name]) : valuesIn(column, tenant, other)[0];
    }
    if (key === 'SimulatePolicyInput.to') return afterProposals(tenant);
    if (ENDS.includes(name)) return '2026-03-01T00:00:00Z';
    if (!(scalar in SAMPLES))
      throw new Error(`${key} is of type ${scalar}: say in test/tenancy/fillers.ts what to send`);
    return SAMPLES[scalar];
  },
  extra: (inputType) => EXTRA[inputType]?.(tenant) ?? {},
  insteadOf: (name) => INSTEAD[name],
});
