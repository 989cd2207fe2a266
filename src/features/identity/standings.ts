import type { Id } from '../../kernel/ids.js';
import type { Caller, StandingReader, TenantStandings, UserStanding } from './ports.js';

/** How old what is remembered may be when it is used, in milliseconds: below a second, and above the watch's beat. */
const MOST_AGE_MS = 900;
/** Callers not seen for this long are forgotten. */
const FORGET_MS = 60_000;

/** How a caller stands now. Kept up to date while it is used; read it anew for every use. */
export interface Standing {
  /** What the tenant laid down about the principal; null: nothing. */
  readonly user: UserStanding | null;
  readonly isKeyRevoked: boolean;
  /** The tenant was removed. */
  readonly isGone: boolean;
  /** Says that somebody still relies on it. */
  use(): void;
}

class Entry implements Standing {
  user: UserStanding | null = null;
  isKeyRevoked = false;
  isGone = false;
  /** As of which version of the tenant's records. */
  version = -1n;
  usedAt: number;

  constructor(
    readonly caller: Caller,
    private readonly now: () => number,
  ) {
    this.usedAt = now();
  }

  use(): void {
    this.usedAt = this.now();
  }

  take(found: TenantStandings | undefined): void {
    const { nameKey, keyId } = this.caller;
    this.isGone = found === undefined;
    this.user = found?.users.get(nameKey) ?? null;
    this.isKeyRevoked = keyId !== null && !found?.liveKeys.has(keyId);
    this.version = found?.version ?? this.version;
  }
}

interface Seen {
  version: bigint;
  /** When that was asked; what is true at least since then. */
  at: number;
}

/**
 * What this process remembers of its callers, so that a request costs no look-up and yet a revoked key, a lost role or
 * a suspension counts within a second, whichever instance it was entered at.
 *
 * Each tenant has a number that moves with every change (see the migration). `refresh`, called by the watch, asks all
 * those numbers with one query and reads anew only what has moved. Where no refresh got through for a while, a request
 * reads for itself before it is believed.
 */
export class Standings {
  private readonly entries = new Map<string, Entry>();
  private readonly seen = new Map<Id, Seen>();
  private readonly loading = new Map<string, Promise<Entry>>();

  /** @param now milliseconds of a clock that never jumps; only differences count */
  constructor(
    private readonly reader: StandingReader,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The caller's standing, at most `MOST_AGE_MS` old. */
  async of(caller: Caller): Promise<Standing> {
    const key = `${caller.tenantId} ${caller.keyId ?? ''} ${caller.nameKey}`;
    const entry = this.entries.get(key);
    if (entry && this.isFresh(entry)) {
      entry.use();
      return entry;
    }
    let loading = this.loading.get(key);
    if (!loading) {
      loading = this.load(entry ?? new Entry(caller, this.now), key).finally(() => this.loading.delete(key));
      this.loading.set(key, loading);
    }
    return loading;
  }

  /** Brings up to date what has changed, with one query for all tenants and one more for each that has changes. */
  async refresh(): Promise<void> {
    const byTenant = this.usedEntries();
    if (byTenant.size === 0) return;
    const at = this.now();
    const versions = await this.reader.versions([...byTenant.keys()]);
    for (const [tenantId, entries] of byTenant) {
      const version = versions.get(tenantId);
      const outdated = entries.filter((entry) => entry.version !== version);
      if (outdated.length > 0) await this.reload(tenantId, outdated);
      else if (version !== undefined) this.note(tenantId, version, at);
    }
  }

  /** Something of the tenant has just changed here: what is remembered is asked anew before its next use. */
  distrust(tenantId: Id): void {
    this.seen.delete(tenantId);
  }

  private async load(entry: Entry, key: string): Promise<Entry> {
    await this.reload(entry.caller.tenantId, [entry]);
    entry.use();
    this.entries.set(key, entry);
    return entry;
  }

  private async reload(tenantId: Id, entries: readonly Entry[]): Promise<void> {
    const at = this.now();
    const found = await this.reader.read(
      tenantId,
      entries.map(({ caller }) => caller),
    );
    for (const entry of entries) {
      // Of two reads under way at once the newer one counts, whichever ends last.
      if (found === undefined || found.version >= entry.version) entry.take(found);
    }
    if (found) this.note(tenantId, found.version, at);
  }

  private note(tenantId: Id, version: bigint, at: number): void {
    const seen = this.seen.get(tenantId);
    if (!seen || version > seen.version || (version === seen.version && at > seen.at)) {
      this.seen.set(tenantId, { version, at });
    }
  }

  private isFresh({ caller, version, isGone }: Entry): boolean {
    const seen = this.seen.get(caller.tenantId);
    return !isGone && seen !== undefined && seen.version === version && this.now() - seen.at <= MOST_AGE_MS;
  }

  /** By tenant; forgets the others. */
  private usedEntries(): Map<Id, Entry[]> {
    const limit = this.now() - FORGET_MS;
    const byTenant = new Map<Id, Entry[]>();
    for (const [key, entry] of this.entries) {
      if (entry.usedAt < limit) {
        this.entries.delete(key);
        continue;
      }
      const { tenantId } = entry.caller;
      const others = byTenant.get(tenantId);
      if (others) others.push(entry);
      else byTenant.set(tenantId, [entry]);
    }
    for (const tenantId of this.seen.keys()) if (!byTenant.has(tenantId)) this.seen.delete(tenantId);
    return byTenant;
  }
}
