import { registerEnumType } from 'type-graphql';
import type { DecisionReason } from '../domain/check.js';
import type { DealStage } from '../domain/deal-stage.js';
import { type ActionTier, TIER_DESCRIPTIONS } from '../domain/registry.js';

// `satisfies` makes a value that was added to a domain list but forgotten here a compile error.

/** `ActionTier` of the schema: upper-case names, the domain’s values. */
export const ActionTierEnum = {
  AUTONOMOUS: 'autonomous',
  APPROVAL_REQUIRED: 'approval_required',
  HARD_STOP: 'hard_stop',
} as const satisfies Record<Uppercase<ActionTier>, ActionTier>;

registerEnumType(ActionTierEnum, {
  name: 'ActionTier',
  description: 'How far an agent may go alone with a type of action.',
  valuesConfig: {
    AUTONOMOUS: { description: TIER_DESCRIPTIONS.autonomous },
    APPROVAL_REQUIRED: { description: TIER_DESCRIPTIONS.approval_required },
    HARD_STOP: { description: TIER_DESCRIPTIONS.hard_stop },
  },
});

/** `GuardrailReason` of the schema. */
export const GuardrailReasonEnum = {
  HARD_STOP: 'hard_stop',
  APPROVAL_REQUIRED: 'approval_required',
  STAGE_GATE: 'stage_gate',
  UNKNOWN_ACTION_TYPE: 'unknown_action_type',
  AUTONOMOUS: 'autonomous',
  POLICY_HARD_STOP: 'policy_hard_stop',
  POLICY_TIER: 'policy_tier',
  POLICY_GATE: 'policy_gate',
  OPTED_OUT: 'opted_out',
  OVER_BUDGET: 'over_budget',
} as const satisfies Record<Uppercase<DecisionReason>, DecisionReason>;

registerEnumType(GuardrailReasonEnum, {
  name: 'GuardrailReason',
  description:
    'Which rule decided: one of the guardrails’ own, or one of the tenant’s policy, which can only be stricter.',
  valuesConfig: {
    HARD_STOP: { description: 'The type is a hard stop. It never becomes an approval request.' },
    APPROVAL_REQUIRED: { description: 'The type always needs a person’s approval.' },
    STAGE_GATE: { description: 'The type is autonomous, but the deal is in a gated stage: a person approves.' },
    UNKNOWN_ACTION_TYPE: { description: 'The type is not built in: a person approves.' },
    AUTONOMOUS: { description: 'The type is autonomous and no gate is closed: the agent may run it.' },
    POLICY_HARD_STOP: { description: 'The tenant’s policy makes the type a hard stop. It never becomes a request.' },
    POLICY_TIER: { description: 'The tenant’s policy lets a person approve every action of the type.' },
    POLICY_GATE: { description: 'A gate of the tenant’s policy is closed: a person approves.' },
    OPTED_OUT: { description: 'The account asked not to be written to: a person approves.' },
    OVER_BUDGET: { description: 'A budget for what may run alone is used up: a person approves.' },
  },
});

/** `DealStage` of the schema, for every feature that shows a deal. */
export const DealStageEnum = {
  PROSPECTING: 'prospecting',
  QUALIFICATION: 'qualification',
  DISCOVERY: 'discovery',
  EVALUATION: 'evaluation',
  NEGOTIATION: 'negotiation',
  CLOSED_WON: 'closed_won',
  CLOSED_LOST: 'closed_lost',
} as const satisfies Record<Uppercase<DealStage>, DealStage>;

registerEnumType(DealStageEnum, {
  name: 'DealStage',
  description: 'Where a deal stands, in the order a deal usually takes.',
  valuesConfig: {
    PROSPECTING: { description: 'A possible customer was found; nothing is agreed.' },
    QUALIFICATION: { description: 'Finding out whether need, budget and authority are there.' },
    DISCOVERY: { description: 'Learning what the customer needs.' },
    EVALUATION: { description: 'The customer compares offers. Gated: every action waits for a person.' },
    NEGOTIATION: { description: 'Terms are being negotiated. Gated: every action waits for a person.' },
    CLOSED_WON: { description: 'The customer bought. Gated: every action waits for a person.' },
    CLOSED_LOST: { description: 'The customer did not buy. Gated: every action waits for a person.' },
  },
});
