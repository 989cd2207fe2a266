import type { JsonObject } from '../../../kernel/json.js';
import type { PlannedGoal, PlannedInsight } from './grounds.js';

/** Pieces of evidence that are cited of one insight; the insight has them all. */
const QUOTES = 2;
/** Insights that a rationale spells out; it names how many more there are. */
const SPELT_OUT = 3;
const QUOTE_LENGTH = 300;

/** Evidence as an agent gets it: quoted data with its source. */
export const cited = ({ id, summary, evidence }: PlannedInsight): readonly JsonObject[] =>
  evidence.slice(0, QUOTES).map(({ quote, interactionId, at }) => ({
    insightId: id,
    summary,
    quote: sound(quote),
    interactionId,
    at: at.toISOString(),
  }));

/** A goal's figures as an agent gets them. */
export const figuresOf = (goal: PlannedGoal) => ({
  title: sound(goal.title),
  current: goal.current,
  target: goal.target,
  progressPercent: percent(goal.progressPercent),
  expectedPercent: percent(goal.expectedPercent),
  daysRemaining: goal.daysRemaining,
});

/** Why, for the person who may have to sign: each insight with the source's words in quotes, the goal with its figures. */
export function rationaleOf(
  insights: readonly PlannedInsight[],
  goal: { readonly goal: PlannedGoal; readonly reason: string } | undefined,
): string {
  const sentences = insights.slice(0, SPELT_OUT).map(sentenceOf);
  if (insights.length > SPELT_OUT) sentences.push(`And ${insights.length - SPELT_OUT} more.`);
  if (goal) sentences.push(goalSentence(goal.goal, goal.reason));
  return sentences.join(' ');
}

function sentenceOf({ summary, severity, confidence, evidence }: PlannedInsight): string {
  const quotes = evidence
    .slice(0, QUOTES)
    .map(({ quote, at }) => `${JSON.stringify(sound(quote))} (${at.toISOString().slice(0, 10)})`);
  return `${summary} Severity ${severity}, confidence ${confidence.toFixed(2)}; evidence: ${quotes.join(', ')}.`;
}

function goalSentence(goal: PlannedGoal, reason: string): string {
  const { title, current, target, progressPercent, expectedPercent, daysRemaining } = figuresOf(goal);
  const days = `${daysRemaining} day${daysRemaining === 1 ? '' : 's'}`;
  const standing = `${amount(current)} of ${amount(target)}, ${progressPercent} % where ${expectedPercent} % were due`;
  return `The ${goal.type} goal ${JSON.stringify(title)} is behind: ${standing}, ${days} left. ${goal.suggestion} ${reason}`;
}

const percent = (value: number): number => Math.round(value * 10) / 10;
const amount = (value: number): string => (Math.round(value * 100) / 100).toLocaleString('en');

/** Cut so that no character is halved, and without what cannot be signed. */
function sound(text: string): string {
  const whole = text.replaceAll('\u0000', ' ').toWellFormed();
  return whole.length <= QUOTE_LENGTH ? whole : `${whole.slice(0, QUOTE_LENGTH - 1).toWellFormed()}…`;
}
