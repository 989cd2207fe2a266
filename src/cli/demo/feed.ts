import type { LiveEvents } from '../../client/index.js';
import { CommandError } from '../commands/terminal.js';

/** How long the walk waits for a push, in milliseconds. A push takes a few. */
const PATIENCE_MS = 10_000;

/** Listens to a subscription and lets the walk wait until something was heard. */
export class Feed<Event> {
  private readonly heard: Event[] = [];
  private failure: unknown;
  private readonly waiting = new Set<() => void>();

  /** @param onEvent is called with each event as it comes, before anybody who waits for it goes on. */
  constructor(
    private readonly what: string,
    private readonly events: LiveEvents<Event>,
    onEvent: (event: Event) => void = () => {},
  ) {
    this.listen(onEvent).catch((error: unknown) => {
      this.failure = error;
      this.tellAll();
    });
  }

  get started(): Promise<void> {
    return this.events.started;
  }

  /** The first event, of those heard so far or to come, that is the right one. */
  async hears(isRight: (event: Event) => boolean): Promise<Event> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.heard.find(isRight);
      if (found !== undefined) return found;
      if (this.failure !== undefined) throw this.failure;
      const left = deadline - performance.now();
      if (left <= 0) throw new CommandError(`Expected ${this.what} to be pushed within ${PATIENCE_MS / 1000} seconds.`);
      await this.news(left);
    }
  }

  private async listen(onEvent: (event: Event) => void): Promise<void> {
    for await (const event of this.events) {
      this.heard.push(event);
      onEvent(event);
      this.tellAll();
    }
  }

  private async news(atMostMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let resume = (): void => {};
    await new Promise<void>((resolve) => {
      resume = resolve;
      this.waiting.add(resolve);
      timer = setTimeout(resolve, atMostMs);
    });
    this.waiting.delete(resume);
    clearTimeout(timer);
  }

  private tellAll(): void {
    for (const resume of this.waiting) resume();
  }
}
