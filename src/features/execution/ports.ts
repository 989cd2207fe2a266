import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import type { Action } from '../autonomy/index.js';
import type { Attempt, AttemptResult, Effect } from './domain/attempt.js';
import type { ConfiguredKind, ConnectorRecord } from './domain/connector.js';

export interface ConnectorStore {
  find(tx: Tx, kind: ConfiguredKind): Promise<ConnectorRecord | undefined>;
  all(tx: Tx): Promise<readonly ConnectorRecord[]>;
  /** Adds it, or replaces the one of its kind. */
  save(tx: Tx, connector: ConnectorRecord): Promise<void>;
}

export interface AttemptStore {
  begin(tx: Tx, attempt: Attempt): Promise<void>;
  end(tx: Tx, attempt: Pick<Attempt, 'actionId' | 'leaseEpoch'>, ended: EndedAttempt): Promise<void>;
  ofActions(tx: Tx, actionIds: readonly Id[]): Promise<readonly Attempt[]>;
}

/** Jobs that run actions, as their queue keeps them. */
export interface ExecutionJobs {
  /** Actions that have waited for their connector since `before` or longer without a job, of all tenants by turns. */
  lost(before: Date, limit: number): Promise<readonly { readonly tenantId: Id; readonly id: Id }[]>;
  /** Puts a job in where there is none; gives whether it did. */
  enqueueLost(tx: Tx, actionId: Id): Promise<boolean>;
  /** Lets the tenant's jobs run now, but for those whose next attempt is not due. */
  hasten(tx: Tx): Promise<void>;
}

export interface EndedAttempt {
  readonly at: Date;
  readonly result: AttemptResult;
  readonly detail: string;
}

/** Keeps secrets unreadable for whoever reads the database. */
export interface Sealer {
  /** @param purpose what it belongs to; opened for anything else it is worthless */
  seal(secret: string, purpose: string): string;
  /** @throws when it was sealed under another key or for another purpose, or altered */
  open(sealed: string, purpose: string): string;
}

/** One HTTP request to the outside. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** What came of it; `sent`: whether anything left the server before it failed. */
export type PostOutcome =
  | { readonly status: number }
  | { readonly failed: string; readonly sent: boolean; readonly forbidden?: boolean };

export interface Poster {
  /** Why this server does not send there, whatever an answer would be; undefined: it does. */
  objection(url: string): string | undefined;
  /** Never follows redirects, never connects to an inside address. Rejects never. */
  post(request: Post): Promise<PostOutcome>;
}

/** Does what an action says, outside. */
export interface Executor {
  /** What this attempt goes by; read anew for each. */
  prepare(tx: Tx, action: Action): Promise<Prepared>;
}

/** An attempt that is ready to be made. */
export interface Prepared {
  readonly safeToRepeat: boolean;
  /**
   * SHA-256 in lower-case hex of where it goes and under which id, by which alone a receiver recognises what it got
   * before. None: nobody recognises it.
   */
  readonly target?: string;
  readonly maxAttempts: number;
  /** How long it may take at most, in seconds. */
  readonly withinSeconds: number;
  run(): Promise<Effect>;
  /** What is recorded in our own data, in the transaction of the report, once it is done. */
  record?(tx: Tx, at: Date): Promise<void>;
}
