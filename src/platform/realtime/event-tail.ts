import { DomainError } from '../../kernel/errors.js';
import type { LogEvent } from '../../kernel/events.js';
import type { Id } from '../../kernel/ids.js';
import { takeTurns } from '../../kernel/turns.js';
import { type Database, sqlOf } from '../db/database.js';
import { endOfLog, isAfter, type Position, type PositionedEvent, readEvents } from './event-log.js';
import { requireKept } from './log-horizon.js';
import { pause } from './pause.js';

/** Events kept in memory unless told otherwise; about 1 kB each. */
const KEEP = 10_000;
const PAGE = 1_000;
/** What one reader holds at most, so that a stalled one does not keep alive what the tail has let go of. */
const READER_PAGE = 200;
/** Readers that catch up from the database at the same time. The others wait; requests need connections too. */
const CATCHING_UP = 4;
/** How soon to look again after a hint, in milliseconds: doubled each time, up to the poll. */
const LOOK_AGAIN_MS = 10;
/** How long to wait before reading again after a failure, in milliseconds: doubled each time, up to the second. */
const RETRY_MS = [100, 2_000] as const;

export interface EventTail {
  /** Where the log ends now, as far as this process has read. */
  end(): Position;
  /**
   * The tenant's events behind `after`, in log order, without gap or repeat, then live. Events that do not match are
   * passed over; they hold nobody up.
   *
   * Pull-driven: a reader that stops asking costs a position and a page, and continues from the database when it has
   * fallen behind what is kept in memory. A database that does not answer is waited for. Ends when `signal` aborts.
   *
   * @throws CURSOR_EXPIRED when events behind its place have been deleted
   */
  follow(
    tenantId: Id,
    after: Position,
    signal: AbortSignal,
    matches?: (event: LogEvent) => boolean,
  ): AsyncGenerator<PositionedEvent, void>;
  /** @throws CURSOR_EXPIRED when `follow` from there would */
  requireKept(tenantId: Id, after: Position): Promise<void>;
  /** Something may have been written. Cheap, may be called any number of times. */
  wake(): void;
  /** Milliseconds since the log was last read with success. */
  lag(now: number): number;
  /** Ends every reader. Safe to call twice. */
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

/** A reader that has seen everything. */
interface Waiting {
  /** Sends it on its way from a place up to which there was nothing for it. */
  readonly resume: (position: Position) => void;
}

/** Follows the log of all tenants once for this process; every subscription reads from here. */
export async function startEventTail(database: Database, options: EventTailOptions): Promise<EventTail> {
  const keep = options.keep ?? KEEP;
  let kept: PositionedEvent[] = [];
  let end = await database.asServer(endOfLog);
  /** Everything behind this position, up to `end`, is in `kept`. */
  let keptFrom = end;
  const waiting = new Map<Id, Set<Waiting>>();
  let stopping = false;
  const inTurn = takeTurns(CATCHING_UP);
  let hinted = false;
  let rouse: () => void = () => {};
  let lastRead = Date.now();

  const take = (page: readonly PositionedEvent[]): void => {
    const before = end;
    kept.push(...page);
    end = page.at(-1)?.position ?? end;
    for (const tenantId of new Set(page.map((event) => event.tenantId))) {
      // Until this page nothing had come for those who waited: they are caught up, however much the others wrote.
      for (const reader of waiting.get(tenantId) ?? []) reader.resume(before);
      waiting.delete(tenantId);
    }
    // Trimmed in steps, so that a long array is not copied for every event.
    if (kept.length <= 2 * keep) return;
    keptFrom = kept[kept.length - keep - 1]?.position ?? keptFrom;
    kept = kept.slice(-keep);
  };

  const readOn = async (): Promise<void> => {
    for (let full = true; full && !stopping; ) {
      const page = await database.asServer((sql) => readEvents(sql, end, PAGE));
      lastRead = Date.now();
      if (page.length > 0) take(page);
      full = page.length === PAGE;
    }
  };

  const loop = async (): Promise<void> => {
    let wait = options.pollMs;
    for (let failures = 0; !stopping; ) {
      // What was announced may not be settled yet, and what holds it back may end without a hint.
      if (hinted) wait = LOOK_AGAIN_MS;
      hinted = false;
      try {
        await readOn();
        failures = 0;
      } catch (error) {
        failures += 1;
        options.onError(error);
      }
      if (stopping || (hinted && failures === 0)) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, failures === 0 ? wait : retryAfter(failures));
        rouse = () => {
          // After a failure hints change nothing: whoever writes in the meantime would make this a busy loop.
          if (failures > 0 && !stopping) return;
          clearTimeout(timer);
          resolve();
        };
      });
      wait = Math.min(2 * wait, options.pollMs);
    }
  };
  const running = loop();

  const readPage = (tenantId: Id, position: Position): Promise<readonly PositionedEvent[]> =>
    database.run(tenantId, async (tx) => {
      const events = await readEvents(sqlOf(tx), position, READER_PAGE, tenantId);
      await requireKept(sqlOf(tx), position, 'after');
      return events;
    });

  /** Reads from the database, as often as it takes. */
  const catchUp = (tenantId: Id, position: Position, signal: AbortSignal): Promise<readonly PositionedEvent[]> =>
    inTurn(async () => {
      for (let failures = 1; !signal.aborted && !stopping; failures += 1) {
        try {
          return await readPage(tenantId, position);
        } catch (error) {
          if (error instanceof DomainError) throw error;
          options.onError(error);
          await pause(retryAfter(failures), signal);
        }
      }
      return [];
    });

  /** The tenant's next events behind `position`, and how far that looked: between the two there are no others. */
  const pageAfter = async (tenantId: Id, position: Position, signal: AbortSignal) => {
    const settled = keptFrom;
    if (isAfter(settled, position)) {
      const events = await catchUp(tenantId, position, signal);
      return { events, upTo: events.length < READER_PAGE ? settled : position };
    }
    const from = firstBehind(kept, position);
    const events = kept.slice(from, from + READER_PAGE);
    return { events: events.filter((event) => event.tenantId === tenantId), upTo: events.at(-1)?.position ?? end };
  };

  const sleep = (tenantId: Id, position: Position, signal: AbortSignal): Promise<Position> =>
    new Promise((resolve) => {
      const readers = waiting.get(tenantId) ?? new Set();
      const reader: Waiting = {
        resume(from) {
          signal.removeEventListener('abort', leave);
          // One that read from the database may be ahead of what the tail has read.
          resolve(isAfter(from, position) ? from : position);
        },
      };
      const leave = (): void => {
        readers.delete(reader);
        if (readers.size === 0 && waiting.get(tenantId) === readers) waiting.delete(tenantId);
        resolve(position);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.set(tenantId, readers.add(reader));
    });

  return {
    end: () => end,
    async *follow(tenantId, after, signal, matches = () => true) {
      const isOver = (): boolean => signal.aborted || stopping;
      for (let position = after; !isOver(); ) {
        const { events, upTo } = await pageAfter(tenantId, position, signal);
        for (const event of events) {
          if (isOver()) return;
          position = event.position;
          if (matches(event)) yield event;
        }
        if (isAfter(upTo, position)) position = upTo;
        if (!isAfter(end, position) && !isOver()) position = await sleep(tenantId, position, signal);
      }
    },
    async requireKept(tenantId, after) {
      if (!isAfter(keptFrom, after)) return;
      await database.run(tenantId, (tx) => requireKept(sqlOf(tx), after, 'after'));
    },
    wake() {
      hinted = true;
      rouse();
    },
    lag: (now) => now - lastRead,
    async stop() {
      stopping = true;
      rouse();
      for (const readers of waiting.values()) for (const reader of readers) reader.resume(end);
      waiting.clear();
      await running;
    },
  };
}

const retryAfter = (failures: number): number => Math.min(RETRY_MS[0] * 2 ** (failures - 1), RETRY_MS[1]);

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
