export interface Ending {
  /** Ends everything in order. */
  close(): Promise<void>;
  /** What has not ended yet. */
  readonly unfinished: readonly string[];
}

export interface EndingOptions {
  /** How long that may take. */
  readonly seconds: number;
  /** Told, in one line, when it took longer or failed. */
  readonly say: (line: string) => void;
}

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Ends this process on SIGTERM or SIGINT: in order and with 0; with 1 and a line that says what did not end, when the
 * time is over; at once on a second signal.
 */
export function endOnSignals(ending: Ending, { seconds, say }: EndingOptions): void {
  let isEnding = false;
  const end = (signal: keyof typeof SIGNALS): void => {
    // The way shells report a process that a signal ended.
    if (isEnding) process.exit(128 + SIGNALS[signal]);
    isEnding = true;
    setTimeout(() => {
      const held = ending.unfinished.join(', ') || 'something outside the list of what is released';
      say(`Shutting down took longer than ${seconds} s; not ended: ${held}. Ending now.`);
      process.exit(1);
    }, seconds * 1000);
    // Whatever still keeps the process once all is released, as a library's timer, is not waited for.
    ending.close().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`Shutting down did not go smoothly: ${reasonsOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', end).on('SIGTERM', end);
}

const reasonsOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonsOf).join('; ');
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
};
