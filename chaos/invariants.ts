import { createHash } from 'node:crypto';
import { byAction, type Logged, walk } from './histories.js';
import type { Effect } from './ledger.js';
import type { Operator } from './operator.js';
import { ask, BRIEFINGS_AN_HOUR, type World } from './world.js';

/** What must hold, over how many cases it was looked at, and where it does not. */
export interface Finding {
  readonly invariant: string;
  readonly cases: number;
  readonly violations: readonly string[];
}

interface ActionRow {
  readonly id: string;
  readonly status: string;
  readonly digest: string;
  readonly canonical: string;
  readonly leaseEpoch: number;
  readonly idempotencyKey: string;
  readonly signed: string | null;
  readonly approval: string | null;
  readonly connector: string;
  readonly isLate: boolean;
  readonly interactions: number;
}

/** Looks at everything that was acknowledged, arrived, is stored and was logged. */
export async function findings({ world, operator }: { world: World; operator: Operator }): Promise<Finding[]> {
  const { ledger } = world;
  const actions = await operator.query<ActionRow>(
    `select a.id, a.status, a.digest, a.canonical, a.lease_epoch as "leaseEpoch", a.idempotency_key as "idempotencyKey",
       p.digest as signed, p.status as approval,
       a.connector, coalesce(a.lease_until < now(), false) as "isLate", (
         select count(*)::int from interaction i
         where i.account_id = a.account_id and i.subject = a.idempotency_key) as interactions
     from action a left join approval p on p.tenant_id = a.tenant_id and p.action_id = a.id`,
  );
  const approvals = await operator.query<{ id: string; status: string }>('select id, status from approval');
  const log = await operator.query<Logged>(
    `select type, subject_id as "subjectId", data, actor from event
     where type like 'action.%' or type like 'approval.%' order by tx, id`,
  );
  const [byId, histories] = [new Map(actions.map((action) => [action.id, action])), byAction(log)];
  const approvalStatus = new Map(approvals.map(({ id, status }) => [id, status]));
  const effectsOf = Map.groupBy(ledger.effects, ({ actionId }) => actionId);
  const typesOf = (id: string): readonly string[] => (histories.get(id) ?? []).map(({ type }) => type);

  const check = <T>(invariant: string, cases: readonly T[], problem: (one: T) => string | undefined): Finding => ({
    invariant,
    cases: cases.length,
    violations: cases.map(problem).filter((found) => found !== undefined),
  });
  return [
    check('an effect happens at most once', [...effectsOf], ([id, effects]) =>
      effects.length === 1 ? undefined : `${id}: ${effects.length} effects`,
    ),
    check('what arrived is what is stored and what was signed, byte for byte', ledger.effects, (effect) =>
      isAsSigned(effect, byId.get(effect.actionId)) ? undefined : JSON.stringify(effect),
    ),
    check('an effect was allowed or approved, then claimed, before it happened', [...effectsOf.keys()], (id) => {
      const types = typesOf(id);
      const cleared = types.findIndex((type) => type === 'action.allowed' || type === 'approval.approved');
      return cleared !== -1 && types.indexOf('action.claimed') > cleared ? undefined : `${id}: ${types.join(', ')}`;
    }),
    check(
      'what was rejected, ran out, was withdrawn or is a hard stop had no effect',
      actions.filter(({ status }) =>
        ['rejected', 'expired', 'invalidated', 'cancelled', 'blocked', 'pending_approval'].includes(status),
      ),
      ({ id, status }) => (effectsOf.has(id) ? `${id}: ${status}, and happened` : undefined),
    ),
    check(
      'what is stored as executed has happened',
      actions.filter(({ status, connector }) => status === 'executed' && connector !== 'built_in'),
      ({ id }) => (effectsOf.has(id) ? undefined : `${id}: nothing arrived`),
    ),
    check('what was proposed is stored once and logged', [...ledger.proposed], ([key, ids]) => {
      const [id = ''] = ids;
      const isSo = ids.size === 1 && byId.get(id)?.idempotencyKey === key && typesOf(id).length > 0;
      return isSo ? undefined : `${key}: acknowledged as ${[...ids].join(' and ')}, stored as ${byId.get(id)?.id}`;
    }),
    check('what was decided is stored and logged as it was decided, once', [...ledger.decided], ([id, verdicts]) => {
      const [verdict = ''] = verdicts;
      const status = approvalStatus.get(id) ?? 'nothing';
      const later = verdict === 'APPROVED' ? ['approved', 'invalidated', 'expired'] : ['rejected'];
      const logged = log.filter(
        ({ type, data }) => data.approvalId === id && type === `approval.${verdict.toLowerCase()}`,
      );
      if (verdicts.size === 1 && later.includes(status) && logged.length === 1) return undefined;
      return `${id}: acknowledged ${[...verdicts].join(' and ')}, stored ${status}, logged ${logged.length} times`;
    }),
    check('what was reported is stored as it was reported', ledger.reports, ({ actionId, leaseEpoch, status }) => {
      const action = byId.get(actionId);
      const isSo = action?.status === status.toLowerCase() && action.leaseEpoch === leaseEpoch;
      return isSo
        ? undefined
        : `${actionId}: reported ${status} in ${leaseEpoch}, is ${action?.status} in ${action?.leaseEpoch}`;
    }),
    check('one holder for each claim', [...ledger.claims], ([claim, holders]) =>
      holders.length === 1 ? undefined : `${claim}: ${holders.join(' and ')}`,
    ),
    check('each epoch was claimed once and none is left out', [...histories], ([id, events]) => {
      // Where others than the holder end a claim, its epoch ends too.
      const raising = events.filter(
        ({ type, actor }) =>
          type === 'action.claimed' ||
          type === 'action.reconciled' ||
          (type === 'action.outcome_unknown' && actor === 'system:leases'),
      );
      const isSo = raising.every(({ type, data }, at) => type !== 'action.claimed' || data.leaseEpoch === at + 1);
      const claims = raising.map(({ type, data }) => `${type} ${data.leaseEpoch}`).join(', ');
      const stored = byId.get(id)?.leaseEpoch;
      return isSo && stored === raising.length ? undefined : `${id}: ${claims}, stored ${stored}`;
    }),
    {
      invariant: 'no report is taken after the claim has run out',
      cases: ledger.late.sent,
      violations: ledger.late.accepted.map(({ actionId }) => `${actionId}: taken`),
    },
    check('only allowed steps are in the log, and they lead to what is stored', [...histories], ([id, events]) => {
      const { state, illegal } = walk(events);
      const stored = byId.get(id)?.status;
      return illegal.length === 0 && state === stored
        ? undefined
        : `${id}: ${illegal.join('; ')}; logged ${state}, stored ${stored}: ${typesOf(id).join(', ')}`;
    }),
    check('every stored action has its history', actions, ({ id }) => (histories.has(id) ? undefined : `${id}: none`)),
    check('no claim outlives its time', actions, ({ id, status, isLate }) =>
      status === 'executing' && isLate ? id : undefined,
    ),
    check(
      'what the server does in its own data is done exactly once, when it is executed',
      actions.filter(({ connector }) => connector === 'built_in'),
      ({ id, status, interactions }) =>
        interactions === (status === 'executed' ? 1 : 0) ? undefined : `${id}: ${status}, done ${interactions} times`,
    ),
    await budgetKept(operator),
    ...(await subscribersSawAll(world)),
    await chainHolds(world),
    { invariant: 'no refusal that nobody expects', cases: 1, violations: [...new Set(ledger.surprises)] },
  ];
}

