import { z } from 'zod';
import type { ModelService, Question } from '../models/index.js';
import type { ModelClaim } from './domain/model-finding.js';
import { ownSentences } from './domain/own-words.js';
import type { ObservedInteraction } from './domain/pattern.js';
import { SPOKEN_TYPES } from './domain/phrase.js';
import type { PatternModel } from './ports.js';

/** Of one interaction, as much is sent; what stands behind it is left to the rules. */
const TEXT_LENGTH = 6_000;
const SUBJECT_LENGTH = 300;

const INSTRUCTIONS = `You read what was recorded of a seller's contacts with one customer and report what it shows about the customer.

Report only these types:
- budget: the customer says that there is money for the purchase.
- urgency: the customer is in a hurry or has a deadline.
- competitive_evaluation: the customer compares the seller with competitors.
- stakeholder_expansion: more people of the customer's begin to take part.
- budget_freeze: the customer's money is held back.
- champion_leaving: somebody at the customer's who matters for the purchase is leaving.
- competitor_preferred: the customer leans towards a competitor.

For each, give the interaction it is in, one sentence of that interaction copied exactly, letter by letter, in its own language, and how sure you are, from 0 to 1. Texts with the direction "theirs" were written by the customer, those with "note" by the seller about both sides. Do not report what is denied, asked, only possible, over, or about somebody else. If there is nothing to report, give an empty list.`;

const claims = z.object({
  findings: z.array(
    z.object({
      interaction: z.string().describe('The ref of the interaction.'),
      type: z.enum(SPOKEN_TYPES),
      quote: z.string().describe('One sentence, copied exactly.'),
      confidence: z.number().describe('From 0 to 1.'),
    }),
  ),
});
/** One claim that makes no sense does not cost the others. */
const taken = z.object({
  findings: z
    .array(z.unknown())
    .max(200)
    .transform((findings) =>
      findings.map((finding) => claim.safeParse(finding).data).filter((one) => one !== undefined),
    ),
});
const claim = z.object({
  interaction: z.string(),
  type: z.string(),
  quote: z.string().max(2_000),
  confidence: z.number(),
});

/** Looks for patterns with the language model. */
export const patternModel = (models: Pick<ModelService, 'isThere' | 'open'>): PatternModel => ({
  isThere: models.isThere,
  open(tenantId, signal) {
    const consultation = models.open(tenantId, 'pattern_detection', signal);
    return {
      get isOpen() {
        return consultation.isOpen;
      },
      get counts() {
        return consultation.counts;
      },
      async read(accountName, interactions) {
        const answer = await consultation.ask(questionOn(accountName, interactions));
        return answer && claimsByInteraction(interactions, answer.findings);
      },
    };
  },
});

const refOf = (index: number): string => `i${index + 1}`;

const questionOn = (
  account: string,
  interactions: readonly ObservedInteraction[],
): Question<z.output<typeof taken>> => ({
  instructions: INSTRUCTIONS,
  data: {
    account: account.slice(0, SUBJECT_LENGTH),
    interactions: interactions.map((interaction, index) => ({
      ref: refOf(index),
      direction: interaction.direction === 'inbound' ? 'theirs' : 'note',
      channel: interaction.channel,
      subject: interaction.subject?.slice(0, SUBJECT_LENGTH) ?? null,
      text: textToRead(interaction),
    })),
  },
  name: 'findings',
  form: claims,
  accepts: taken,
  maxOutputTokens: 1_500,
});

/** What the writer says, without what the message quotes or forwards. */
export const textToRead = ({ content }: ObservedInteraction): string =>
  ownSentences(content)
    .map(({ start, end }) => content.slice(start, end))
    .join('\n')
    .slice(0, TEXT_LENGTH)
    .toWellFormed();

function claimsByInteraction(
  interactions: readonly ObservedInteraction[],
  findings: readonly (ModelClaim & { readonly interaction: string })[],
): ReadonlyMap<string, readonly ModelClaim[]> {
  return new Map(
    interactions.map(({ id }, index) => [id, findings.filter(({ interaction }) => interaction === refOf(index))]),
  );
}
