/** Built-in types that stay inside the house. */
const INWARD: ReadonlySet<string> = new Set([
  'qualify_conversation',
  'progress_early_stage',
  'progress_past_evaluation',
  'update_account_context',
  'create_briefing',
  'log_interaction',
  'modify_account_plan',
  'escalate_to_management',
]);

/** Who runs an action; the policy's own list, which the compiler holds against this one wherever the two meet. */
type Runner = 'agent' | 'webhook' | 'email' | 'built_in';

/** Connectors by which a payload leaves the server, whatever its type is called: an email is a letter to whom it names. */
const OUTWARD: ReadonlySet<Runner> = new Set<Runner>(['email', 'webhook']);

/**
 * Whether the action says something to the customer. Every type that is not known to stay inside does, and so does
 * what a policy lets leave the server by email or webhook.
 */
export const reachesCustomer = (actionType: string, connector: Runner): boolean =>
  OUTWARD.has(connector) || !INWARD.has(actionType);
