import type { Id } from '../../kernel/ids.js';
import { type Database, sqlOf } from '../db/database.js';
import { endOfLog, isAfter, type Position, type PositionedEvent, readEvents } from './event-log.js';

/** Events kept in memory unless told otherwise; about 1 kB each. */
const KEEP = 10_000;
const PAGE = 1_000;

export interface EventTail {
  /** Where the log ends now, as far as this process has read. */
  end(): Position;
  /**
   * The tenant's events behind `after`, in log order, without gap or repeat, then live.
   * Pull-driven: a reader that stops asking costs one position, and continues from the database when it has
   * fallen behind what is kept in memory. Ends when `signal` aborts.
   */
  follow(tenantId: Id, after: Position, signal: AbortSignal): AsyncGenerator<PositionedEvent, void>;
  /** Something may have been written. Cheap, may be called any number of times. */
  wake(): void;
  /** Milliseconds since the log was last read with success. */
  lag(now: number): number;
  stop(): Promise<void>;
}

export interface EventTailOptions {
  /** How often the log is read when no hint comes, in milliseconds. Catches every lost hint. */
  readonly pollMs: number;
  /** How many events stay in memory for subscribers that are caught up; at most twice as many for a moment. */
  readonly keep?: number;
  /** Told of a failed read; the tail keeps trying. */
  readonly onError: (error: unknown) => void;
}

/** Follows the log of all tenants once for this process; every subscription reads from here. */
export async function startEventTail(database: Database, options: EventTailOptions): Promise<EventTail> {
  const keep = options.keep ?? KEEP;
  let kept: PositionedEvent[] = [];
  let end = await database.asServer(endOfLog);
  /** Everything behind this position, up to `end`, is in `kept`. */
  let keptFrom = end;
  const waiting = new Set<() => void>();
  let stopping = false;
  let hinted = false;
  let rouse: () => void = () => {};
  let lastRead = Date.now();

  const readOn = async (): Promise<void> => {
    for (;;) {
      const page = await database.asServer((sql) => readEvents(sql, end, PAGE));
      lastRead = Date.now();
      const last = page.at(-1);
      if (!last) return;
      kept.push(...page);
      end = last.position;
      // Trimmed in steps, so that a long array is not copied for every event.
      if (kept.length > 2 * keep) {
        keptFrom = kept[kept.length - keep - 1]?.position ?? keptFrom;
        kept = kept.slice(-keep);
      }
      for (const resume of waiting) resume();
      if (page.length < PAGE) return;
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      hinted = false;
      await readOn().catch(options.onError);
      if (stopping || hinted) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.pollMs);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = loop();

  /** The tenant's next events behind `position`, and how far that looked: between the two there are no others. */
  const pageAfter = async (tenantId: Id, position: Position) => {
    const settled = keptFrom;
    if (isAfter(settled, position)) {
      const events = await database.run(tenantId, (tx) => readEvents(sqlOf(tx), position, PAGE, tenantId));
      return { events, upTo: events.length < PAGE ? settled : position };
    }
    const events = kept.slice(firstBehind(kept, position)).filter((event) => event.tenantId === tenantId);
    return { events, upTo: end };
  };

  return {
    end: () => end,
    async *follow(tenantId, after, signal) {
      let position = after;
      let resume = (): void => {};
      const onAbort = (): void => resume();
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted && !stopping) {
          const { events, upTo } = await pageAfter(tenantId, position);
          for (const event of events) {
            if (signal.aborted) return;
            position = event.position;
            yield event;
          }
          if (isAfter(upTo, position)) position = upTo;
          if (isAfter(end, position) || signal.aborted || stopping) continue;
          await new Promise<void>((resolve) => {
            resume = resolve;
            waiting.add(resolve);
          });
          waiting.delete(resume);
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        waiting.delete(resume);
      }
    },
    wake() {
      hinted = true;
      rouse();
    },
    lag: (now) => now - lastRead,
    async stop() {
      stopping = true;
      rouse();
      for (const resume of waiting) resume();
      await running;
    },
  };
}

/** Index of the first event behind `position`, by halving. */
function firstBehind(events: readonly PositionedEvent[], position: Position): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event && isAfter(event.position, position)) high = middle;
    else low = middle + 1;
  }
  return low;
}
