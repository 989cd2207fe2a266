import { z } from 'zod';
import type { ModelService } from '../models/index.js';
import { summarise } from './domain/view.js';
import type { Excerpt, SummaryModel, ToldPeriod } from './ports.js';

const NARRATIVE_LENGTH = 600;
const EXCERPTS = 12;
const EXCERPT_LENGTH = 400;

const INSTRUCTIONS = `You summarise what was recorded of a seller's contacts with one customer, period by period. For each period, write at most three plain sentences in English on what it was about: what the customer wanted or feared, what was agreed, what stayed open. Use only what stands in the records of that period; if they say nothing of substance, say so in a few words. The counts are given and correct; do not repeat them.`;

const summaries = z.object({
  summaries: z.array(z.object({ ref: z.string().describe('The ref of the period.'), text: z.string() })),
});
const one = z.object({ ref: z.string(), text: z.string().min(1) });
const taken = z.object({
  summaries: z
    .array(z.unknown())
    .max(100)
    .transform((all) => all.map((given) => one.safeParse(given).data).filter((given) => given !== undefined)),
});

/** Has the language model tell what periods were about. */
export const summaryModel = (models: Pick<ModelService, 'isThere' | 'open'>): SummaryModel => ({
  isThere: models.isThere,
  open(tenantId, signal) {
    const consultation = models.open(tenantId, 'summaries', signal);
    return {
      get isOpen() {
        return consultation.isOpen;
      },
      get counts() {
        return consultation.counts;
      },
      async tell(account, periods) {
        const answer = await consultation.ask({
          instructions: INSTRUCTIONS,
          data: { account: account.slice(0, 300), periods: periods.map(shown) },
          name: 'summaries',
          form: summaries,
          accepts: taken,
          maxOutputTokens: 1_500,
        });
        return answer && periods.map((_, index) => textOf(answer.summaries, index));
      },
    };
  },
});

const refOf = (index: number): string => `p${index + 1}`;

const shown = ({ counts, material }: ToldPeriod, index: number) => ({
  ref: refOf(index),
  period: `${counts.granularity} from ${counts.start.toISOString().slice(0, 10)}`,
  counts: summarise(counts).text,
  records: material.excerpts.slice(0, EXCERPTS).map(excerpt),
});

const excerpt = ({ at, channel, direction, subject, text }: Excerpt) => ({
  date: at.toISOString().slice(0, 10),
  channel,
  direction,
  subject: subject?.slice(0, 200).toWellFormed() ?? null,
  text: text.slice(0, EXCERPT_LENGTH).toWellFormed(),
});

/** Null where it says nothing of that period. */
function textOf(all: readonly z.output<typeof one>[], index: number): string | null {
  const text = all.find(({ ref }) => ref === refOf(index))?.text ?? '';
  // Without what cannot be seen or stored.
  const visible = text.replace(/\p{C}/gu, ' ').toWellFormed().trim();
  return visible === '' ? null : visible.slice(0, NARRATIVE_LENGTH).toWellFormed();
}
