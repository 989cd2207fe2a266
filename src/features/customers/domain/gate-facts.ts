import type { FieldIssue } from './draft.js';
import type { CustomerFields, RecordKind } from './records.js';

/** What decides which account, deals and people the gates look at: whom a contact belongs to, where mail for it goes. */
const GATE_FACTS: { readonly [K in RecordKind]: readonly (keyof CustomerFields[K] & string)[] } = {
  account: ['domain'],
  contact: ['accountId', 'email', 'title'],
  deal: [],
  interaction: [],
};

/**
 * The facts under a gate that recording `next` over `stored` would change. Whoever the gates hold back may add
 * records, and never rewrite what is already there for the gates to look at.
 */
export function movedGateFacts<Kind extends RecordKind>(
  kind: Kind,
  stored: CustomerFields[Kind],
  next: CustomerFields[Kind],
): FieldIssue[] {
  return GATE_FACTS[kind]
    .filter((field) => stored[field] !== next[field])
    .map((field) => ({
      field,
      message: `expected the recorded ${field}, or none: the gates look at it, so agents do not change it. Ask a manager or an admin.`,
    }));
}
