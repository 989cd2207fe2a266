/** How to let go of what was started, each with a name that an operator understands. */
export interface Releases {
  /** Remembers how to end something. What was added last is ended first. */
  add(what: string, release: () => unknown): void;
  /**
   * Ends everything, newest first. What fails does not keep the rest from being let go. Safe to call twice.
   *
   * @throws AggregateError of all that failed
   */
  releaseAll(): Promise<void>;
  /** What has not ended yet, in the order in which it ends: the first is at it while everything is being released. */
  readonly unfinished: readonly string[];
}

/** An empty list. */
export function createReleases(): Releases {
  const held: { readonly what: string; readonly release: () => unknown }[] = [];
  let releasing: Promise<void> | undefined;

  const releaseEach = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let last = held.at(-1); last; last = held.at(-1)) {
      try {
        await last.release();
      } catch (error) {
        failures.push(error);
      }
      held.splice(held.lastIndexOf(last), 1);
    }
    if (failures.length > 0) throw new AggregateError(failures, 'stopping did not go smoothly');
  };

  return {
    add: (what, release) => void held.push({ what, release }),
    releaseAll() {
      releasing ??= releaseEach();
      return releasing;
    },
    get unfinished() {
      return held.map(({ what }) => what).reverse();
    },
  };
}
