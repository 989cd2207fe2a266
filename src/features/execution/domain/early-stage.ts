import type { DealStage } from '../../guardrails/domain/index.js';

/** Stages that an action may move a deal to, in their order. What lies behind them takes a person. */
export const EARLY_TARGETS = ['qualification', 'discovery'] as const satisfies readonly DealStage[];
export type EarlyTarget = (typeof EARLY_TARGETS)[number];

const EARLY: readonly DealStage[] = ['prospecting', ...EARLY_TARGETS];

/** Whether an action may move a deal so: forward only, and from an early stage only. */
export const earlyMove = (from: DealStage, to: EarlyTarget): boolean =>
  EARLY.includes(from) && EARLY.indexOf(from) < EARLY.indexOf(to);

/** Where a deal goes when its conversation has been found qualified; undefined: it is there already, or further. */
export const stageAfterQualifying = (from: DealStage): EarlyTarget | undefined =>
  from === 'prospecting' ? 'qualification' : undefined;