/** Byte for byte, or as the email that the server makes of it. */
function isAsSigned({ canonical, email }: Effect, action: ActionRow | undefined): boolean {
  if (!action) return false;
  const { digest, signed, idempotencyKey } = action;
  const stored = createHash('sha256').update(action.canonical, 'utf8').digest('hex');
  const isStored = stored === digest && (signed ?? digest) === digest;
  if (email === undefined) return isStored && canonical === action.canonical;
  return (
    isStored &&
    email.includes(`<${action.id}.${digest.slice(0, 16)}@`) &&
    email.includes(`Subject: ${idempotencyKey}\r\n`) &&
    email.includes(`Dear Kim, this is ${idempotencyKey}.`)
  );
}

async function budgetKept(operator: Operator): Promise<Finding> {
  const rows = await operator.query<{ window: string; held: number; used: number }>(
    `select b.window_start::text as window, b.used, (
       select count(*)::int from action a where exists (
         select from jsonb_array_elements(a.budgets) as held
         where held->>'budget' = b.budget and (held->>'windowStart')::timestamptz = b.window_start)) as held
     from budget_use b`,
  );
  return {
    invariant: 'no budget is exceeded, and its count is right',
    cases: rows.length,
    violations: rows
      .filter(({ held, used }) => held !== used || used > BRIEFINGS_AN_HOUR)
      .map(({ window, held, used }) => `${window}: ${held} hold a place, ${used} are counted`),
  };
}

/** Each saw every change exactly once and in order, from its first event to the end of the log. */
async function subscribersSawAll({ urls: [url = ''], tokens, ledger }: World): Promise<Finding[]> {
  const cursors: string[] = [];
  for (let after: string | null = null; ; ) {
    const query = `query ($after: String) { events(first: 100, after: $after) {
      edges { node { cursor type } } pageInfo { hasNextPage endCursor } } }`;
    const answer = await ask(url, tokens.approver, query, { after });
    const { edges, pageInfo } = answer?.data?.events ?? { edges: [], pageInfo: { hasNextPage: false } };
    for (const { node } of edges) if (/^(ACTION|APPROVAL)_/.test(node.type)) cursors.push(node.cursor);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  return ledger.seen.map((seen, at): Finding => {
    const expected = seen[0] === undefined ? [] : cursors.slice(cursors.indexOf(seen[0]));
    const gone = expected.findIndex((cursor, place) => seen[place] !== cursor);
    const isSo = expected.length > 0 && seen.length === expected.length && gone === -1;
    const problem = `${seen.length} came where ${expected.length} are in the log; they part at ${gone}`;
    return {
      invariant: `subscriber ${at + 1} saw every change once and in order`,
      cases: seen.length,
      violations: isSo ? [] : [problem],
    };
  });
}

async function chainHolds({ urls: [url = ''], tokens }: World): Promise<Finding> {
  const query = '{ verifyAudit { ok complete eventsChecked problemCount problems { kind message } } }';
  const answer = await ask(url, tokens.admin, query);
  const { ok, complete, eventsChecked, problems } = answer?.data?.verifyAudit ?? {
    ok: false,
    eventsChecked: 0,
    problems: answer?.errors,
  };
  const isSo = ok === true && complete === true && eventsChecked > 0;
  return {
    invariant: 'the chained log verifies',
    cases: eventsChecked,
    violations: isSo ? [] : [JSON.stringify(problems)],
  };
}
