/** A place in the log: the writing transaction, then the number within it. */
export interface Position {
  readonly tx: bigint;
  readonly id: bigint;
}

/** Before any event there can be, a forged one included. */
export const LOWEST: Position = { tx: 0n, id: -(2n ** 63n) };

/** Below 0: `a` is before `b`; above 0: behind it; 0: the same place. */
export function comparePositions(a: Position, b: Position): number {
  const difference = a.tx === b.tx ? a.id - b.id : a.tx - b.tx;
  return difference < 0n ? -1 : Number(difference > 0n);
}
