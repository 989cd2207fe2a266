import type { Actor } from '../../kernel/actor.js';
import { dayOf } from './domain/budget.js';
import type { DayUsage } from './ports.js';
import type { ModelParts } from './service.js';

const DAY_MS = 86_400_000;

/** What a tenant's use of the model comes to. */
export interface ModelUsage {
  /** Null: this server asks none. */
  readonly model: string | null;
  /** Null: this server asks none. */
  readonly tokensPerDay: number | null;
  /** Of today's budget, with what is held for calls under way. */
  readonly tokensTakenToday: number;
  readonly days: readonly DayUsage[];
}

/** Reads what was used of the model. */
export class ModelQueries {
  constructor(private readonly parts: Pick<ModelParts, 'transactor' | 'usage' | 'clock' | 'model'>) {}

  /** @param days how many days back, today included */
  usage(actor: Actor, days: number): Promise<ModelUsage> {
    const { transactor, usage, clock, model } = this.parts;
    const now = clock.now();
    return transactor.run(actor.tenantId, async (tx) => ({
      model: model?.name ?? null,
      tokensPerDay: model?.tokensPerDay ?? null,
      tokensTakenToday: await usage.taken(tx, dayOf(now)),
      days: await usage.since(tx, dayOf(new Date(now.getTime() - (days - 1) * DAY_MS))),
    }));
  }
}
