/** The one source of time. Decisions take `now` as data; only services and platform code hold a clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
