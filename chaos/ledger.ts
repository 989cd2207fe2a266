/** What a report to the server said. */
export interface ReportSent {
  readonly actionId: string;
  readonly leaseEpoch: number;
  readonly status: 'EXECUTED' | 'FAILED';
}

/** An effect that arrived at a receiver outside. */
export interface Effect {
  readonly receiver: 'http' | 'http with dedup' | 'smtp' | 'webhook of the server' | 'email of the server';
  readonly actionId: string;
  /** The text that was run; undefined where the server made an email of it. */
  readonly canonical: string | undefined;
  /** The email as it came, where the server made it. */
  readonly email?: string;
}

/** All that was acknowledged to somebody, or arrived somewhere, during a run: what the invariants are held against. */
export class Ledger {
  /** Ids of actions by the idempotency key they were acknowledged under. */
  readonly proposed = new Map<string, Set<string>>();
  /** By approval. */
  readonly decided = new Map<string, Set<'APPROVED' | 'REJECTED'>>();
  /** Who was told that it holds the action, by action and epoch. */
  readonly claims = new Map<string, string[]>();
  readonly reports: ReportSent[] = [];
  /** Reports sent after the claim's time was over, on purpose, and those of them that were accepted. */
  readonly late = { sent: 0, accepted: [] as ReportSent[] };
  readonly effects: Effect[] = [];
  /** Deliveries that a receiver knew already and did nothing about. */
  repeats = 0;
  /** What subscribers saw, each in its order. */
  readonly seen: string[][] = [];
  /** Faults by their name. */
  readonly faults = new Map<string, number>();
  /** Refusals that no agent should ever meet, with what was done. */
  readonly surprises: string[] = [];

  propose(key: string, actionId: string): void {
    add(this.proposed, key, actionId);
  }

  decide(approvalId: string, verdict: 'APPROVED' | 'REJECTED'): void {
    add(this.decided, approvalId, verdict);
  }

  claim(actionId: string, leaseEpoch: number, by: string): void {
    const key = `${actionId}/${leaseEpoch}`;
    this.claims.set(key, [...(this.claims.get(key) ?? []), by]);
  }

  fault(name: string): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
  }
}

function add<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
