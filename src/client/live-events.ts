import { CountersignError, retryAfterMs, toCountersignError, type WireError } from './error.js';

/** One subscription on one connection, told what comes. */
export interface LiveSink<Result> {
  /** An event, with the cursor that stands in it. */
  event(result: Result): void;
  /** Nothing more comes; `problem` is a list of GraphQL errors, a close event or an error, if there is one. */
  end(problem?: unknown): void;
}

export interface LiveSource<Result> {
  /** Opens the subscription behind `after`. Gives how to end it. */
  open(after: string, sink: LiveSink<Result>): () => void;
  /** Where to start. */
  start(): Promise<string>;
  cursorOf(result: Result): string;
}

/** Events kept for a reader that is slower than the server. When there are more, the connection is let go of. */
const MOST_WAITING = 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/**
 * The events of a subscription, each exactly once and in order, for as long as the reader wants them. A lost connection
 * is opened again behind the last event that came, as often as it takes. Ends by itself only with an error: when the
 * server refuses, for instance because the token has expired.
 */
export class LiveEvents<Result> implements AsyncIterableIterator<Result, undefined> {
  /**
   * Resolves once the place in the log is fixed: everything that happens from then on will come. Rejects when the server
   * refuses or cannot be reached at all; so does `next`.
   */
  readonly started: Promise<void>;

  private readonly waiting: Result[] = [];
  /** Behind which event to go on; set before anything is opened. */
  private after = '';
  private stopped = false;
  /** True while the connection has been let go of because the reader has not read what came. */
  private isBehind = false;
  private failure: unknown;
  /** Ends what `keepConnected` is waiting for: the connection, the pause, the reader. */
  private interrupt: () => void = () => {};
  private tellReader: () => void = () => {};

  constructor(
    private readonly source: LiveSource<Result>,
    private readonly onStopped: () => void = () => {},
  ) {
    this.started = source.start().then((cursor) => {
      this.after = cursor;
    });
    this.started
      .then(() => this.keepConnected())
      .catch((error: unknown) => {
        this.failure = error;
        this.stop();
      });
  }

  async next(): Promise<IteratorResult<Result, undefined>> {
    for (;;) {
      const value = this.waiting.shift();
      if (value !== undefined) {
        if (this.waiting.length === 0 && this.isBehind) this.interrupt();
        return { done: false, value };
      }
      if (this.failure !== undefined) {
        const failure = this.failure;
        this.failure = undefined;
        throw failure;
      }
      if (this.stopped) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.tellReader = resolve;
      });
    }
  }

  /** Stops listening. What has come and was not read yet is dropped. */
  async return(): Promise<IteratorResult<Result, undefined>> {
    this.waiting.length = 0;
    this.stop();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.interrupt();
    this.tellReader();
    this.onStopped();
  }

  private async keepConnected(): Promise<void> {
    for (let losses = 0; !this.stopped; ) {
      const [openedAt, before] = [performance.now(), this.after];
      const problem = await this.listen();
      if (this.stopped) return;
      if (this.isBehind) {
        if (this.waiting.length > 0) await this.interruption();
        this.isBehind = false;
        continue;
      }
      const limited = throwIfRefused(problem);
      if (limited !== undefined) {
        await this.pause(limited);
        continue;
      }
      const worked = this.after !== before || performance.now() - openedAt > LONGEST_PAUSE_MS;
      losses = worked ? 0 : losses + 1;
      await this.pause(Math.min(FIRST_PAUSE_MS * 2 ** losses, LONGEST_PAUSE_MS));
    }
  }

  /** One subscription, until it ends. Gives what ended it, if anything is known. */
  private async listen(): Promise<unknown> {
    let problem: unknown;
    const ended = this.interruption();
    let listening = true;
    const release = this.source.open(this.after, {
      event: (result) => {
        if (!listening || this.isBehind) return;
        this.after = this.source.cursorOf(result);
        this.waiting.push(result);
        this.tellReader();
        if (this.waiting.length < MOST_WAITING) return;
        this.isBehind = true;
        this.interrupt();
      },
      end: (reason) => {
        if (!listening) return;
        problem = reason;
        this.interrupt();
      },
    });
    await ended;
    listening = false;
    release();
    return problem;
  }

  private interruption(): Promise<void> {
    return new Promise((resolve) => {
      this.interrupt = resolve;
    });
  }

  private async pause(milliseconds: number): Promise<void> {
    const interrupted = this.interruption();
    const timer = setTimeout(this.interrupt, milliseconds);
    await interrupted;
    clearTimeout(timer);
  }
}

/** Closed because of what this client sent: the same again would be refused again. */
const REFUSALS = [4400, 4401, 4403, 4406, 4409, 4429];

/**
 * Anything but a refusal may be over when the connection is opened again. Gives how long to wait before that, in
 * milliseconds, where the server says so.
 */
function throwIfRefused(problem: unknown): number | undefined {
  if (Array.isArray(problem)) {
    const error = toCountersignError(problem as WireError[]);
    const wait = retryAfterMs(error);
    if (wait === undefined) throw error;
    return wait;
  }
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return undefined;
  const reason = 'reason' in problem ? String(problem.reason) : '';
  if (!REFUSALS.some((code) => code === problem.code)) return undefined;
  throw new CountersignError('BAD_REQUEST', `The server closed the connection: ${problem.code} ${reason}`.trim());
}
