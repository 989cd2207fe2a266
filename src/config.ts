import { z } from 'zod';

/** The settings of one server, read once. Times are in the unit their name says. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Undefined: the embedded server makes one and keeps it in its data folder. */
  readonly jwtSecret: string | undefined;
  /** Shows demo tokens, fills them into GraphiQL, and lets anybody introspect. Never true in production. */
  readonly development: boolean;
  readonly approvalHours: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** A setting is missing or wrong. The message is complete; print it and stop, without a stack. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

const text = z.string().trim().min(1);
const settings = {
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
  COUNTERSIGN_APPROVAL_HOURS: {
    schema: z.coerce.number().positive().max(8_760).default(72),
    expected: 'hours that an approval request stays open, above 0 and at most 8760',
  },
  NODE_ENV: {
    schema: z.enum(['development', 'production', 'test']).default('development'),
    expected: 'development, production or test',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
    expected: 'fatal, error, warn, info, debug, trace or silent',
  },
} as const;
type Settings = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['schema']> };

/** @throws StartupError with one line for each setting that is wrong: its name, what was expected, what came */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const problems: string[] = [];
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
  const { DATABASE_URL, COUNTERSIGN_JWT_SECRET, NODE_ENV } = values as Partial<Settings>;
  if (
    (DATABASE_URL !== undefined || NODE_ENV === 'production') &&
    COUNTERSIGN_JWT_SECRET === undefined &&
    !environment.COUNTERSIGN_JWT_SECRET
  ) {
    problems.push(
      `COUNTERSIGN_JWT_SECRET: expected ${settings.COUNTERSIGN_JWT_SECRET.expected}, because ` +
        `${DATABASE_URL === undefined ? 'NODE_ENV is production' : 'DATABASE_URL is set'}; it is not set`,
    );
  }
  if (problems.length > 0) throw new StartupError(problems.join('\n'));
  const valid = values as Settings;
  return {
    port: valid.PORT,
    host: valid.HOST,
    databaseUrl: valid.DATABASE_URL,
    dataDir: valid.COUNTERSIGN_DATA_DIR,
    jwtSecret: valid.COUNTERSIGN_JWT_SECRET,
    development: valid.NODE_ENV !== 'production',
    approvalHours: valid.COUNTERSIGN_APPROVAL_HOURS,
    logLevel: valid.LOG_LEVEL,
  };
}
