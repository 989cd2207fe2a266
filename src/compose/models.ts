import { ModelQueries, ModelResolver, ModelService, type ModelSettings } from '../features/models/index.js';
import { usageStore } from '../features/models/store/usage.js';
import type { Clock } from '../kernel/clock.js';
import type { Database } from '../platform/db/database.js';

export interface ModelComposition {
  readonly database: Database;
  readonly clock: Clock;
  /** Undefined: no model is asked. */
  readonly model: ModelSettings | undefined;
  readonly onTrouble: (error: unknown, what: string) => void;
}

/** The language model, for whoever asks it, and what that comes to. */
export function composeModels({ database, clock, model, onTrouble }: ModelComposition) {
  const parts = { transactor: database, usage: usageStore, clock, model, onTrouble };
  return { models: new ModelService(parts), resolvers: [new ModelResolver(new ModelQueries(parts))] };
}
