import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import { HARD_STOP_ACTION_TYPES } from '../../guardrails/domain/index.js';
import { type Candidate, PLANNED_ACTION_TYPES, type RecentProposal } from './plan.js';

/** What a language model says of one account's candidates, each by its place in what it was shown, from 0. */
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

/** The candidates of one account that a model was shown, alone, and what it says of them. */
export interface Advised {
  readonly shown: readonly Candidate[];
  readonly advice: Advice;
}

export interface RefinementRules {
  readonly recent: readonly RecentProposal[];
  /** Whether a text names what only people do, outside. */
  readonly namesHardStop: (draft: string) => boolean;
}

/** A candidate with the words of a model in it. */
export interface Refined {
  readonly candidate: Candidate;
  /** The same as the rules made it; null: the model added it. */
  readonly plain: Candidate | null;
}

export interface Refinement {
  readonly candidates: readonly Refined[];
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
 * Candidates after a language model has looked at them, account by account: whatever a customer wrote can move what is
 * said of that customer's account, and nothing else. Accounts keep the places that the rules gave them.
 *
 * @param candidates new ones only, of all accounts
 */
export function refineEach(
  candidates: readonly Candidate[],
  advised: readonly Advised[],
  rules: RefinementRules,
): Refinement {
  const refinements = advised.map((one) => ({ ...one, made: refine(one, { ...rules, candidates }) }));
  const next = new Map<Candidate, Iterator<Refined>>();
  for (const { shown, made } of refinements) {
    const inTurn = made.kept.values();
    for (const candidate of shown) next.set(candidate, inTurn);
  }
  const kept = candidates.flatMap((candidate): readonly Refined[] => {
    const inTurn = next.get(candidate);
    if (!inTurn) return [{ candidate, plain: candidate }];
    const turn = inTurn.next();
    return turn.done ? [] : [turn.value];
  });
  const added = refinements.flatMap(({ made }) => made.added);
  const more = added.slice(0, MOST_ADDED);
  const rejected = refinements.reduce((sum, { made }) => sum + made.rejected, added.length - more.length);
  return {
    candidates: [...kept, ...more.map((candidate) => ({ candidate, plain: null }))],
    heldBack: refinements.flatMap(({ made }) => made.heldBack),
    added: more.length,
    rejected,
  };
}

/**
 * What a model worded waits for a person, who reads it, or does not happen: what would run alone is done as the rules
 * made it, and not at all where the model added it.
 *
 * @param alone those that would run without anybody's signature
 */
export function keepToPeople(refinement: Refinement, alone: ReadonlySet<Candidate>): Refinement {
  const dropped = refinement.candidates.filter(({ candidate, plain }) => plain === null && alone.has(candidate));
  return {
    ...refinement,
    candidates: refinement.candidates
      .filter((one) => !dropped.includes(one))
      .map(({ candidate, plain }) => ({ plain, candidate: plain && alone.has(candidate) ? plain : candidate })),
    added: refinement.added - dropped.length,
    rejected: refinement.rejected + dropped.length,
  };
}

/** What became of one account's candidates. */
interface AccountRefinement extends Pick<Refinement, 'heldBack' | 'rejected'> {
  readonly kept: readonly Refined[];
  readonly added: readonly Candidate[];
}

/**
 * One account's candidates after a language model has looked at them. It may put them into another order, add a note and
 * a draft, have some wait, and add a few of the types that the planner knows. Reasons and evidence stay as the rules gave
 * them, what it says is quoted beside. It cannot make an escalation or anything severe wait: whoever writes to us could
 * otherwise talk it into silence.
 *
 * A hard stop that it adds becomes a candidate too, so that the guardrails refuse it on record; any other type that the
 * planner does not know is dropped, whatever it resembles.
 */
function refine(
  { shown, advice }: Advised,
  rules: RefinementRules & { readonly candidates: readonly Candidate[] },
): AccountRefinement {
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
  const others = shown.filter((candidate) => !order.has(candidate));
  const kept = [...order, ...others.map((one) => [one, one] as const)]
    .filter(([plain]) => !heldBack.has(plain))
    .map(([plain, candidate]) => ({ candidate, plain }));

  const taken = new Set([...rules.candidates, ...rules.recent].map(placeOf));
  const added = advice.add.flatMap(({ at, actionType, why, draft }): readonly Candidate[] => {
    const beside = shown[at];
    if (!beside || !isProposable(actionType)) return reject();
    const place = placeOf({ accountId: beside.accountId, actionType });
    if (taken.has(place)) return reject();
    taken.add(place);
    return [furtherTo(beside, { actionType, why, draft: draftOf(draft) })];
  });
  return { kept, heldBack: [...heldBack].map(([candidate, why]) => ({ candidate, why })), added, rejected };
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
