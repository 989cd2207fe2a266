import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type App, type AppOverrides, createApp } from '../../src/app.js';
import { type Config, readConfig } from '../../src/config.js';
import type { Role } from '../../src/kernel/actor.js';
import { type DatabaseKind, openTestDatabase } from './database.js';

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  readonly errors: any[] | undefined;
}

/** A real server on a free port, over a database of its own, with the demo tenant in it. */
export interface TestServer {
  readonly url: string;
  readonly app: App;
  token(role: Role | readonly Role[], user?: string, tenant?: string): Promise<string>;
  /** Sends a document by HTTP. */
  request(token: string | undefined, query: string, variables?: object): Promise<Reply>;
  /** Sends a document by HTTP and gives its data; fails on any error. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  data(token: string, query: string, variables?: object): Promise<any>;
  /** Subscribes over a WebSocket of its own. */
  subscribe(token: string | undefined, query: string, variables?: object): LiveReplies;
  close(): Promise<void>;
}

export interface LiveReplies {
  /** The next answer; waits for it. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  next(): Promise<any>;
  close(): Promise<void>;
}

export const testConfig = (overrides: Partial<Config> = {}): Config => ({
  ...readConfig({}),
  port: 0,
  logLevel: 'error',
  // Tests set clocks forward by days; what is due then must not happen beside what they look at.
  runsJobs: false,
  jwtSecret: 'a secret of the tests, long enough to be one',
  ...overrides,
});

export interface TestServerOptions extends AppOverrides {
  readonly kind?: DatabaseKind;
  readonly config?: Partial<Config>;
}

export async function startTestServer({
  kind = 'pglite',
  config,
  ...overrides
}: TestServerOptions = {}): Promise<TestServer> {
  const database = overrides.database ?? (await openTestDatabase(kind));
  const app = await createApp(testConfig(config), { ...overrides, database });
  const clock = overrides.clock ?? { now: () => new Date() };
  const expiresAt = new Date(clock.now().getTime() + 3_600_000);

  const request = async (token: string | undefined, query: string, variables?: object): Promise<Reply> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Reply;
    return { status: response.status, data, errors };
  };
  return {
    url: app.url,
    app,
    token: (role, user = `${[role].flat()[0]}-one`, tenant = 'demo') =>
      app.tokens.issue({ tenant, user, roles: [role].flat() as Role[], expiresAt }),
    request,
    async data(token, query, variables) {
      const reply = await request(token, query, variables);
      if (reply.errors) throw new Error(`unexpected errors: ${JSON.stringify(reply.errors)}`);
      return reply.data;
    },
    subscribe(token, query, variables) {
      const client = createClient({
        url: `${app.url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: token ? { authorization: `Bearer ${token}` } : {},
        lazy: false,
        retryAttempts: 0,
        onNonLazyError: () => {},
      });
      const replies = client.iterate({ query, variables: variables as Record<string, unknown> });
      return {
        async next() {
          const { value, done } = await replies.next();
          if (done) throw new Error('the subscription ended');
          return value;
        },
        async close() {
          await replies.return?.();
          await client.dispose();
        },
      };
    },
    async close() {
      await app.close();
      if (!overrides.database) await database.close();
    },
  };
}
