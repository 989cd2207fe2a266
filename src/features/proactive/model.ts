import { z } from 'zod';
import type { ModelService } from '../models/index.js';
import { type Candidate, PLANNED_ACTION_TYPES } from './domain/plan.js';
import { type Advice, type Advised, MOST_ADDED } from './domain/refinement.js';
import type { PlanModel } from './ports.js';

const RATIONALE_LENGTH = 1_200;
/** Accounts that are asked of at the same time. */
const AT_ONCE = 4;

const INSTRUCTIONS = `You help a seller's planner. Rules have made candidates: actions for one customer's account, each with its reasons. Give your advice on them.

- order: the refs of the candidates, the best first. For each, a note of one or two sentences for the person who decides (or null), and, where the action is a message to the customer, a short draft of it in the customer's language (or null).
- hold_back: candidates that are better not done now, and why.
- add: at most ${MOST_ADDED} further actions for the account, by the ref of a candidate that calls for one. Types: ${PLANNED_ACTION_TYPES.join(', ')}.

A draft never speaks of prices, discounts, contracts or legal matters; people do that. What may be done is decided elsewhere, and nothing you say changes it.`;

const text = z.string();
const advice = z.object({
  order: z.array(z.object({ ref: text, note: text.nullable(), draft: text.nullable() })),
  hold_back: z.array(z.object({ ref: text, why: text })),
  add: z.array(z.object({ ref: text, type: z.enum(PLANNED_ACTION_TYPES), why: text, draft: text.nullable() })),
});

/** Entries that make no sense are left out by themselves; no answer has more of them than could be meant. */
const entries = <Entry>(entry: z.ZodType<Entry>) =>
  z
    .array(z.unknown())
    .max(200)
    .transform((all) => all.map((one) => entry.safeParse(one).data).filter((one) => one !== undefined));
const words = z
  .string()
  .nullish()
  .transform((given) => given ?? null);
const taken = z.object({
  order: entries(z.object({ ref: text, note: words, draft: words })),
  hold_back: entries(z.object({ ref: text, why: text })),
  add: entries(z.object({ ref: text, type: text, why: text, draft: words })),
});

/** Asks the language model what it thinks of candidates. */
export const planModel = (models: Pick<ModelService, 'isThere' | 'open'>): PlanModel => ({
  isThere: models.isThere,
  async advise(tenantId, accounts, signal) {
    const consultation = models.open(tenantId, 'planning', signal);
    const askOf = async (candidates: readonly Candidate[]): Promise<readonly Advised[]> => {
      const answer = await consultation.ask({
        instructions: INSTRUCTIONS,
        data: { candidates: candidates.map(shown) },
        name: 'advice',
        form: advice,
        accepts: taken,
        maxOutputTokens: 1_500,
      });
      return answer ? [{ shown: candidates, advice: toAdvice(answer) }] : [];
    };
    const advised: Advised[] = [];
    for (let at = 0; at < accounts.length; at += AT_ONCE) {
      advised.push(...(await Promise.all(accounts.slice(at, at + AT_ONCE).map(askOf))).flat());
    }
    return advised;
  },
});

const shown = ({ actionType, accountName, severity, goalGap, rationale }: Candidate, index: number) => ({
  ref: refOf(index),
  type: actionType,
  account: accountName.slice(0, 300),
  severity,
  goalGap,
  reasons: rationale.slice(0, RATIONALE_LENGTH).toWellFormed(),
});

const refOf = (index: number): string => `c${index + 1}`;
/** A ref that was not given leads nowhere. */
const placeOf = (ref: string): number => (/^c[1-9]\d{0,3}$/.test(ref) ? Number(ref.slice(1)) - 1 : -1);

const toAdvice = ({ order, hold_back, add }: z.output<typeof taken>): Advice => ({
  order: order.map(({ ref, ...rest }) => ({ at: placeOf(ref), ...rest })),
  holdBack: hold_back.map(({ ref, why }) => ({ at: placeOf(ref), why })),
  add: add.map(({ ref, type, ...rest }) => ({ at: placeOf(ref), actionType: type, ...rest })),
});
