/**
 * The guardrails as they were agreed, written out by hand. Nothing here is taken from the implementation: a slip in
 * its lists must not slip into the expectation too.
 */
export const AUTONOMOUS = [
  'create_briefing',
  'log_interaction',
  'progress_early_stage',
  'qualify_conversation',
  'schedule_meeting',
  'send_chat_message',
  'send_follow_up_email',
  'send_routine_response',
  'update_account_context',
];

export const APPROVAL_REQUIRED = [
  'contact_c_suite',
  'discuss_pricing',
  'escalate_to_management',
  'modify_account_plan',
  'negotiate_terms',
  'progress_past_evaluation',
  'send_proposal',
  'share_minutes_externally',
];

export const HARD_STOP = [
  'approve_discount',
  'commit_pricing',
  'initiate_executive_relationship',
  'legal_commitment',
  'market_positioning_change',
  'modify_contract',
  'strategic_decision',
];

/** Each stage an action can meet, and whether the gate is closed there; null is "about no deal". */
export const STAGES = [
  { stage: null, gated: false },
  { stage: 'prospecting', gated: false },
  { stage: 'qualification', gated: false },
  { stage: 'discovery', gated: false },
  { stage: 'evaluation', gated: true },
  { stage: 'negotiation', gated: true },
  { stage: 'closed_won', gated: true },
  { stage: 'closed_lost', gated: true },
] as const;

/** Well-formed, but in none of the lists; several are names that every JavaScript object answers to. */
export const UNKNOWN = [
  'delete_everything',
  'send_follow_up_emails',
  'send_follow_up_emai',
  'log_interaction_',
  'loginteraction',
  'log__interaction',
  'autonomous',
  'hard_stop',
  'constructor',
  'prototype',
  'valueof',
  'has',
  'get',
  'size',
  'a',
  'a'.repeat(64),
];

/** Not action types at all, each with what makes it so. */
export const REFUSED: readonly (readonly [what: string, spelling: string])[] = [
  ['nothing', ''],
  ['a capital first letter', 'Log_interaction'],
  ['capitals', 'LOG_INTERACTION'],
  ['camel case', 'logInteraction'],
  ['a space inside', 'log interaction'],
  ['a leading space', ' log_interaction'],
  ['a trailing space', 'log_interaction '],
  ['a trailing newline', 'log_interaction\n'],
  ['a trailing carriage return and newline', 'log_interaction\r\n'],
  ['a leading newline', '\nlog_interaction'],
  ['a second line', 'log_interaction\ncommit_pricing'],
  ['a trailing tab', 'log_interaction\t'],
  ['a trailing NUL', 'log_interaction\u0000'],
  ['a Cyrillic o', 'l\u043eg_interaction'],
  ['a Cyrillic a', 'log_inter\u0430ction'],
  ['a Greek omicron', 'l\u03bfg_interaction'],
  ['a dotless i', 'log_\u0131nteraction'],
  ['a zero-width space', 'log_\u200binteraction'],
  ['a zero-width joiner', 'log_interaction\u200d'],
  ['a byte-order mark', '\ufefflog_interaction'],
  ['a soft hyphen', 'log\u00ad_interaction'],
  ['a right-to-left override', '\u202elog_interaction'],
  ['full-width letters', '\uff4c\uff4f\uff47_interaction'],
  ['a full-width underscore', 'log\uff3finteraction'],
  ['a combining accent', 'log_interactio\u0301n'],
  ['mathematical letters', '\u{1d4c1}og_interaction'],
  ['half of a surrogate pair', 'log_interaction\ud800'],
  ['a hyphen', 'log-interaction'],
  ['a dot', 'log.interaction'],
  ['a slash', 'log/interaction'],
  ['a quote', "log_interaction'"],
  ['65 characters', 'a'.repeat(65)],
  ['a leading digit', '1log_interaction'],
  ['a leading underscore', '_log_interaction'],
  ['__proto__', '__proto__'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['toString', 'toString'],
];
