import type { z } from 'zod';
import type { FailpointPlan } from './kernel/failpoints.js';
import { nearest } from './kernel/nearest.js';
import { hostOfSender } from './platform/mail/email.js';
import { settings } from './settings.js';

/** The settings of one server, read once. Times are in the unit their name says. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Undefined: the embedded server makes one and keeps it in its data folder, unless an outside issuer is named. */
  readonly jwtSecret: string | undefined;
  /** An outside issuer of tokens, by the keys it publishes; undefined: there is none. */
  readonly jwks: { readonly url: URL; readonly issuer: string; readonly audience: string } | undefined;
  /** Shows demo tokens and fills them into GraphiQL. Never true in production. */
  readonly development: boolean;
  /** Who may ask for the schema. */
  readonly introspection: 'admins' | 'everybody' | 'nobody';
  /** Requests in a minute, by one principal and by the unrecognised callers at one address; 0: no limit. */
  readonly rateLimits: { readonly perPrincipal: number; readonly perAddress: number };
  readonly approvalHours: number;
  /** How often the log is read when no hint came, in milliseconds. */
  readonly logPollMs: number;
  /** Undefined: the log is kept for ever. */
  readonly logRetentionDays: number | undefined;
  /** How long a statement on PostgreSQL may take, and a connection stay silent. */
  readonly databaseTimeoutSeconds: number;
  /** How emails go out, and the host of their sender; undefined: none do. */
  readonly mail: { readonly smtpUrl: URL; readonly from: string; readonly host: string } | undefined;
  /** Who gets a tenant's daily digest by email. */
  readonly digestTo: readonly { readonly tenant: string; readonly address: string }[];
  /** Whether this instance runs jobs by their schedule; by hand it runs them in any case. */
  readonly runsJobs: boolean;
  /** How long a run stays its instance's when nothing is heard of it. */
  readonly jobLeaseSeconds: number;
  /** Most requests for approval that the planner has waiting, in a tenant. */
  readonly plannerRequests: number;
  /** How long the planner does not propose the same again for an account. */
  readonly plannerWindowDays: number;
  /** Hours between two runs of each job. */
  readonly jobHours: {
    readonly pattern_scan: number;
    readonly proactive_outreach_check: number;
    readonly goal_progress_update: number;
    readonly daily_digest_generation: number;
    readonly context_summarization: number;
  };
  /** The language model that is asked, and what may be spent on it; undefined: none is. */
  readonly model:
    | {
        readonly url: URL;
        readonly name: string;
        readonly key: string | undefined;
        readonly timeoutSeconds: number;
        /** For each tenant and day of UTC. */
        readonly tokensPerDay: number;
        /** Of a million tokens sent, and answered. */
        readonly prices: { readonly in: number; readonly out: number };
      }
    | undefined;
  /** Origins, beside the server's own, whose pages may call from a browser. */
  readonly allowedOrigins: readonly string[];
  /** What a scraper of `/metrics` sends; undefined: `/metrics` is closed, but to this machine in development. */
  readonly metricsToken: string | undefined;
  /** How long ending in order may take before it is forced. */
  readonly shutdownSeconds: number;
  /** Where traces go by OTLP over HTTP, the whole address; undefined: none are made. */
  readonly tracesUrl: string | undefined;
  /** What secrets in the database are sealed with; undefined: what tokens are signed with. */
  readonly sealingKey: string | undefined;
  /** How long a connector waits after a first attempt that did nothing; doubled after each further one. */
  readonly retrySeconds: number;
  /** Whether webhooks may lead to this machine and its network, and by plain http. Never in production. */
  readonly allowPrivateTargets: boolean;
  /** Where this server is to die, hang or fail, for tests of what happens then. Never in production. */
  readonly failpoint: FailpointPlan | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** A setting is missing or wrong. The message is complete; print it and stop, without a stack. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

type Settings = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['schema']> };

/** The environment of this process. */
export const environment = (): Readonly<Record<string, string | undefined>> => process.env;

