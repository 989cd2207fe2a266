/** What the server tells the page before it starts: `GET /graphiql/config.json`. */
export interface PageConfig {
  /** Path of the GraphQL endpoint on the page's own origin, for HTTP and for WebSocket. */
  readonly endpoint: string;
  /**
   * The token to begin with: the one that was sent, else the first of `tokens`, else an empty string, and then the user
   * has to paste one.
   */
  readonly token: string;
  /** One demo token for each role, by role name. Empty outside development. */
  readonly tokens: Readonly<Record<string, string>>;
}

const CONFIG_URL = '/graphiql/config.json';

/**
 * Asks the server for the page's configuration.
 * @throws {Error} whose message says what was expected, what came and what to do, fit to be shown to the user.
 */
export async function fetchPageConfig(): Promise<PageConfig> {
  const response = await fetch(CONFIG_URL, { headers: { accept: 'application/json' } }).catch((cause: unknown) => {
    throw new Error(`No answer from ${CONFIG_URL}. Start the server, then reload this page.`, { cause });
  });
  if (!response.ok) {
    throw new Error(
      `Expected the page's configuration from ${CONFIG_URL}, got HTTP ${response.status}. See the server's log, then reload this page.`,
    );
  }
  const body: unknown = await response.json().catch((cause: unknown) => {
    throw new Error(`Expected JSON from ${CONFIG_URL}, got something else. Is a proxy answering for the server?`, {
      cause,
    });
  });
  return parsePageConfig(body);
}

/** @throws {Error} when `body` is not a configuration. */
export function parsePageConfig(body: unknown): PageConfig {
  const { endpoint, token, tokens = {} } = isRecord(body) ? body : {};
  // Only a path: a demo token must never be sent to another host.
  if (typeof endpoint !== 'string' || !/^\/(?![/\\])/.test(endpoint)) {
    throw new Error(`Expected "endpoint" in ${CONFIG_URL} to be a path such as "/graphql", got ${show(endpoint)}.`);
  }
  if (!isRecord(tokens) || !isStringRecord(tokens)) {
    throw new Error(`Expected "tokens" in ${CONFIG_URL} to map role names to tokens.`);
  }
  if (token !== undefined && typeof token !== 'string') {
    throw new Error(`Expected "token" in ${CONFIG_URL} to be a string, got ${typeof token}.`);
  }
  return { endpoint, token: token || (Object.values(tokens)[0] ?? ''), tokens };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStringRecord(value: Record<string, unknown>): value is Record<string, string> {
  return Object.values(value).every((entry) => typeof entry === 'string');
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
