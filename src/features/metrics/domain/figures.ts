/**
 * Stages of a deal that is still open, in the order a deal usually passes through them. Whoever changes the stages
 * of deals changes this too; a test compares the two.
 */
export const OPEN_STAGES = ['prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation'] as const;
export type OpenStage = (typeof OPEN_STAGES)[number];

/** What was counted and added up in the store; everything else follows from these by arithmetic. */
export interface Figures {
  readonly deals: DealFigures;
  readonly journeys: JourneyFigures;
  readonly interactions: InteractionFigures;
  readonly decisions: DecisionFigures;
  readonly executions: ExecutionFigures;
}

/** How many deals, and what their known values add up to. */
export interface DealSum {
  readonly deals: number;
  /** How many of them have a value. */
  readonly valued: number;
  /** Sum of the known values, in whole units of the tenant's currency; 0 when none is known. */
  readonly value: number;
}

export interface DealFigures {
  /** Deals opened in the period. */
  readonly identified: DealSum;
  /** Those of them that are in prospecting or qualification now. */
  readonly unqualified: number;
  /** Deals open at the period's end. */
  readonly open: DealSum;
  /** The part of `open.value` that is a list price and not a figure somebody gave. */
  readonly openEstimate: number;
  /** Deals closed as won in the period. */
  readonly won: DealSum;
  /** Deals closed as lost in the period. */
  readonly lost: number;
  /** Won deals of the period whose opening date is known and not after the closing date. */
  readonly cycles: number;
  /** What the time from opening to closing of those adds up to, in days. */
  readonly cycleDays: number;
}

/** How far the deals opened in the period have come, by what is stored about their stages. */
export interface JourneyFigures {
  /** Number of deals by the furthest stage each is known to have reached; a stage without any may be missing. */
  readonly furthest: Readonly<Partial<Record<OpenStage | 'closed_won', number>>>;
  /** Lost deals of which no earlier stage is stored: how far they had come, nobody knows. */
  readonly unplaced: number;
}

/** Interactions of the period. */
export interface InteractionFigures {
  /** Completed, over every channel. */
  readonly completed: number;
  /** Completed emails that are not known to be inbound. */
  readonly emailsSent: number;
  /** Meetings that are completed or scheduled. */
  readonly meetings: number;
  /** Completed emails and chats known to be inbound. */
  readonly inbound: number;
  /** Completed emails and chats whose direction is known. */
  readonly directed: number;
  /** Accounts with a completed email or chat that is not known to be inbound. */
  readonly writtenTo: number;
  /** Those of them with an inbound one that is not older than the first of these. */
  readonly answered: number;
}

/** What agents proposed and people decided in the period. */
export interface DecisionFigures {
  readonly proposals: number;
  /** Proposals that the guardrails did not let run alone. */
  readonly escalated: number;
  /** Requests that people approved, whatever became of the action afterwards. */
  readonly approved: number;
  /** Those of them whose action a person had edited. */
  readonly editedBefore: number;
  readonly rejected: number;
}

/** What became of actions, by when it was reported. */
export interface ExecutionFigures {
  readonly executed: number;
  readonly failed: number;
  /** Actions proposed in the period of which nobody knows whether they ran. */
  readonly unknown: number;
}
