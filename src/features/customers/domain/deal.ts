import type { Id } from '../../../kernel/ids.js';
import {
  applyDraft,
  type Change,
  type Draft,
  type FieldIssue,
  type FieldRules,
  join,
  needed,
  optional,
  show,
  withDefault,
} from './draft.js';
import { CLOSED_STAGES, type DealFields, isOpen, OPEN_STAGES } from './records.js';
import {
  accountOf,
  cloneOf,
  type Identified,
  type KnownRecords,
  type NamesAccount,
  type NamesClone,
} from './references.js';
import { instant, MAX_TEXT, money, oneOf, text, trueOrFalse } from './values.js';

type OwnFields = Omit<DealFields, 'accountId' | 'cloneId'>;
export type DealDraft = Identified & NamesAccount & NamesClone & Draft<OwnFields>;

const RULES: FieldRules<OwnFields> = {
  name: needed(text(MAX_TEXT)),
  product: optional(text(MAX_TEXT)),
  owner: optional(text(MAX_TEXT)),
  ownerManager: optional(text(MAX_TEXT)),
  ownerRegion: optional(text(MAX_TEXT)),
  stage: needed(oneOf([...OPEN_STAGES, ...CLOSED_STAGES])),
  value: optional(money),
  valueIsEstimate: withDefault(trueOrFalse, false),
  openedAt: optional(instant),
  closedAt: optional(instant),
};

export function decideDeal(
  stored: DealFields | undefined,
  draft: DealDraft,
  known: KnownRecords,
  now: Date,
): Change<DealFields> {
  const own = applyDraft(RULES, stored, { ...draft, ...implied(stored, draft, now) });
  const references = join(accountOfDeal(stored, draft, known), cloneOf(draft, known, stored?.cloneId));
  const change = join(own, references);
  if ('issues' in change) return change;
  const issues = contradictions(change.fields, draft);
  return issues.length > 0 ? { issues } : change;
}

/** What a caller who moves a deal, or gives it a value, means without saying so. */
function implied(stored: DealFields | undefined, draft: DealDraft, now: Date): Draft<OwnFields> {
  const { stage, closedAt, value, valueIsEstimate } = draft;
  const isNewValue = value !== undefined && value !== stored?.value;
  return {
    // A value given without a word on it is meant; an old estimate mark must not stick to it.
    valueIsEstimate: valueIsEstimate === undefined && isNewValue ? false : valueIsEstimate,
    closedAt: closedAt === undefined && stored && stage ? closingOf(stored, stage, now) : closedAt,
  };
}

/** A stored deal that is closed without a date closes now; one that is reopened has no closing date any more. */
function closingOf(stored: DealFields, stage: DealFields['stage'], now: Date): Date | null | undefined {
  if (isOpen(stored.stage) === isOpen(stage)) return undefined;
  return isOpen(stage) ? null : now;
}

function accountOfDeal(
  stored: DealFields | undefined,
  draft: DealDraft,
  known: KnownRecords,
): Change<{ readonly accountId: Id | null }> {
  const account = accountOf(draft, known);
  if ('issue' in account) return { issues: [account.issue] };
  const accountId = account.found === undefined ? (stored?.accountId ?? null) : (account.found?.id ?? null);
  return { fields: { accountId } };
}

function contradictions(fields: DealFields, draft: DealDraft): FieldIssue[] {
  const { stage, value, valueIsEstimate, openedAt, closedAt } = fields;
  const issues: FieldIssue[] = [];
  if (isOpen(stage) && closedAt !== null) {
    const message = `expected no closing date while the deal is open, in stage ${stage}; got ${show(closedAt)}`;
    issues.push({ field: 'closedAt', message });
  }
  if (openedAt !== null && closedAt !== null && closedAt < openedAt) {
    const [field, expected, got] = draft.closedAt
      ? ['closedAt', `on or after ${show(openedAt)}, when the deal opened`, closedAt]
      : ['openedAt', `on or before ${show(closedAt)}, when the deal closed`, openedAt];
    issues.push({ field: String(field), message: `expected a date ${expected}; got ${show(got)}` });
  }
  if (valueIsEstimate && value === null) {
    issues.push({ field: 'valueIsEstimate', message: 'expected a value that is the estimate; got true without one' });
  }
  return issues;
}
