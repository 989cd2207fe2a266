import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Caller, StandingReader, TenantStandings, UserStanding } from '../../src/features/identity/ports.js';
import { Standings } from '../../src/features/identity/standings.js';
import { watchStandings } from '../../src/features/identity/watch.js';

const caller = (nameKey: string, tenantId = 'tenant', keyId: string | null = null): Caller => ({
  tenantId,
  nameKey,
  keyId,
});
const suspended: UserStanding = { roles: null, owner: null, suspendedAt: new Date() };

/** A database of standings, in memory, that counts what it is asked. */
class Records implements StandingReader {
  readonly users = new Map<string, UserStanding>();
  readonly liveKeys = new Set<string>();
  readonly asked = { versions: 0, reads: [] as number[] };
  version = 0n;
  isGone = false;
  problem: Error | undefined;
  /** Holds back answers, which are of the moment of the question. */
  gate: Promise<void> = Promise.resolve();

  change(name: string, user: UserStanding): void {
    this.users.set(name, user);
    this.version += 1n;
  }

  async versions(tenantIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    this.asked.versions += 1;
    if (this.problem) throw this.problem;
    return new Map(this.isGone ? [] : tenantIds.map((id) => [id, this.version]));
  }

  async read(_tenantId: string, callers: readonly Caller[]): Promise<TenantStandings | undefined> {
    this.asked.reads.push(callers.length);
    if (this.problem) throw this.problem;
    const answer = { version: this.version, users: new Map(this.users), liveKeys: new Set(this.liveKeys) };
    const isGone = this.isGone;
    await this.gate;
    return isGone ? undefined : answer;
  }
}

describe('what a process remembers of its callers', () => {
  test('a thousand requests and a thousand streams cost one small query a beat, and no look-up each', async () => {
    const records = new Records();
    let now = 0;
    const standings = new Standings(records, () => now);
    for (let index = 0; index < 1_000; index++) await standings.of(caller(`user-${index}`));
    expect(records.asked.reads).toHaveLength(1_000);
    for (let beat = 0; beat < 10; beat++) {
      now += 500;
      await standings.refresh();
      for (let index = 0; index < 1_000; index++) await standings.of(caller(`user-${index}`));
    }
    expect(records.asked).toEqual({ versions: 10, reads: Array.from({ length: 1_000 }, () => 1) });
  });

  test('a change reaches everybody who is held, with one query for the tenant', async () => {
    const records = new Records();
    const standings = new Standings(records, () => 0);
    const held = await Promise.all(['ana', 'ben', 'cleo'].map((name) => standings.of(caller(name))));
    records.change('ben', suspended);
    records.asked.reads.length = 0;
    await standings.refresh();
    expect(held.map(({ user }) => user)).toEqual([null, suspended, null]);
    expect(records.asked.reads).toEqual([3]);
  });

  test('where no refresh got through, a request reads for itself before it is believed', async () => {
    const records = new Records();
    let now = 0;
    const standings = new Standings(records, () => now);
    await standings.of(caller('ana'));
    records.change('ana', suspended);
    now += 900;
    expect((await standings.of(caller('ana'))).user).toBeNull();
    now += 1;
    expect((await standings.of(caller('ana'))).user).toEqual(suspended);
  });

  test('a change made by this process counts for its next request', async () => {
    const records = new Records();
    const standings = new Standings(records, () => 0);
    await standings.of(caller('ana'));
    records.change('ana', suspended);
    standings.distrust('tenant');
    expect((await standings.of(caller('ana'))).user).toEqual(suspended);
  });

  test('an answer that was on its way while things changed does not stay', async () => {
    const records = new Records();
    const standings = new Standings(records, () => 0);
    const ana = await standings.of(caller('ana'));
    let release = (): void => {};
    records.gate = new Promise((resolve) => {
      release = resolve;
    });
    const late = standings.of(caller('ben'));
    records.gate = Promise.resolve();
    records.change('ben', suspended);
    records.change('ana', suspended);
    await standings.refresh();
    release();
    await late;
    expect(ana.user).toEqual(suspended);
    expect((await standings.of(caller('ben'))).user).toEqual(suspended);
  });

  test('many requests of one new caller at once cost one look-up', async () => {
    const records = new Records();
    const standings = new Standings(records, () => 0);
    await Promise.all(Array.from({ length: 50 }, () => standings.of(caller('ana'))));
    expect(records.asked.reads).toEqual([1]);
  });

  test('a key is judged by itself and by its agent', async () => {
    const records = new Records();
    records.liveKeys.add('key-2');
    records.change('bot', suspended);
    const standings = new Standings(records, () => 0);
    expect(await standings.of(caller('bot', 'tenant', 'key-1'))).toMatchObject({ isKeyRevoked: true, user: suspended });
    expect(await standings.of(caller('bot', 'tenant', 'key-2'))).toMatchObject({ isKeyRevoked: false });
  });

  test('who belongs to a tenant that was removed is told so', async () => {
    const records = new Records();
    const standings = new Standings(records, () => 0);
    const ana = await standings.of(caller('ana'));
    records.isGone = true;
    await standings.refresh();
    expect(ana.isGone).toBe(true);
    expect((await standings.of(caller('ana'))).isGone).toBe(true);
  });

  test('who is not seen for a minute is forgotten; who is used is not', async () => {
    const records = new Records();
    let now = 0;
    const standings = new Standings(records, () => now);
    const used = await standings.of(caller('ana'));
    await standings.of(caller('ben'));
    now += 60_001;
    used.use();
    records.change('ana', suspended);
    records.asked.reads.length = 0;
    await standings.refresh();
    expect(records.asked.reads).toEqual([1]);
    expect(used.user).toEqual(suspended);
    now += 60_001;
    records.asked.versions = 0;
    await standings.refresh();
    expect(records.asked.versions).toBe(0);
  });
});

describe('the watch over open streams', () => {
  afterEach(() => vi.useRealTimers());

  test('tells a stream within a second of a change, and again until the stream is gone', async () => {
    vi.useFakeTimers();
    const records = new Records();
    const standings = new Standings(records);
    const ana = await standings.of(caller('ana'));
    const watch = watchStandings(standings, { onError: (error) => expect.unreachable(String(error)) });
    const told: (UserStanding | null)[] = [];
    const unwatch = watch.watch(() => told.push(ana.user));
    await vi.advanceTimersByTimeAsync(250);
    records.change('ana', suspended);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toContainEqual(suspended);
    unwatch();
    const times = told.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toHaveLength(times);
    await watch.stop();
  });

  test('goes on while the database does not answer, says so once, and finds what changed meanwhile', async () => {
    vi.useFakeTimers();
    const records = new Records();
    const standings = new Standings(records);
    const ana = await standings.of(caller('ana'));
    const problems: unknown[] = [];
    const watch = watchStandings(standings, { onError: (error) => problems.push(error) });
    let checks = 0;
    watch.watch(() => {
      ana.use();
      checks += 1;
    });
    records.problem = new Error('the database is away');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(problems).toEqual([records.problem]);
    expect(checks).toBe(20);
    records.problem = undefined;
    records.change('ana', suspended);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ana.user).toEqual(suspended);
    await watch.stop();
    await watch.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
