import { describe, expect, it } from 'vitest';
import { LiveEvents, type LiveSink, type LiveSource } from '../../src/client/live-events.js';

/** A log of numbers, whose cursors are the numbers as text, and a connection to it that can be lost. */
class NumberLog implements LiveSource<number> {
  readonly opened: string[] = [];
  private sink: LiveSink<number> | undefined;
  private whenOpened: () => void = () => {};

  constructor(private readonly numbers: number[] = []) {}

  readonly cursorOf = String;

  start = async (): Promise<string> => String(this.numbers.at(-1) ?? -1);

  open(after: string, sink: LiveSink<number>): () => void {
    this.opened.push(after);
    const missed = this.numbers.filter((number) => number > Number(after));
    this.sink = sink;
    queueMicrotask(() => {
      for (const number of missed) if (this.sink === sink) sink.event(number);
      this.whenOpened();
    });
    return () => {
      if (this.sink === sink) this.sink = undefined;
    };
  }

  write(...numbers: number[]): void {
    this.numbers.push(...numbers);
    for (const number of numbers) this.sink?.event(number);
  }

  lose(problem?: unknown): Promise<void> {
    const again = new Promise<void>((resolve) => {
      this.whenOpened = resolve;
    });
    this.sink?.end(problem);
    this.sink = undefined;
    return again;
  }

  get isConnected(): boolean {
    return this.sink !== undefined;
  }
}

const numbersFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

async function take(events: LiveEvents<number>, count: number): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) throw new Error('the events ended');
    taken.push(value);
  }
  return taken;
}

describe('live events', () => {
  it('give what is written from the start on', async () => {
    const log = new NumberLog([1, 2]);
    const events = new LiveEvents(log);
    await events.started;
    log.write(3, 4);
    expect(await take(events, 2)).toEqual([3, 4]);
  });

  it('continue behind the last event after every loss, without gap or repeat', async () => {
    const log = new NumberLog([0]);
    const events = new LiveEvents(log);
    await events.started;
    log.write(1, 2);
    expect(await take(events, 1)).toEqual([1]);
    for (const problem of [{ code: 1012, reason: 'restarting' }, { code: 1006 }, new Error('refused'), undefined]) {
      const again = log.lose(problem);
      log.write(log.opened.length * 10, log.opened.length * 10 + 1);
      await again;
    }
    expect(await take(events, 9)).toEqual([2, 10, 11, 20, 21, 30, 31, 40, 41]);
    expect(log.opened).toEqual(['0', '2', '11', '21', '31']);
  });

  it('let go of the connection for a slow reader, and lose nothing', async () => {
    const log = new NumberLog([0]);
    const events = new LiveEvents(log);
    await events.started;
    const burst = numbersFrom(1, 3_500);
    log.write(...burst);
    expect(log.isConnected).toBe(true);
    expect(await take(events, 1)).toEqual([1]);
    expect(log.isConnected).toBe(false);
    expect(await take(events, 3_499)).toEqual(burst.slice(1));
    expect(log.opened).toEqual(['0', '1000', '2000', '3000']);
  });

  it.each([
    [[{ message: 'The token has expired.', extensions: { code: 'UNAUTHENTICATED' } }], 'UNAUTHENTICATED'],
    [{ code: 4400, reason: 'Invalid message' }, 'BAD_REQUEST'],
  ])('end with an error when the server refuses: %j', async (problem, code) => {
    const log = new NumberLog([0]);
    const events = new LiveEvents(log);
    await events.started;
    log.write(1);
    void log.lose(problem);
    expect(await events.next()).toEqual({ done: false, value: 1 });
    await expect(events.next()).rejects.toMatchObject({ name: 'CountersignError', code });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(log.opened).toHaveLength(1);
  });

  it('wait as long as the server says when it has been asked too much, and then go on behind the last event', async () => {
    const log = new NumberLog([0]);
    const events = new LiveEvents(log);
    await events.started;
    log.write(1);
    const again = log.lose([{ message: 'Too many.', extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 0.001 } }]);
    log.write(2);
    await again;
    log.write(3);
    expect(await take(events, 3)).toEqual([1, 2, 3]);
    expect(log.opened).toEqual(['0', '1']);
  });

  it('miss nothing where a connection is lost before anything was ever written', async () => {
    const log = new NumberLog();
    const events = new LiveEvents(log);
    await events.started;
    const again = log.lose({ code: 1006 });
    log.write(1);
    await again;
    log.write(2);
    expect(await take(events, 2)).toEqual([1, 2]);
  });

  it('end for a reader that waits, when they are returned', async () => {
    const log = new NumberLog([0]);
    const events = new LiveEvents(log);
    await events.started;
    const waiting = events.next();
    await events.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(log.isConnected).toBe(false);
  });
});
