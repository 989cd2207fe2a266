import { randomUUID } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import {
  DomainError,
  type ErrorCode,
  masked,
  type ReportUnexpected,
  type ValidationIssue,
} from '../../kernel/errors.js';

/**
 * The one place where errors become what clients see; both doors call it. Expected failures keep their code,
 * mistakes in the document keep GraphQL's words, everything else is masked behind an id.
 */
export function toClientError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  report: ReportUnexpected,
): GraphQLFormattedError {
  const cause = refusalOf(thrown) ?? unwrapResolverError(thrown);
  const place = { locations: formatted.locations, path: formatted.path };
  if (cause instanceof DomainError) {
    return withoutUndefined({
      ...place,
      message: cause.message,
      extensions: { code: cause.code, ...spelled(cause.details) },
    });
  }
  if (isAboutTheDocument(cause, formatted)) {
    const variable = variableIssue(formatted.message);
    const code: ErrorCode = variable ? 'VALIDATION_FAILED' : documentCode(formatted);
    const extensions = { code, ...(variable && { issues: [variable] }) };
    return withoutUndefined({ ...place, message: formatted.message, extensions });
  }
  const id = randomUUID();
  report(cause, id);
  const { code, message, details } = masked(id);
  return withoutUndefined({ ...place, message, extensions: { code, ...details } });
}

/** What HTTP calls a refusal that comes before any of the operation has run. */
const STATUS: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, RATE_LIMITED: 429 };

/** An error that ends a whole operation before it runs, for either door: what is expected as it is, the rest masked. */
export function refusal(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  if (!(originalError instanceof DomainError)) return new GraphQLError('failed', { originalError });
  const { code, message, details } = originalError;
  const { retryAfterSeconds } = details;
  const headers = new HeaderMap(retryAfterSeconds === undefined ? [] : [['retry-after', String(retryAfterSeconds)]]);
  // A Map of headers is what Apollo takes, and not what graphql's types know.
  const http: object = { status: STATUS[code] ?? 400, headers };
  return new GraphQLError(message, { originalError, extensions: { http } });
}

/** A refusal that ended a subscription between two events: no field's error, so it has no path. */
function refusalOf(thrown: unknown): DomainError | undefined {
  if (!(thrown instanceof GraphQLError)) return undefined;
  return thrown.originalError instanceof DomainError ? thrown.originalError : undefined;
}

/** Details that are values of an enum of the schema, or lists of them; inside, they are in lower case. */
const ENUM_DETAILS: ReadonlySet<string> = new Set(['status', 'requiredRoles', 'neededRoles']);

/** What a client is told of a failure, spelled as the schema spells it. */
export const spelled = (details: DomainError['details']): DomainError['details'] =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, ENUM_DETAILS.has(name) ? inSchema(value) : value]),
  );

/** The name of an enum's value in the schema. */
function inSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSchema);
  return typeof value === 'string' ? value.toUpperCase() : value;
}

/** Mistakes in the document or its variables come before execution, without a path; later ones are the server's. */
function isAboutTheDocument(error: unknown, { path, message }: GraphQLFormattedError): boolean {
  if (!(error instanceof GraphQLError)) return false;
  if (error.originalError instanceof Error && !(error.originalError instanceof GraphQLError)) return false;
  return path === undefined || message.startsWith('Argument "');
}

function documentCode(formatted: GraphQLFormattedError): ErrorCode {
  const given = formatted.extensions?.code;
  return given === 'GRAPHQL_PARSE_FAILED' || given === 'BAD_REQUEST' ? given : 'GRAPHQL_VALIDATION_FAILED';
}

/** graphql-js names the place of a bad variable only in its message: `… invalid value x at "input.stage"; …`. */
function variableIssue(message: string): ValidationIssue | undefined {
  const match =
    /^Variable "\$(\w+)" (?:got invalid value .*?(?: at "([^"]+)")?; (.*)|of (?:required|non-null) type .*)$/s.exec(
      message,
    );
  if (!match) return undefined;
  const [, variable = '', at, problem] = match;
  const path = (at ?? variable).split(/[.[\]]+/).filter((part) => part !== '');
  return { path: path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)), message: problem ?? message };
}

const withoutUndefined = (error: GraphQLFormattedError): GraphQLFormattedError =>
  Object.fromEntries(
    Object.entries(error).filter(([, value]) => value !== undefined),
  ) as unknown as GraphQLFormattedError;
