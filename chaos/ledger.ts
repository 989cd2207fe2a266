import type { Failpoint, FailpointAction } from '../src/kernel/failpoints.js';

/** What came of a failpoint that was set. */
export type Strike = FailpointAction | 'not passed';

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

/** What must be refused: how often it was tried, and which of the tries were accepted. */
export interface Tries {
  sent: number;
  readonly accepted: string[];
}

const noTries = (): Tries => ({ sent: 0, accepted: [] });

/** A deal that has left the early stages. Times are milliseconds since 1970. */
export interface DealMove {
  readonly dealId: string;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
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
  /** Reports sent after the claim's time was over, on purpose. */
  readonly late = noTries();
  /** Somebody signs what they proposed. */
  readonly own = noTries();
  /** A key that was used comes with another body. */
  readonly otherBody = noTries();
  /** A name that is nearly that of a type. */
  readonly lookAlike = noTries();
  /** Texts that people put in the place of others, by action. */
  readonly edits = new Map<string, Set<string>>();
  readonly dealMoves: DealMove[] = [];
  /** Exit codes of servers that were told to stop. */
  readonly stops: (number | null)[] = [];
  readonly effects: Effect[] = [];
  /** Deliveries that a receiver knew already and did nothing about. */
  repeats = 0;
  /** What subscribers saw, each in its order. */
  readonly seen: string[][] = [];
  /** Faults by their name. */
  readonly faults = new Map<string, number>();
  /** What happened at named places: so many times by place and by what it was. */
  readonly struck = new Map<Failpoint, Map<Strike, number>>();
  /** Refusals that no agent should ever meet, with what was done. */
  readonly surprises: string[] = [];

  propose(key: string, actionId: string): void {
    add(this.proposed, key, actionId);
  }

  decide(approvalId: string, verdict: 'APPROVED' | 'REJECTED'): void {
    add(this.decided, approvalId, verdict);
  }

  edit(actionId: string, text: string): void {
    add(this.edits, actionId, text);
  }

  claim(actionId: string, leaseEpoch: number, by: string): void {
    const key = `${actionId}/${leaseEpoch}`;
    this.claims.set(key, [...(this.claims.get(key) ?? []), by]);
  }

  strike(place: Failpoint, what: Strike): void {
    const counts = this.struck.get(place) ?? new Map<Strike, number>();
    this.struck.set(place, counts.set(what, (counts.get(what) ?? 0) + 1));
  }

  fault(name: string): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
  }
}

function add<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
