/**
 * Lets concurrent callers share one transaction: while one batch commits, the next gathers. Under load a commit's
 * cost is divided among all who wait; alone, a caller waits for nobody.
 *
 * Who waits is shared out evenly among the batches that may run, so that one is prepared while another commits.
 *
 * `commit` answers in the order of its items, an Error for each item that is refused by itself. When it throws, the
 * items are tried again one by one, so that one bad item fails alone.
 */
export function groupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  { maxBatch, concurrency }: { readonly maxBatch: number; readonly concurrency: number },
): (item: Item) => Promise<Result> {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (error: unknown) => void;
  }
  const queue: Waiting[] = [];
  let running = 0;
  let willPump = false;

  const settle = (waiting: readonly Waiting[], results: readonly (Result | Error)[]): void => {
    waiting.forEach(({ resolve, reject }, index) => {
      const result = results[index];
      if (result instanceof Error) reject(result);
      else if (result === undefined) reject(new Error('the batch gave no answer for an item'));
      else resolve(result);
    });
  };

  const commitBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      settle(batch, await commit(batch.map(({ item }) => item)));
    } catch (error) {
      if (batch.length === 1) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const waiting of batch) await commitBatch([waiting]);
    }
  };

  const pump = (): void => {
    willPump = false;
    while (running < concurrency && queue.length > 0) {
      const share = Math.ceil(queue.length / (concurrency - running));
      running += 1;
      void commitBatch(queue.splice(0, Math.min(share, maxBatch))).finally(() => {
        running -= 1;
        pumpSoon();
      });
    }
  };

  /** Callers of the same turn of the event loop, and those whose answers have just come, get into the same batches. */
  const pumpSoon = (): void => {
    if (willPump || running >= concurrency || queue.length === 0) return;
    willPump = true;
    setImmediate(pump);
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      pumpSoon();
    });
}
