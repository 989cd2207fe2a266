import { applyDraft, type Change, type Draft, type FieldRules, needed, optional } from './draft.js';
import type { AccountFields } from './records.js';
import type { Identified } from './references.js';
import { domainName, instant, MAX_EMPLOYEES, MAX_TEXT, money, text, wholeNumber } from './values.js';

type OwnFields = Omit<AccountFields, 'byAgents'>;
export type AccountDraft = Identified & Draft<OwnFields>;

const RULES: FieldRules<OwnFields> = {
  name: needed(text(MAX_TEXT)),
  domain: optional(domainName),
  sector: optional(text(MAX_TEXT)),
  employees: optional(wholeNumber(MAX_EMPLOYEES)),
  annualRevenue: optional(money),
  location: optional(text(MAX_TEXT)),
  parentName: optional(text(MAX_TEXT)),
  optedOutAt: optional(instant),
};

export const decideAccount = (stored: OwnFields | undefined, draft: AccountDraft): Change<OwnFields> =>
  applyDraft(RULES, stored, draft);
