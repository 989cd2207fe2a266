import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { canPin } from './cell.js';

/** What the figures were measured on, for whoever compares. */
export function describeMachine(): string[] {
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${memory} GiB, ${platform()} ${release()}`,
    `Node ${process.version}`,
    canPin ? 'server and load driver each on a core of its own' : 'no taskset here: server and driver share the cores',
  ];
}

/** How busy the machine is with other things, from 0 (idle) to 1 (every core taken) and beyond. */
export const busyness = (): number => (loadavg()[0] ?? 0) / availableParallelism();
