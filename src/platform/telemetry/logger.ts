import pino, { type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { currentScope } from './scope.js';

export interface LoggerOptions {
  readonly level: LevelWithSilent;
  /** Standard output unless given. */
  readonly destination?: DestinationStream | undefined;
}

/** What nobody means to log, under the names it would most likely have. */
const REDACTED = ['authorization', 'cookie', 'token', 'secret', 'password', 'key', 'query', 'variables', 'payload'];

/**
 * One JSON object a line. Lines written while a request is at work carry its id. Errors are written down without the
 * values that databases and parsers put into their messages; see `describeError`.
 */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin() {
      const scope = currentScope();
      return scope ? { requestId: scope.requestId } : {};
    },
    serializers: { err: describeError, req: describeRequest },
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
    hooks: { streamWrite: hideSecrets },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The last net, under everything: what is a secret by its form is hidden wherever it stands. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[token]'],
  [/\bcsk_\w+/g, '[API key]'],
  [/\bBearer +[^\s"\\]+/gi, 'Bearer [hidden]'],
  [/\b([a-z][a-z+.-]*:\/\/)[^\s"\\/@]+@/gi, '$1[hidden]@'],
];

/** The text without what looks like a token, an API key or a database address. */
export const hideSecrets = (text: string): string =>
  SECRETS.reduce((rest, [pattern, instead]) => rest.replaceAll(pattern, instead), text);

/** Fields of an error that name things of ours and carry no value of anybody's. */
const TELLING = ['code', 'severity', 'routine', 'schema', 'table', 'column', 'constraint', 'syscall', 'errno'] as const;
const MOST_CHARACTERS = 500;
const DEEPEST = 5;

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly [field: string]: unknown;
}

/**
 * An error as it may stand in a log. Messages of PostgreSQL, parsers and GraphQL quote the values they are about, and
 * `detail`, `where`, `query` and parameters hold whole rows: quotations are blanked, such fields left out.
 */
export function describeError(error: unknown, depth = 0): DescribedError | string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const fields: Record<string, unknown> = {};
  for (const name of TELLING) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  if (depth < DEEPEST) {
    if (error.cause !== undefined) fields.cause = describeError(error.cause, depth + 1);
    if (error instanceof AggregateError) {
      fields.errors = error.errors.slice(0, DEEPEST).map((one: unknown) => describeError(one, depth + 1));
    }
  }
  return { type: error.name, message: withoutValues(error.message), stack: framesOf(error), ...fields };
}

/** Whatever stands in quotes may be somebody's; so may what a failed statement's text says behind its own message. */
const withoutValues = (message: string): string =>
  message.replaceAll(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'/gs, '"…"').slice(0, MOST_CHARACTERS);

/** The places only: a stack begins with the message. */
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** Of a request, only what cannot carry anything: addresses hold query texts. */
const describeRequest = (request: unknown): unknown =>
  typeof request === 'object' && request !== null && 'method' in request ? { method: request.method } : {};
