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

/** Whether the action says something to the customer. Every type that is not known to stay inside does. */
export const reachesCustomer = (actionType: string): boolean => !INWARD.has(actionType);
