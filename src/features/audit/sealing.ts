import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/ids.js';
import { firstLink, MAX_EVENTS_PER_SEAL, nextSeal } from './domain/seal.js';
import type { SealWriter } from './ports.js';

export interface SealingParts {
  readonly seals: SealWriter;
  readonly clock: Clock;
}

/** Extends the chain of every tenant, in the background: writers of events do nothing for it. */
export class SealingService {
  private underWay: Promise<number> | undefined;

  constructor(private readonly parts: SealingParts) {}

  /**
   * Seals what is settled and not yet sealed, tenant by tenant in turns, so that a large backlog keeps nobody waiting.
   * Any number of instances may do this at once; who asks while this one is at it waits for that.
   *
   * @param signal stops between two seals
   * @returns how many events were sealed
   * @throws AggregateError when tenants failed, after the others were done
   */
  sealPending(signal?: AbortSignal): Promise<number> {
    this.underWay ??= this.sealAll(signal).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async sealAll(signal?: AbortSignal): Promise<number> {
    const failures: unknown[] = [];
    let sealed = 0;
    let behind = await this.parts.seals.tenantsBehind();
    while (behind.length > 0) {
      const further: Id[] = [];
      for (const tenantId of behind) {
        if (signal?.aborted) return sealed;
        // The embedded database answers without a turn of the event loop: a backlog would keep every request waiting.
        await nextTurn();
        try {
          const count = await this.sealNext(tenantId);
          sealed += count ?? 0;
          if (count === MAX_EVENTS_PER_SEAL) further.push(tenantId);
        } catch (cause) {
          failures.push(new Error(`sealing the log of tenant ${tenantId} failed`, { cause }));
        }
      }
      behind = further;
    }
    if (failures.length > 0) throw new AggregateError(failures, `sealing failed for ${failures.length} tenants`);
    return sealed;
  }

  private sealNext(tenantId: Id): Promise<number | undefined> {
    return this.parts.seals.append(tenantId, MAX_EVENTS_PER_SEAL, (newest, events) =>
      nextSeal(newest ?? { tenantId, number: 0, hash: firstLink(tenantId) }, events, this.parts.clock.now()),
    );
  }
}
