import type { Operator } from './operator.js';
import type { Receivers } from './receivers.js';
import { ACCOUNT_ID, ask, BRIEFINGS_AN_HOUR } from './world.js';

/** What holds in the tenant during a run: a budget, and who runs what. */
const POLICY = {
  rules: {
    send_routine_response: { connector: 'email' },
    contact_c_suite: { connector: 'email' },
    share_minutes_externally: { connector: 'webhook' },
    update_account_context: { connector: 'webhook' },
    log_interaction: { connector: 'built_in' },
  },
  budgets: [
    { name: 'briefings', scope: 'tenant', actionType: 'create_briefing', period: 'hour', limit: BRIEFINGS_AN_HOUR },
  ],
};
const SET_CONNECTOR = 'mutation ($input: SetConnectorInput!) { setConnector(input: $input) { secret } }';

/** Lays down the policy, makes the customer, and connects the webhook. */
export async function furnish(
  operator: Operator,
  receivers: Receivers,
  admin: { readonly url: string; readonly token: string },
): Promise<void> {
  await operator.query(
    `with tenants as (select id from tenant), versions as (
       insert into policy_version (tenant_id, version, document, reason, created_by, created_at)
       select id, 1, $1::jsonb, 'chaos', 'adam', now() from tenants),
     accounts as (
       insert into account (tenant_id, id, name, domain, created_at, updated_at)
       select id, $2::uuid, 'Example', 'example.com', now(), now() from tenants)
     insert into autonomy_control (tenant_id, policy_version) select id, 1 from tenants
     on conflict (tenant_id) do update set policy_version = 1`,
    [JSON.stringify(POLICY), ACCOUNT_ID],
  );
  const webhook = { url: receivers.dedupUrl, receiverDeduplicates: true, timeoutSeconds: 3 };
  const answer = await ask(admin.url, admin.token, SET_CONNECTOR, { input: { webhook } });
  const secret: unknown = answer?.data?.setConnector.secret;
  if (typeof secret !== 'string') throw new Error(`expected a secret of the webhook, got ${JSON.stringify(answer)}`);
  receivers.trust(secret);
}
