import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Actor, nameKey } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/errors.js';
import type { GraphQLContext } from './context.js';
import { refusal } from './errors.js';

/** How much may be asked in a minute; 0: as much as one likes. */
export interface RateLimits {
  /** By one principal, over both doors together. */
  readonly perPrincipal: number;
  /** By callers at one network address who are not recognised, all of them together. */
  readonly perAddress: number;
}

const MINUTE_SECONDS = 60;
/** An operation counts one, and one more for each so many fields that it could return. */
const FIELDS_PER_POINT = 1_000;

/** Under what a caller's requests are added up. Somebody's name in another case is the same somebody. */
export const principalKey = ({ tenantId, name }: Actor): string => `${tenantId}/${nameKey(name)}`;

/** Counts, in this process, what each caller asks: a minute begins with the first request and then starts anew. */
export class RateLimiter {
  private readonly principals: RateLimiterMemory | undefined;
  private readonly addresses: RateLimiterMemory | undefined;

  /** @param onRefused told of each refusal, and what it counts by */
  constructor(
    { perPrincipal, perAddress }: RateLimits,
    private readonly onRefused: (limit: 'principal' | 'address') => void = () => {},
  ) {
    this.principals = limiterOf(perPrincipal);
    this.addresses = limiterOf(perAddress);
  }

  /**
   * Counts a request, before anything of it is looked at.
   *
   * @throws RATE_LIMITED, as an error that both doors can send
   */
  async countRequest({ actor }: Pick<GraphQLContext, 'actor'>, address: string | undefined): Promise<void> {
    const caller = whoeverItIs(actor);
    if (caller instanceof DomainError) await this.consume('address', networkOf(address ?? 'unknown'), 1);
    else if (caller instanceof Error) return;
    else await this.consume('principal', principalKey(caller), 1);
  }

  /**
   * Counts what an operation could return, once that is known. Nobody does work for callers who are not recognised.
   *
   * @param cost in fields
   * @returns undefined when there is nothing to wait for; it rejects with RATE_LIMITED
   */
  countCost({ actor }: Pick<GraphQLContext, 'actor'>, cost: number): Promise<void> | undefined {
    const points = Math.floor(cost / FIELDS_PER_POINT);
    if (points === 0) return undefined;
    const caller = whoeverItIs(actor);
    return caller instanceof Error ? undefined : this.consume('principal', principalKey(caller), points);
  }

  private async consume(limit: 'principal' | 'address', key: string, points: number): Promise<void> {
    const limiter = limit === 'principal' ? this.principals : this.addresses;
    await limiter?.consume(key, points).catch((refused: unknown) => {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      this.onRefused(limit);
      throw refusal(tooMuch(refused, limiter.points));
    });
  }
}

/** Who calls; or why that is not known: a refusal, or that the server itself failed, for which nobody is to blame. */
function whoeverItIs(actor: () => Actor): Actor | Error {
  try {
    return actor();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const limiterOf = (points: number): RateLimiterMemory | undefined =>
  points > 0 ? new RateLimiterMemory({ points, duration: MINUTE_SECONDS, keyPrefix: '' }) : undefined;

function tooMuch({ msBeforeNext }: RateLimiterRes, limit: number): DomainError {
  const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new DomainError(
    'RATE_LIMITED',
    `Expected at most ${limit} requests a minute, got more; nothing was done. Ask again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}

const NETWORK_GROUPS = 4;

/** Whoever has one IPv6 address usually has the 2^64 around it. */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const [front = '', behind] = bare.split('::');
  const groups = front === '' ? [] : front.split(':');
  // What `::` leaves out are zeros; only a very short one leaves out groups behind the network.
  const last = behind === undefined || behind === '' ? [] : behind.split(':');
  const zeros = behind === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0');
  const network = [...groups, ...zeros, ...last].slice(0, NETWORK_GROUPS);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
