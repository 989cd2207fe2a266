import { z } from 'zod';
import { DomainError, type ValidationIssue } from '../../kernel/errors.js';
import type { JsonObject } from '../../kernel/json.js';
import type { PayloadRules } from '../autonomy/index.js';
import { EARLY_TARGETS } from './domain/early-stage.js';

const line = (most: number) => z.string().trim().min(1).max(most);
/** What would begin another header, or make one line look like another: the mailer takes none of it. */
const UNFIT_FOR_HEADER = /[\p{Cc}\p{Zl}\p{Zp}]|[\u202A-\u202E\u2066-\u2069]/u;
const header = (most: number) =>
  line(most).refine((text) => text.isWellFormed() && !UNFIT_FOR_HEADER.test(text), {
    message: 'expected one line of plain text, without control characters',
  });
const writing = z.string().min(1).max(20_000);
const address = z.email().max(254);
const addresses = z.union([address.transform((one) => [one]), z.array(address).min(1).max(50)]);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** As far as interactions are recorded: what could not be written down afterwards is not sent. */
const LAST_YEAR = 2100;
const meetingStart = instant.refine((at) => at.getUTCFullYear() >= 2000 && at.getUTCFullYear() <= LAST_YEAR, {
  message: `expected a time in the years 2000 to ${LAST_YEAR}`,
});

/** Payload of everything that goes out as an email. Strict: what nobody looks at must not be signed either. */
export const emailPayload = z.strictObject({
  to: addresses,
  cc: addresses.optional(),
  subject: header(500),
  text: writing,
  html: z.string().min(1).max(50_000).optional(),
});

/** Payload of `schedule_meeting`: an invitation. */
export const meetingPayload = z.strictObject({
  to: addresses,
  subject: header(500),
  text: writing,
  start: meetingStart,
  durationMinutes: z.number().int().min(5).max(1_440),
  location: line(300).optional(),
});

/** Payloads of what the server does in its own data. */
export const BUILT_IN = {
  log_interaction: z.strictObject({
    channel: z.enum(['email', 'chat', 'meeting', 'crm']),
    direction: z.enum(['inbound', 'outbound']).optional(),
    status: z.enum(['completed', 'scheduled', 'cancelled']).optional(),
    occurredAt: instant.optional(),
    subject: line(500).optional(),
    content: writing,
  }),
  update_account_context: z.strictObject({
    sector: line(300).optional(),
    employees: z.number().int().min(0).optional(),
    location: line(300).optional(),
    parentName: line(300).optional(),
    note: writing.optional(),
  }),
  create_briefing: z.strictObject({ title: line(300), text: writing }),
  progress_early_stage: z.strictObject({ stage: z.enum(EARLY_TARGETS) }),
  qualify_conversation: z.strictObject({ qualified: z.boolean(), note: writing }),
} as const;
export type BuiltInType = keyof typeof BUILT_IN;

export const isBuiltIn = (actionType: string): actionType is BuiltInType => Object.hasOwn(BUILT_IN, actionType);

/** @throws VALIDATION_FAILED with every broken rule, by its path in the payload */
export function parsePayload<Output>(schema: z.ZodType<Output>, payload: JsonObject): Output {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issues: ValidationIssue[] = parsed.error.issues.map(({ path, message }) => ({
    path: ['input', 'payload', ...path.map((step) => (typeof step === 'symbol' ? String(step) : step))],
    message,
  }));
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new DomainError('VALIDATION_FAILED', message, { issues });
}

/** Refuses at the proposal what its connector could not run later. */
export const payloadRules: PayloadRules = {
  requireRunnable(connector, actionType, payload) {
    switch (connector) {
      case 'agent':
      case 'webhook':
        return;
      case 'email':
        if (actionType === 'schedule_meeting') parsePayload(meetingPayload, payload);
        else parsePayload(emailPayload, payload);
        return;
      case 'built_in':
        if (!isBuiltIn(actionType)) {
          const message = `the policy lets the server run ${actionType} itself, which it cannot; it can ${Object.keys(BUILT_IN).join(', ')}`;
          throw new DomainError('VALIDATION_FAILED', message, { issues: [{ path: ['input', 'actionType'], message }] });
        }
        parsePayload<unknown>(BUILT_IN[actionType], payload);
        return;
      default:
        connector satisfies never;
    }
  },
};
