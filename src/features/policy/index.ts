export * from './domain/index.js';
export type { BudgetStore, Control, ControlReader } from './ports.js';
