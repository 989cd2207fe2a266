import type { Sample } from './proposal.js';

export interface ProposeInput {
  /** What a proposal leaves behind. */
  readonly sample: Sample;
  readonly databaseUrl: string;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface ProposeAnswer {
  readonly perSecond: number;
  /** Proposals acknowledged in all, warm-up included: as many actions, approvals and events must be stored. */
  readonly acknowledged: number;
  /** Milliseconds from asking to the acknowledgement. */
  readonly latency: { readonly p50: number; readonly p99: number };
}

/** How many proposals wait at any time. */
export const IN_FLIGHT = 64;

/** Keeps `IN_FLIGHT` calls of `propose` under way; each starts the next when it is acknowledged. */
export async function keepInFlight(
  propose: (index: number) => Promise<unknown>,
  { warmUpSeconds, seconds }: ProposeInput,
): Promise<ProposeAnswer> {
  const started = performance.now();
  const from = started + warmUpSeconds * 1_000;
  const until = from + seconds * 1_000;
  const latencies: number[] = [];
  let asked = 0;
  let acknowledged = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const before = performance.now();
      if (before >= until) return;
      await propose(asked++);
      acknowledged += 1;
      const now = performance.now();
      if (now >= from && now < until) latencies.push(now - before);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  latencies.sort((a, b) => a - b);
  const percentile = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
  return {
    perSecond: latencies.length / seconds,
    acknowledged,
    latency: { p50: percentile(0.5), p99: percentile(0.99) },
  };
}
