/** Closed list of the stages a deal can be in, in the order a deal usually passes through them. */
export const DEAL_STAGES = [
  'prospecting',
  'qualification',
  'discovery',
  'evaluation',
  'negotiation',
  'closed_won',
  'closed_lost',
] as const;
export type DealStage = (typeof DEAL_STAGES)[number];

/** The stage gate: about a deal in one of these stages, even an autonomous action waits for a person. */
export const GATED_STAGES: ReadonlySet<DealStage> = new Set(['evaluation', 'negotiation', 'closed_won', 'closed_lost']);
