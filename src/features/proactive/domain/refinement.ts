import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import { HARD_STOP_ACTION_TYPES } from '../../guardrails/domain/index.js';
import { type Candidate, PLANNED_ACTION_TYPES, type RecentProposal } from './plan.js';

/** What a language model says of candidates, each by its place in what it was shown, from 0. */
export interface Advice {
  /** In the order that it thinks best; what it leaves out comes behind. */
  readonly order: readonly { readonly at: number; readonly note: string | null; readonly draft: string | null }[];
  /** Better left for now. */
  readonly holdBack: readonly { readonly at: number; readonly why: string }[];
  /** More to do for the account of a candidate. */
  readonly add: readonly {
    readonly at: number;
    readonly actionType: string;
    readonly why: string;
    readonly draft: string | null;
  }[];
}

export interface RefinementRules {
  /** How many of the candidates, from the first, the model was shown. */
  readonly shown: number;
  readonly recent: readonly RecentProposal[];
  /** Whether a text names what only people do, outside. */
  readonly namesHardStop: (draft: string) => boolean;
}

export interface Refinement {
  readonly candidates: readonly Candidate[];
  /** Not to be proposed in this run, and why. */
  readonly heldBack: readonly { readonly candidate: Candidate; readonly why: string }[];
  readonly added: number;
  /** Parts of the advice that were not taken. */
  readonly rejected: number;
}

/** Most that a model may add in one run. */
export const MOST_ADDED = 5;
const NOTE_LENGTH = 500;
const DRAFT_LENGTH = 2_000;

/**
 * Candidates after a language model has looked at them. It may put them into another order, add a note and a draft,
 * have some wait, and add a few of the types that the planner knows. Reasons and evidence stay as the rules gave them,
 * what it says is quoted beside. It cannot make an escalation or anything severe wait: whoever writes to us could
 * otherwise talk it into silence.
 *
 * A hard stop that it adds becomes a candidate too, so that the guardrails refuse it on record; any other type that the
 * planner does not know is dropped, whatever it resembles.
 *
 * @param candidates new ones only
 */
export function refine(candidates: readonly Candidate[], advice: Advice, rules: RefinementRules): Refinement {
  const shown = candidates.slice(0, rules.shown);
  let rejected = 0;
  const reject = (): [] => {
    rejected += 1;
    return [];
  };
  const draftOf = (draft: string | null): JsonObject => {
    const text = bounded(draft ?? '', DRAFT_LENGTH);
    if (text === '') return {};
    if (!rules.namesHardStop(text)) return { draft: text };
    reject();
    return {};
  };

  const heldBack = new Map<Candidate, string>();
  for (const { at, why } of advice.holdBack) {
    const candidate = shown[at];
    if (candidate && mayWait(candidate)) heldBack.set(candidate, bounded(why, NOTE_LENGTH));
    else reject();
  }
  const order = new Map<Candidate, Candidate>();
  for (const { at, note, draft } of advice.order) {
    const candidate = shown[at];
    if (!candidate || order.has(candidate)) reject();
    else order.set(candidate, worded(candidate, note, draftOf(draft)));
  }
  const others = candidates.filter((candidate) => !order.has(candidate));
  const kept = [...order, ...others.map((one) => [one, one] as const)]
    .filter(([original]) => !heldBack.has(original))
    .map(([, refined]) => refined);

  const taken = new Set([...candidates, ...rules.recent].map(placeOf));
  const added = advice.add.flatMap(({ at, actionType, why, draft }): readonly Candidate[] => {
    const beside = shown[at];
    if (!beside || !isProposable(actionType)) return reject();
    const place = placeOf({ accountId: beside.accountId, actionType });
    if (taken.has(place)) return reject();
    taken.add(place);
    return [furtherTo(beside, { actionType, why, draft: draftOf(draft) })];
  });
  rejected += Math.max(0, added.length - MOST_ADDED);
  const more = added.slice(0, MOST_ADDED);
  return {
    candidates: [...kept, ...more],
    heldBack: [...heldBack].map(([candidate, why]) => ({ candidate, why })),
    added: more.length,
    rejected,
  };
}

const mayWait = ({ actionType, severity }: Candidate): boolean =>
  actionType !== 'escalate_to_management' && severity !== 'high' && severity !== 'critical';

/** Word for word: what only resembles a type is no type. */
const isProposable = (actionType: string): boolean =>
  [...PLANNED_ACTION_TYPES, ...HARD_STOP_ACTION_TYPES].some((known) => known === actionType);

const placeOf = ({ accountId, actionType }: { readonly accountId: Id; readonly actionType: string }): string =>
  `${accountId} ${actionType}`;

function worded(candidate: Candidate, note: string | null, draft: JsonObject): Candidate {
  const text = bounded(note ?? '', NOTE_LENGTH);
  const rationale = text === '' ? candidate.rationale : `${candidate.rationale} ${quoted('adds', text)}`;
  return { ...candidate, rationale, payload: { ...candidate.payload, ...draft } };
}

/** What a model adds names no insight: those are for the candidate that the rules made of them. */
function furtherTo(
  { accountId, accountName, dealId, contactId, cloneId, openValue, payload: { evidence = [] } }: Candidate,
  { actionType, why, draft }: { readonly actionType: string; readonly why: string; readonly draft: JsonObject },
): Candidate {
  return {
    ...{ actionType, accountId, accountName, dealId, contactId, cloneId, openValue },
    goalId: null,
    insightIds: [],
    severity: null,
    goalGap: 0,
    rationale: quoted('suggests this beside what rules found:', bounded(why, NOTE_LENGTH)),
    payload: {
      purpose: 'Consider what a language model suggests beside the rules.',
      suggestedBy: 'model',
      accountName,
      insightIds: [],
      evidence,
      ...draft,
    },
    duplicateOf: null,
  };
}

const quoted = (does: string, text: string): string => `A language model ${does} ${JSON.stringify(text)}`;

/** Without what cannot be seen or signed, and of a length that people read. */
const bounded = (text: string, most: number): string =>
  text
    .replace(/[^\P{C}\n]/gu, ' ')
    .toWellFormed()
    .trim()
    .slice(0, most)
    .toWellFormed();
