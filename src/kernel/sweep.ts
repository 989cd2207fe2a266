/**
 * Does a piece of work for each of several things, one after the other. One that fails keeps none of the others from
 * their turn.
 *
 * @param what says of the failures what did not happen, behind their number: `lost jobs could not be put in`
 * @returns for how many the work answered true
 * @throws AggregateError of those that failed, after all others were done
 */
export async function forEach<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<boolean>,
  what: string,
): Promise<number> {
  const failures: unknown[] = [];
  let done = 0;
  for (const item of items) {
    try {
      if (await work(item)) done += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} ${what}`);
  return done;
}
