import type { Operator } from './operator.js';
import type { Receivers } from './receivers.js';
import { ACCOUNT_ID, ask, BRIEFINGS_AN_HOUR } from './world.js';

/** Who runs what, in every policy of a run. */
const CONNECTORS = {
  send_routine_response: 'EMAIL',
  contact_c_suite: 'EMAIL',
  share_minutes_externally: 'WEBHOOK',
  update_account_context: 'WEBHOOK',
  log_interaction: 'BUILT_IN',
} as const;

/** Types that a strict policy lets nobody run alone, some of an agent and some of a connector. */
const STRICT: readonly string[] = ['send_chat_message', 'send_follow_up_email', 'update_account_context'];

/** What holds in the tenant: who runs what, a budget, and in the strict one who has to be asked. */
function policyInput(isStrict: boolean) {
  const types = new Set([...Object.keys(CONNECTORS), ...(isStrict ? STRICT : [])]);
  const connectors: Readonly<Record<string, string>> = CONNECTORS;
  const rules = [...types].map((actionType) => ({
    actionType,
    ...(connectors[actionType] && { connector: connectors[actionType] }),
    ...(isStrict && STRICT.includes(actionType) && { tier: 'APPROVAL_REQUIRED' }),
  }));
  const budget = { name: 'briefings', scope: 'TENANT', actionType: 'create_briefing', period: 'HOUR' };
  return { rules, budgets: [{ ...budget, limit: BRIEFINGS_AN_HOUR }] };
}

/** Where an admin is heard. */
export interface AdminDoor {
  readonly url: string;
  readonly token: string;
}

/** Puts the strict policy in force, or the other. Gives whether that was acknowledged. */
export async function layDown({ url, token }: AdminDoor, isStrict: boolean): Promise<boolean> {
  const expectedVersion: unknown = (await ask(url, token, '{ policy { version } }'))?.data?.policy.version;
  const input = { policy: policyInput(isStrict), reason: 'chaos', expectedVersion };
  const set = 'mutation ($input: SetPolicyInput!) { setPolicy(input: $input) { version } }';
  const answer = await ask(url, token, set, { input });
  return answer?.data !== undefined && answer.data !== null;
}

/** Lays down the policy, makes the customer, and connects the webhook. */
export async function furnish(operator: Operator, receivers: Receivers, admin: AdminDoor): Promise<void> {
  await operator.query(
    `insert into account (tenant_id, id, name, domain, created_at, updated_at)
       select id, $1::uuid, 'Example', 'example.com', now(), now() from tenant`,
    [ACCOUNT_ID],
  );
  if (!(await layDown(admin, false))) throw new Error('the policy was not taken');
  const webhook = { url: receivers.dedupUrl, receiverDeduplicates: true, timeoutSeconds: 3 };
  const set = 'mutation ($input: SetConnectorInput!) { setConnector(input: $input) { secret } }';
  const answer = await ask(admin.url, admin.token, set, { input: { webhook } });
  const secret: unknown = answer?.data?.setConnector.secret;
  if (typeof secret !== 'string') throw new Error(`expected a secret of the webhook, got ${JSON.stringify(answer)}`);
  receivers.trust(secret);
}
