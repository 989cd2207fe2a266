import { clockTime, daysOf } from './gates.js';
import type { Gates, PolicyDocument } from './policy.js';

/** One thing that differs between two policies. */
export interface PolicyChange {
  /** Where it stands, e.g. `rules.send_proposal.quorum`. */
  readonly what: string;
  /** As people read it; null: it was not laid down. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What a new policy changes in an old one, for people; in the order of where it stands. */
export function policyChanges(before: PolicyDocument, after: PolicyDocument): readonly PolicyChange[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((what) => old.get(what) !== now.get(what))
    .sort()
    .map((what) => ({ what, before: old.get(what) ?? null, after: now.get(what) ?? null }));
}

function entriesOf({ gates, rules, budgets }: PolicyDocument): ReadonlyMap<string, string> {
  const entries = new Map<string, string>(gateEntries('gates', gates));
  for (const [actionType, { gates: ofRule, ...rest }] of Object.entries(rules)) {
    // A rule that says nothing is still a rule: it names a type.
    entries.set(`rules.${actionType}`, 'laid down');
    for (const [key, value] of Object.entries(rest)) entries.set(`rules.${actionType}.${key}`, String(value));
    for (const [what, value] of gateEntries(`rules.${actionType}.gates`, ofRule)) entries.set(what, value);
  }
  for (const { name, limit, period, scope, actionType } of budgets) {
    const counted = actionType === undefined ? 'actions of any type' : actionType;
    entries.set(`budgets.${name}`, `${limit} ${counted} a ${period} for each ${scope}`);
  }
  return entries;
}

function* gateEntries(where: string, gates: Gates | undefined): Generator<[string, string]> {
  if (!gates) return;
  const { dealValueAbove, stages, contactTitles, hours } = gates;
  if (dealValueAbove !== undefined) yield [`${where}.dealValueAbove`, String(dealValueAbove)];
  if (stages) yield [`${where}.stages`, stages.join(', ')];
  if (contactTitles) yield [`${where}.contactTitles`, contactTitles.join(', ')];
  if (hours) {
    const { timeZone, from, to } = hours;
    yield [`${where}.hours`, `${clockTime(from)} to ${clockTime(to)} in ${timeZone} on ${daysOf(hours)}`];
  }
}
