import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { EventWriter, Transactor } from '../../kernel/transaction.js';
import type { CompetitorStore } from './ports.js';

export interface CompetitorParts {
  readonly transactor: Transactor;
  readonly competitors: CompetitorStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Most names that a tenant may lay down. */
export const MAX_COMPETITORS = 200;

/** The competitors that a tenant has named, beside those whom customers' own words introduce as such. */
export class CompetitorList {
  constructor(private readonly parts: CompetitorParts) {}

  /** As they were laid down, in that order. */
  competitors(actor: Actor): Promise<readonly string[]> {
    return this.parts.transactor.run(actor.tenantId, (tx) => this.parts.competitors.competitors(tx));
  }

  /** Lays down the whole list; of names that differ in case only, the first stays. The next scan goes by it. */
  set(actor: Actor, names: readonly string[]): Promise<readonly string[]> {
    const { transactor, competitors, events, clock } = this.parts;
    const firstOf = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
    const distinct = names.filter((name) => firstOf.get(name.toLowerCase()) === name);
    return transactor.run(actor.tenantId, async (tx) => {
      const at = clock.now();
      await competitors.setCompetitors(tx, distinct, { by: actor.name, at });
      await events.append(tx, [
        {
          type: 'patterns.competitors_set',
          subjectId: actor.tenantId,
          data: { competitors: distinct },
          actor: actor.name,
          at,
        },
      ]);
      return distinct;
    });
  }
}
