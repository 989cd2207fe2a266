import type { Logged } from './histories.js';
import type { Ledger } from './ledger.js';
import type { Operator } from './operator.js';
import { ask, type World } from './world.js';

/** An action as it is stored when the run is over, with its request, if there is one. */
export interface ActionRow {
  readonly id: string;
  readonly actionType: string;
  readonly status: string;
  readonly digest: string;
  readonly canonical: string;
  readonly leaseEpoch: number;
  readonly idempotencyKey: string;
  readonly policyVersion: number;
  readonly dealId: string | null;
  readonly proposedBy: string;
  readonly connector: string;
  /** Digest that the request was for. */
  readonly signed: string | null;
  /** Whether the time of its last claim is over. */
  readonly isLate: boolean;
  /** Whether a job is there that will run it. */
  readonly hasJob: boolean;
  /** Records in the server’s own data that stem from it. */
  readonly interactions: number;
}

export interface ApprovalRow {
  readonly id: string;
  readonly status: string;
  readonly decidedBy: string | null;
}

export interface PolicyRow {
  readonly version: number;
  readonly document: { readonly rules?: Readonly<Record<string, { readonly tier?: string }>> };
  readonly createdAt: Date;
}

/** One window of a budget: places taken as they are counted, and actions that hold one. */
export interface BudgetRow {
  readonly window: string;
  readonly used: number;
  readonly held: number;
}

export interface Verification {
  readonly ok: boolean;
  readonly complete: boolean;
  readonly eventsChecked: number;
  readonly problems: unknown;
}

/** All that the invariants are held against: what is stored, what was logged, and what was acknowledged or arrived. */
export interface Evidence {
  readonly ledger: Ledger;
  readonly actions: readonly ActionRow[];
  readonly approvals: readonly ApprovalRow[];
  readonly policies: readonly PolicyRow[];
  readonly budgets: readonly BudgetRow[];
  /** Events of actions and requests, in their order. */
  readonly log: readonly Logged[];
  /** When all autonomy was paused; open-ended where it still is. */
  readonly pauses: readonly { readonly from: Date; readonly to: Date | null }[];
  /** Places in the log of events of actions and requests, as the API gives them. */
  readonly cursors: readonly string[];
  readonly verification: Verification;
}

const OPEN_JOBS = `select from countersign_jobs.job j where j.name = 'execute_action'
  and j.state in ('created', 'retry', 'active') and j.data->>'actionId' = a.id::text`;

export async function gather({ world, operator }: { world: World; operator: Operator }): Promise<Evidence> {
  const actions = await operator.query<ActionRow>(
    `select a.id, a.action_type as "actionType", a.status, a.digest, a.canonical, a.lease_epoch as "leaseEpoch",
       a.idempotency_key as "idempotencyKey", a.policy_version as "policyVersion", a.deal_id as "dealId",
       a.proposed_by as "proposedBy", a.connector, p.digest as signed,
       coalesce(a.lease_until < now(), false) as "isLate", exists (${OPEN_JOBS}) as "hasJob", (
         select count(*)::int from interaction i
         where i.account_id = a.account_id and i.subject = a.idempotency_key) as interactions
     from action a left join approval p on p.tenant_id = a.tenant_id and p.action_id = a.id`,
  );
  const log = await operator.query<Logged>(
    `select type, subject_id as "subjectId", data, actor, at from event
     where type like 'action.%' or type like 'approval.%' order by tx, id`,
  );
  const switches = await operator.query<Logged>(
    `select type, subject_id as "subjectId", data, actor, at from event
     where type like 'autonomy.%' and data->>'cloneId' is null order by tx, id`,
  );
  return {
    ledger: world.ledger,
    actions,
    approvals: await operator.query('select id, status, decided_by as "decidedBy" from approval'),
    policies: await operator.query(
      'select version, document, created_at as "createdAt" from policy_version order by version',
    ),
    budgets: await operator.query(
      `select b.window_start::text as window, b.used, (
         select count(*)::int from action a where exists (
           select from jsonb_array_elements(a.budgets) as held
           where held->>'budget' = b.budget and (held->>'windowStart')::timestamptz = b.window_start)) as held
       from budget_use b`,
    ),
    log,
    pauses: switches.flatMap(({ type, at }, place) =>
      type === 'autonomy.paused' ? [{ from: at, to: switches[place + 1]?.at ?? null }] : [],
    ),
    cursors: await cursorsOf(world),
    verification: await verify(world),
  };
}

async function cursorsOf({ urls: [url = ''], tokens }: World): Promise<string[]> {
  const cursors: string[] = [];
  for (let after: string | null = null; ; ) {
    const query = `query ($after: String) { events(first: 100, after: $after) {
      edges { node { cursor type } } pageInfo { hasNextPage endCursor } } }`;
    const answer = await ask(url, tokens.approver, query, { after });
    const { edges, pageInfo } = answer?.data?.events ?? { edges: [], pageInfo: { hasNextPage: false } };
    for (const { node } of edges) if (/^(ACTION|APPROVAL)_/.test(node.type)) cursors.push(node.cursor);
    if (!pageInfo.hasNextPage) return cursors;
    after = pageInfo.endCursor;
  }
}

async function verify({ urls: [url = ''], tokens }: World): Promise<Verification> {
  const query = '{ verifyAudit { ok complete eventsChecked problems { kind message } } }';
  const answer = await ask(url, tokens.admin, query);
  const nothing = { ok: false, complete: false, eventsChecked: 0, problems: answer?.errors };
  return answer?.data?.verifyAudit ?? nothing;
}
