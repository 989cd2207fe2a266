import type { EventType, NewEvent } from './events.js';
import type { Id } from './ids.js';
import type { JsonObject } from './json.js';

declare const opaque: unique symbol;
/** An open transaction that sees one tenant only. Stores know what is inside; services pass it on. */
export interface Tx {
  readonly [opaque]: true;
  readonly tenantId: Id;
}

/** Opens transactions. Everything `work` does commits together or not at all. */
export interface Transactor {
  /** @throws whatever `work` throws, after rolling back. */
  run<T>(tenantId: Id, work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** What is remembered of an event until its transaction is committed: enough to count it. */
export interface LoggedEvent {
  readonly type: EventType;
  /** Of a proposal: what the guardrails said. */
  readonly tier?: string;
  readonly reason?: string;
  readonly data?: JsonObject;
}

/** Appends to the tenant's event log, inside the transaction that makes the change. */
export interface EventWriter {
  append(tx: Tx, events: readonly NewEvent[]): Promise<void>;
}
