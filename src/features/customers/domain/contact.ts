import type { Id } from '../../../kernel/ids.js';
import { applyDraft, type Change, type Draft, type FieldRules, join, needed, optional } from './draft.js';
import type { ContactFields } from './records.js';
import { accountOf, type Identified, type KnownRecords, type NamesAccount } from './references.js';
import { emailAddress, MAX_TEXT, text } from './values.js';

type Stated = Omit<ContactFields, 'byAgents'>;
type OwnFields = Omit<Stated, 'accountId'>;
export type ContactDraft = Identified & NamesAccount & Draft<OwnFields>;

const RULES: FieldRules<OwnFields> = {
  name: needed(text(MAX_TEXT)),
  email: optional(emailAddress),
  title: optional(text(MAX_TEXT)),
};

export const decideContact = (stored: Stated | undefined, draft: ContactDraft, known: KnownRecords): Change<Stated> =>
  join(applyDraft(RULES, stored, draft), belongsTo(stored, draft, known));

/** A contact without an account could never be shown anywhere. */
function belongsTo(
  stored: Stated | undefined,
  draft: ContactDraft,
  known: KnownRecords,
): Change<{ readonly accountId: Id }> {
  const account = accountOf(draft, known);
  if ('issue' in account) return { issues: [account.issue] };
  const accountId = account.found === undefined ? stored?.accountId : account.found?.id;
  if (accountId !== undefined) return { fields: { accountId } };
  return {
    issues: [{ field: account.field, message: 'expected the account to which the contact belongs; got nothing' }],
  };
}