/** @throws StartupError with one line for each setting that is wrong: its name, what was expected, what came */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const problems: string[] = unknownNames(environment);
  const values: Partial<Record<keyof Settings, unknown>> = {};
  for (const [name, { schema, expected, ...rest }] of Object.entries(settings)) {
    const given = environment[name];
    const parsed = schema.safeParse(given === '' ? undefined : given);
    if (parsed.success) values[name as keyof Settings] = parsed.data;
    else
      problems.push(
        `${name}: expected ${expected}, got ${'secret' in rest ? `${given?.length} characters` : JSON.stringify(given)}`,
      );
  }
  problems.push(...issuerProblems(environment), ...mailProblems(environment), ...modelProblems(environment));
  const { DATABASE_URL, NODE_ENV } = values as Partial<Settings>;
  if (
    (DATABASE_URL !== undefined || NODE_ENV === 'production') &&
    !environment.COUNTERSIGN_JWKS_URL &&
    !environment.COUNTERSIGN_JWT_SECRET
  ) {
    problems.push(
      `COUNTERSIGN_JWT_SECRET: expected ${settings.COUNTERSIGN_JWT_SECRET.expected}, because ` +
        `${DATABASE_URL === undefined ? 'NODE_ENV is production' : 'DATABASE_URL is set'}; it is not set`,
    );
  }
  if (NODE_ENV === 'production' && values.COUNTERSIGN_ALLOW_PRIVATE_TARGETS) {
    problems.push(
      'COUNTERSIGN_ALLOW_PRIVATE_TARGETS: expected false, because NODE_ENV is production; tenants could reach your network',
    );
  }
  if (NODE_ENV === 'production' && values.COUNTERSIGN_FAILPOINT) {
    problems.push('COUNTERSIGN_FAILPOINT: expected none, because NODE_ENV is production; it makes the server fail');
  }
  if (problems.length > 0) throw new StartupError(problems.join('\n'));
  const valid = values as Settings;
  return {
    port: valid.PORT,
    host: valid.HOST,
    databaseUrl: valid.DATABASE_URL,
    dataDir: valid.COUNTERSIGN_DATA_DIR,
    jwtSecret: valid.COUNTERSIGN_JWT_SECRET,
    jwks: valid.COUNTERSIGN_JWKS_URL && {
      url: valid.COUNTERSIGN_JWKS_URL,
      issuer: valid.COUNTERSIGN_JWT_ISSUER ?? '',
      audience: valid.COUNTERSIGN_JWT_AUDIENCE ?? '',
    },
    development: valid.NODE_ENV !== 'production',
    introspection: valid.COUNTERSIGN_INTROSPECTION ?? (valid.NODE_ENV === 'production' ? 'admins' : 'everybody'),
    rateLimits: {
      perPrincipal: valid.COUNTERSIGN_RATE_LIMIT_PER_MINUTE,
      perAddress: valid.COUNTERSIGN_ADDRESS_RATE_LIMIT_PER_MINUTE,
    },
    approvalHours: valid.COUNTERSIGN_APPROVAL_HOURS,
    logPollMs: valid.COUNTERSIGN_LOG_POLL_MS,
    logRetentionDays: valid.COUNTERSIGN_LOG_RETENTION_DAYS,
    databaseTimeoutSeconds: valid.COUNTERSIGN_DATABASE_TIMEOUT_SECONDS,
    mail: valid.COUNTERSIGN_SMTP_URL && {
      smtpUrl: valid.COUNTERSIGN_SMTP_URL,
      from: valid.COUNTERSIGN_MAIL_FROM ?? '',
      host: hostOfSender(valid.COUNTERSIGN_MAIL_FROM ?? ''),
    },
    digestTo: valid.COUNTERSIGN_DIGEST_TO,
    runsJobs: valid.COUNTERSIGN_JOBS === 'on',
    jobLeaseSeconds: valid.COUNTERSIGN_JOB_LEASE_SECONDS,
    plannerRequests: valid.COUNTERSIGN_PLANNER_REQUESTS,
    plannerWindowDays: valid.COUNTERSIGN_PLANNER_WINDOW_DAYS,
    jobHours: {
      pattern_scan: valid.COUNTERSIGN_PATTERN_SCAN_HOURS,
      proactive_outreach_check: valid.COUNTERSIGN_PROACTIVE_OUTREACH_CHECK_HOURS,
      goal_progress_update: valid.COUNTERSIGN_GOAL_PROGRESS_UPDATE_HOURS,
      daily_digest_generation: valid.COUNTERSIGN_DAILY_DIGEST_GENERATION_HOURS,
      context_summarization: valid.COUNTERSIGN_CONTEXT_SUMMARIZATION_HOURS,
    },
    model: valid.COUNTERSIGN_MODEL_URL && {
      url: valid.COUNTERSIGN_MODEL_URL,
      name: valid.COUNTERSIGN_MODEL_NAME ?? '',
      key: valid.COUNTERSIGN_MODEL_KEY,
      timeoutSeconds: valid.COUNTERSIGN_MODEL_TIMEOUT_SECONDS,
      tokensPerDay: valid.COUNTERSIGN_MODEL_TOKENS_PER_DAY,
      prices: { in: valid.COUNTERSIGN_MODEL_PRICE_IN, out: valid.COUNTERSIGN_MODEL_PRICE_OUT },
    },
    allowedOrigins: valid.COUNTERSIGN_ALLOWED_ORIGINS,
    metricsToken: valid.COUNTERSIGN_METRICS_TOKEN,
    shutdownSeconds: valid.COUNTERSIGN_SHUTDOWN_SECONDS,
    tracesUrl: tracesUrlOf(valid),
    // In development a person reads the terminal; in production a machine collects what is written.
    logLevel: valid.LOG_LEVEL ?? (valid.NODE_ENV === 'production' ? 'info' : 'warn'),
    sealingKey: valid.COUNTERSIGN_SEALING_KEY,
    retrySeconds: valid.COUNTERSIGN_RETRY_SECONDS,
    allowPrivateTargets: valid.COUNTERSIGN_ALLOW_PRIVATE_TARGETS,
    failpoint: valid.COUNTERSIGN_FAILPOINT,
  };
}

