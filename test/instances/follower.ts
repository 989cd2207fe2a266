import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Seen {
  readonly cursor: string;
  readonly actionId: string;
  /** When it came, as of `performance.now()`. */
  readonly at: number;
}

const REQUESTED = `subscription ($after: String) {
  approvalRequested(after: $after) { cursor approval { action { id } } } }`;

/**
 * Follows approval requests as a good client does: over one connection at a time, opened again whenever it is lost,
 * to the first of its servers that answers, behind the last cursor that came.
 */
export class Follower {
  readonly seen: Seen[] = [];
  connections = 0;
  private stopped = false;
  private tell = (): void => {};
  private hangUp = (): void => {};
  private readonly running: Promise<void>;

  constructor(
    private servers: readonly string[],
    private readonly token: string,
    private readonly after: string | null,
  ) {
    this.running = this.run();
  }

  get ids(): string[] {
    return this.seen.map(({ actionId }) => actionId);
  }

  /** Waits until all these have come. */
  async until(ids: Iterable<string>): Promise<void> {
    const missing = new Set(ids);
    for (let from = 0; ; ) {
      for (; from < this.seen.length; from += 1) missing.delete(this.seen[from]?.actionId ?? '');
      if (missing.size === 0) return;
      await new Promise<void>((resolve) => {
        this.tell = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.hangUp();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt += 1) {
      await this.listen(this.servers[attempt % this.servers.length] ?? '').catch(() => {});
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async listen(url: string): Promise<void> {
    const client = createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.token}` },
      retryAttempts: 0,
    });
    client.on('connected', () => {
      this.connections += 1;
    });
    this.hangUp = () => void client.dispose();
    const after = this.seen.at(-1)?.cursor ?? this.after;
    try {
      const replies = client.iterate<{ approvalRequested: { cursor: string; approval: { action: { id: string } } } }>({
        query: REQUESTED,
        variables: { after },
      });
      for await (const { data, errors } of replies) {
        if (!data || errors) throw new Error(JSON.stringify(errors));
        const { cursor, approval } = data.approvalRequested;
        this.seen.push({ cursor, actionId: approval.action.id, at: performance.now() });
        this.tell();
      }
    } finally {
      await client.dispose();
    }
  }
}
