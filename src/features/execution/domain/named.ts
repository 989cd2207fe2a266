import type { Id } from '../../../kernel/ids.js';

/** What an action may name beside its deal. */
export interface Naming {
  readonly accountId: Id | null;
  readonly contactId: Id | null;
  readonly cloneId: Id | null;
}

/** What an action names, as a record of what it did takes it: what it does not name is left out. */
export const namedBy = ({ accountId, contactId, cloneId }: Naming): Partial<Record<keyof Naming, Id>> => ({
  ...(accountId && { accountId }),
  ...(contactId && { contactId }),
  ...(cloneId && { cloneId }),
});
