/** Operations under way at the HTTP door, so that a server that ends can wait for them. */
export interface Traffic {
  /** Does the work and counts it; undefined when nothing new is taken any more. */
  admit<Result>(work: () => Promise<Result>): Promise<Result> | undefined;
  /** From now on nothing new is taken. Resolves when nothing is under way. */
  drain(): Promise<void>;
}

/** Nothing under way, everything let in. */
export function createTraffic(): Traffic {
  let underWay = 0;
  let isOver = false;
  let onIdle: (() => void) | undefined;
  return {
    admit(work) {
      if (isOver) return undefined;
      underWay += 1;
      return work().finally(() => {
        underWay -= 1;
        if (underWay === 0) onIdle?.();
      });
    },
    drain() {
      isOver = true;
      return new Promise((resolve) => {
        onIdle = resolve;
        if (underWay === 0) resolve();
      });
    },
  };
}
