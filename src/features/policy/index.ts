export * from './domain/index.js';
export { PauseResolver } from './graphql/pause.js';
export { PauseService } from './pause.js';
export type { BudgetStore, Control, ControlReader } from './ports.js';
