import autocannon from 'autocannon';
import { BODY } from './fixture.js';

export interface DriverInput {
  readonly url: string;
  readonly token: string | undefined;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The exact answer that every request must get. */
  readonly answer: string;
}

export interface DriverAnswer {
  readonly perSecond: number;
  /** Of the load driver itself: near 1 it measures itself, not the server. */
  readonly driverBusy: number;
}

const CONNECTIONS = 32;

/** As many requests as the server can take: each connection sends the next when it has its answer. */
export default async function drive(input: unknown): Promise<DriverAnswer> {
  const { url, token, warmUpSeconds, seconds, answer } = input as DriverInput;
  const run = async (duration: number) => {
    const result = await autocannon({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: BODY,
      expectBody: answer,
      connections: CONNECTIONS,
      duration,
    });
    const { non2xx, errors, timeouts, mismatches } = result;
    if (non2xx + errors + timeouts + mismatches > 0) {
      throw new Error(`${url}: ${JSON.stringify({ non2xx, errors, timeouts, mismatches })}: this run does not count`);
    }
    return result;
  };
  await run(warmUpSeconds);
  const before = process.cpuUsage();
  const started = performance.now();
  const { '2xx': good, duration } = await run(seconds);
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: good / duration,
    driverBusy: (user + system) / 1_000 / (performance.now() - started),
  };
}
