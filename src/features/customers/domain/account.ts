import { applyDraft, type Change, type Draft, type FieldRules, needed, optional } from './draft.js';
import type { AccountFields } from './records.js';
import type { Identified } from './references.js';
import { domainName, instant, MAX_EMPLOYEES, MAX_TEXT, money, text, wholeNumber } from './values.js';

export type AccountDraft = Identified & Draft<AccountFields>;

const RULES: FieldRules<AccountFields> = {
  name: needed(text(MAX_TEXT)),
  domain: optional(domainName),
  sector: optional(text(MAX_TEXT)),
  employees: optional(wholeNumber(MAX_EMPLOYEES)),
  annualRevenue: optional(money),
  location: optional(text(MAX_TEXT)),
  parentName: optional(text(MAX_TEXT)),
  optedOutAt: optional(instant),
};

export const decideAccount = (stored: AccountFields | undefined, draft: AccountDraft): Change<AccountFields> =>
  applyDraft(RULES, stored, draft);