const PREFIX = 'COUNTERSIGN_';
/** What Kubernetes puts into every container of a namespace that has a service named countersign. */
const SERVICE_LINK = /^COUNTERSIGN_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)$/;

/** What programs that use the client read, in the same shell perhaps. */
const CLIENT_NAMES = ['COUNTERSIGN_URL', 'COUNTERSIGN_TOKEN'];

/** A misspelt setting would be a setting that silently does not count. */
function unknownNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  const ours = Object.keys(settings).filter((name) => name.startsWith(PREFIX));
  const known = [...ours, ...CLIENT_NAMES];
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !SERVICE_LINK.test(name))
    .map((name) => `${name}: there is no such setting. Did you mean ${nearest(name, ours)}?`);
}

/** By the rules of OpenTelemetry: the endpoint of traces counts as it stands, the general one is their base. */
function tracesUrlOf(valid: Settings): string | undefined {
  if (valid.OTEL_SDK_DISABLED) return undefined;
  const base = valid.OTEL_EXPORTER_OTLP_ENDPOINT;
  return valid.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`);
}

/** The three settings of an outside issuer belong together: its keys alone also sign tokens for other servers. */
function issuerProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const isNamed = Boolean(environment.COUNTERSIGN_JWKS_URL);
  const names = ['COUNTERSIGN_JWT_ISSUER', 'COUNTERSIGN_JWT_AUDIENCE'] as const;
  return names
    .filter((name) => Boolean(environment[name]) !== isNamed)
    .map((name) =>
      isNamed
        ? `${name}: expected ${settings[name].expected}, because COUNTERSIGN_JWKS_URL is set; it is not set`
        : `${name}: expected COUNTERSIGN_JWKS_URL beside it, got none; alone it means nothing`,
    );
}

/** Emails need a server and a sender; a digest needs both. */
function mailProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const { COUNTERSIGN_SMTP_URL, COUNTERSIGN_MAIL_FROM, COUNTERSIGN_DIGEST_TO } = environment;
  const missing = (name: keyof Settings & string, beside: string) =>
    `${name}: expected ${settings[name].expected}, because ${beside} is set; it is not set`;
  return [
    ...(COUNTERSIGN_SMTP_URL && !COUNTERSIGN_MAIL_FROM
      ? [missing('COUNTERSIGN_MAIL_FROM', 'COUNTERSIGN_SMTP_URL')]
      : []),
    ...(!COUNTERSIGN_SMTP_URL && COUNTERSIGN_MAIL_FROM
      ? [missing('COUNTERSIGN_SMTP_URL', 'COUNTERSIGN_MAIL_FROM')]
      : []),
    ...(!COUNTERSIGN_SMTP_URL && COUNTERSIGN_DIGEST_TO
      ? [missing('COUNTERSIGN_SMTP_URL', 'COUNTERSIGN_DIGEST_TO')]
      : []),
  ];
}

/** A model needs an address and a name; a key alone opens nothing. */
function modelProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const { COUNTERSIGN_MODEL_URL, COUNTERSIGN_MODEL_NAME, COUNTERSIGN_MODEL_KEY } = environment;
  if (COUNTERSIGN_MODEL_URL) {
    return COUNTERSIGN_MODEL_NAME
      ? []
      : [
          `COUNTERSIGN_MODEL_NAME: expected ${settings.COUNTERSIGN_MODEL_NAME.expected}, because COUNTERSIGN_MODEL_URL is set; it is not set`,
        ];
  }
  return Object.entries({ COUNTERSIGN_MODEL_NAME, COUNTERSIGN_MODEL_KEY })
    .filter(([, given]) => given)
    .map(([name]) => `${name}: expected COUNTERSIGN_MODEL_URL beside it, got none; alone it means nothing`);
}
