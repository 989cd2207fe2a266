import type { z } from 'zod';
import { DomainError, type ValidationIssue } from '../../kernel/errors.js';

/**
 * Checks what a caller sent, once, at the edge. GraphQL has checked the shape; this checks the values.
 *
 * @throws VALIDATION_FAILED with every broken rule and its path, which starts with `argument`
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  argument = 'input',
): z.output<Schema> {
  const result = schema.safeParse(dropUndefinedAndNull(input));
  if (result.success) return result.data;
  const issues: ValidationIssue[] = result.error.issues.map((issue) => {
    const path = [argument, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
    return { path, message: `${issue.message}; got ${show(valueAt(input, issue.path))}` };
  });
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new DomainError('VALIDATION_FAILED', message, { issues });
}

/** GraphQL tells an absent optional field and an explicit null apart; no input here does. */
function dropUndefinedAndNull(input: unknown): unknown {
  if (input === null || typeof input !== 'object') return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);

const SHOWN = 60;

function show(value: unknown): string {
  if (typeof value === 'string' && value.length > SHOWN) return `${value.length} characters`;
  const text = value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? 'nothing');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
