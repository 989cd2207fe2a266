/** How far an agent may go alone with a type of action. */
export const ACTION_TIERS = ['autonomous', 'approval_required', 'hard_stop'] as const;
export type ActionTier = (typeof ACTION_TIERS)[number];

/** What an agent may do alone, as long as the deal's stage does not gate it. */
export const AUTONOMOUS_ACTION_TYPES = [
  'send_follow_up_email',
  'send_routine_response',
  'send_chat_message',
  'schedule_meeting',
  'qualify_conversation',
  'progress_early_stage',
  'update_account_context',
  'create_briefing',
  'log_interaction',
] as const;
export type AutonomousActionType = (typeof AUTONOMOUS_ACTION_TYPES)[number];

/** What a person signs first, in every stage. */
export const APPROVAL_REQUIRED_ACTION_TYPES = [
  'send_proposal',
  'discuss_pricing',
  'negotiate_terms',
  'progress_past_evaluation',
  'contact_c_suite',
  'share_minutes_externally',
  'modify_account_plan',
  'escalate_to_management',
] as const;
export type ApprovalRequiredActionType = (typeof APPROVAL_REQUIRED_ACTION_TYPES)[number];

/** What the server never runs, whoever asks or signs. */
export const HARD_STOP_ACTION_TYPES = [
  'commit_pricing',
  'modify_contract',
  'approve_discount',
  'strategic_decision',
  'initiate_executive_relationship',
  'legal_commitment',
  'market_positioning_change',
] as const;
export type HardStopActionType = (typeof HARD_STOP_ACTION_TYPES)[number];

/** One sentence per tier, for people who read the rules rather than the code. */
export const TIER_DESCRIPTIONS: Readonly<Record<ActionTier, string>> = {
  autonomous: 'The agent may do it alone, unless the deal is in a gated stage; then a person decides.',
  approval_required: 'A person approves or rejects it before it runs. A type that is not built in is treated the same.',
  hard_stop: 'The server never runs it, and no approval, role or setting changes that: a person does it, elsewhere.',
};

/** The built-in types of each tier. No type is in two of them. */
export const ACTION_TYPES_BY_TIER: Readonly<Record<ActionTier, readonly string[]>> = {
  autonomous: AUTONOMOUS_ACTION_TYPES,
  approval_required: APPROVAL_REQUIRED_ACTION_TYPES,
  hard_stop: HARD_STOP_ACTION_TYPES,
};

/** The types an agent may run alone outside the gated stages. */
export const ALLOWED_ACTION_TYPES: ReadonlySet<string> = new Set(AUTONOMOUS_ACTION_TYPES);

// A Map, because a plain object would answer for "constructor" and every other name on its prototype.
const tierByType: ReadonlyMap<string, ActionTier> = new Map(
  ACTION_TIERS.flatMap((tier) => ACTION_TYPES_BY_TIER[tier].map((type) => [type, tier] as const)),
);

/** The tier of a built-in type; undefined when the registry does not know the type. */
export const builtInTier = (actionType: string): ActionTier | undefined => tierByType.get(actionType);

/** Whether the registry knows the type, in whatever tier. */
export const isBuiltIn = (actionType: string): boolean => tierByType.has(actionType);

/**
 * The tier alone, for display; whether an action may run is for `checkAction`, which also looks at the deal's stage.
 * A type the registry does not know is `approval_required`, never `autonomous`.
 */
export const classifyAction = (actionType: string): ActionTier => builtInTier(actionType) ?? 'approval_required';
