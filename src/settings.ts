import { z } from 'zod';
import { FAILPOINT_ACTIONS, FAILPOINTS, type FailpointPlan } from './kernel/failpoints.js';
import { isAddress, isSender } from './platform/mail/email.js';

const text = z.string().trim().min(1);
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** Whoever can change the keys on their way can sign tokens: plain http only where there is no way. */
const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
/** Hours between two runs of a job. */
const interval = (hours: number) => ({
  schema: z.coerce.number().min(0.001).max(8_760).default(hours),
  expected: 'hours between two runs, from 0.001 to 8760',
});
const isPlainAddress = ({ protocol, username, password, search, hash }: URL): boolean =>
  /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
const price = {
  schema: z.coerce.number().min(0).max(1_000_000).default(0),
  expected: 'what a million tokens cost, from 0',
};
/** Every setting by the name of its environment variable. `docs/OPERATIONS.md` has a row for each. */
export const settings = {
  PORT: { schema: z.coerce.number().int().min(0).max(65_535).default(4000), expected: 'a port number from 0 to 65535' },
  HOST: { schema: text.default('127.0.0.1'), expected: 'a host name or address to listen on, such as 127.0.0.1' },
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\/./)
      .optional(),
    expected: 'a PostgreSQL address such as postgresql://user:password@host:5432/countersign',
    secret: true,
  },
  COUNTERSIGN_DATA_DIR: { schema: text.default('.data'), expected: 'a folder for the embedded database' },
  COUNTERSIGN_JWT_SECRET: {
    schema: z.string().min(32).optional(),
    expected: 'a secret of at least 32 characters that signs the tokens',
    secret: true,
  },
  COUNTERSIGN_JWKS_URL: {
    schema: z
      .string()
      .refine((value) => URL.canParse(value) && isSafe(new URL(value)))
      .transform((value) => new URL(value))
      .optional(),
    expected: 'an https address (http only on this machine) where the issuer of tokens publishes its keys',
  },
  COUNTERSIGN_JWT_ISSUER: { schema: text.optional(), expected: 'what tokens carry as "iss"' },
  COUNTERSIGN_JWT_AUDIENCE: { schema: text.optional(), expected: 'what tokens carry in "aud"' },
  COUNTERSIGN_APPROVAL_HOURS: {
    schema: z.coerce.number().positive().max(8_760).default(72),
    expected: 'hours that an approval request stays open, above 0 and at most 8760',
  },
  COUNTERSIGN_LOG_POLL_MS: {
    schema: z.coerce.number().int().min(10).max(60_000).default(250),
    expected: 'milliseconds between two looks at the log, from 10 to 60000',
  },
  COUNTERSIGN_LOG_RETENTION_DAYS: {
    schema: z.coerce.number().min(1).max(36_500).optional(),
    expected: 'days that events are kept, from 1 to 36500; not set: for ever',
  },
  COUNTERSIGN_DATABASE_TIMEOUT_SECONDS: {
    schema: z.coerce.number().min(1).max(600).default(10),
    expected: 'seconds that a statement may take, from 1 to 600',
  },
  COUNTERSIGN_SMTP_URL: {
    schema: z
      .string()
      .regex(/^smtps?:\/\/./)
      .refine((value) => URL.canParse(value) && new URL(value).hostname !== '')
      .transform((value) => new URL(value))
      .optional(),
    expected: 'the address of a mail server such as smtp://user:password@host:587 or smtps://user:password@host',
    secret: true,
  },
  COUNTERSIGN_MAIL_FROM: {
    schema: text.refine(isSender).optional(),
    expected: 'a sender such as countersign@example.com or Countersign <countersign@example.com>',
  },
  COUNTERSIGN_DIGEST_TO: {
    schema: z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== '')
          .map((entry) => {
            const colon = entry.indexOf(':');
            return { tenant: entry.slice(0, Math.max(colon, 0)), address: entry.slice(colon + 1) };
          }),
      )
      .refine((list) => list.every(({ tenant, address }) => tenant !== '' && isAddress(address))),
    expected: 'tenants and addresses separated by commas, such as demo:ana@example.com,demo:ben@example.com',
  },
  COUNTERSIGN_JOBS: {
    schema: z.enum(['on', 'off']).default('on'),
    expected: 'on or off',
  },
  COUNTERSIGN_JOB_LEASE_SECONDS: {
    schema: z.coerce.number().min(5).max(3_600).default(60),
    expected: 'seconds that a silent instance keeps its runs, from 5 to 3600',
  },
  COUNTERSIGN_PATTERN_SCAN_HOURS: interval(6),
  COUNTERSIGN_PROACTIVE_OUTREACH_CHECK_HOURS: interval(1),
  COUNTERSIGN_GOAL_PROGRESS_UPDATE_HOURS: interval(24),
  COUNTERSIGN_DAILY_DIGEST_GENERATION_HOURS: interval(24),
  COUNTERSIGN_CONTEXT_SUMMARIZATION_HOURS: interval(24),
  COUNTERSIGN_PLANNER_REQUESTS: {
    schema: z.coerce.number().int().min(0).max(1_000).default(20),
    expected: 'most requests for approval that the planner has waiting, from 0 to 1000',
  },
  COUNTERSIGN_PLANNER_WINDOW_DAYS: {
    schema: z.coerce.number().min(0.01).max(365).default(7),
    expected: 'days in which the planner does not propose the same again for an account, from 0.01 to 365',
  },
  COUNTERSIGN_MODEL_URL: {
    schema: z
      .string()
      .refine((value) => URL.canParse(value) && isPlainAddress(new URL(value)))
      .transform((value) => new URL(value))
      .optional(),
    expected:
      'the http address of an OpenAI-compatible endpoint, without user or query, such as https://models.example.com/v1',
    secret: true,
  },
  COUNTERSIGN_MODEL_NAME: { schema: text.max(200).optional(), expected: 'the name of a model at that endpoint' },
  COUNTERSIGN_MODEL_KEY: {
    schema: z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    expected: 'what that endpoint takes as its bearer token, without spaces',
    secret: true,
  },
  COUNTERSIGN_MODEL_TIMEOUT_SECONDS: {
    schema: z.coerce.number().min(0.01).max(600).default(20),
    expected: 'seconds that one question to the model may take, from 0.01 to 600',
  },
  COUNTERSIGN_MODEL_TOKENS_PER_DAY: {
    schema: z.coerce.number().int().min(1).max(1_000_000_000_000).default(1_000_000),
    expected: 'a whole number of tokens that each tenant may use in a day',
  },
  COUNTERSIGN_MODEL_PRICE_IN: price,
  COUNTERSIGN_MODEL_PRICE_OUT: price,
  COUNTERSIGN_ALLOWED_ORIGINS: {
    schema: z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((origin) => origin.trim())
          .filter((origin) => origin !== ''),
      )
      .refine((list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)),
    expected: 'origins separated by commas, such as http://localhost:5173,https://app.example.com',
  },
  COUNTERSIGN_RATE_LIMIT_PER_MINUTE: {
    schema: z.coerce.number().int().min(0).default(300_000),
    expected: 'a whole number of requests in a minute by one principal; 0: no limit',
  },
  COUNTERSIGN_ADDRESS_RATE_LIMIT_PER_MINUTE: {
    schema: z.coerce.number().int().min(0).default(3_000),
    expected: 'a whole number of requests in a minute by unrecognised callers at one address; 0: no limit',
  },
  COUNTERSIGN_INTROSPECTION: {
    schema: z.enum(['admins', 'everybody', 'nobody']).optional(),
    expected: 'who may ask for the schema: admins, everybody or nobody',
  },
  COUNTERSIGN_METRICS_TOKEN: {
    schema: z
      .string()
      .regex(/^[\w.~+/=-]{16,}$/)
      .optional(),
    expected: 'what scrapers of /metrics send as their bearer token: at least 16 letters, digits or any of ._~+/=-',
    secret: true,
  },
  COUNTERSIGN_SHUTDOWN_SECONDS: {
    schema: z.coerce.number().min(0.1).max(3_600).default(10),
    expected: 'seconds that shutting down may take, from 0.1 to 3600',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expected: 'the http address of an OpenTelemetry collector such as http://localhost:4318',
    secret: true,
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expected: 'the whole http address that takes traces, such as http://localhost:4318/v1/traces',
    secret: true,
  },
  OTEL_SDK_DISABLED: {
    schema: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
    expected: 'true, to make no traces, or false',
  },
  COUNTERSIGN_SEALING_KEY: {
    schema: z.string().min(32).optional(),
    expected: 'a secret of at least 32 characters that seals what connectors keep secret',
    secret: true,
  },
  COUNTERSIGN_RETRY_SECONDS: {
    schema: z.coerce.number().min(0.01).max(3_600).default(5),
    expected: 'seconds until a connector tries again for the first time, from 0.01 to 3600',
  },
  COUNTERSIGN_ALLOW_PRIVATE_TARGETS: {
    schema: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
    expected: 'true, to let webhooks lead to this machine and its network, or false',
  },
  COUNTERSIGN_FAILPOINT: {
    schema: z
      .string()
      .transform((value) => value.split(':'))
      .transform(([name, action, passage = '1', ...rest]) => ({ name, action, passage, rest }))
      .pipe(
        z.object({
          name: z.enum(FAILPOINTS),
          action: z.enum(FAILPOINT_ACTIONS),
          passage: z.string().regex(/^[1-9]\d{0,5}$/),
          rest: z.array(z.string()).length(0),
        }),
      )
      .transform(({ name, action, passage }): FailpointPlan => ({ name, action, passage: Number(passage) }))
      .optional(),
    expected: `a place, what happens there and at which passage, such as after-effect:kill:2; places: ${FAILPOINTS.join(', ')}`,
  },
  NODE_ENV: {
    schema: z.enum(['development', 'production', 'test']).default('development'),
    expected: 'development, production or test',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
    expected: 'fatal, error, warn, info, debug, trace or silent',
  },
} as const;
