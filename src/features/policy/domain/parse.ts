import canonicalize from 'canonicalize';
import { DomainError, invalid, type ValidationIssue } from '../../../kernel/errors.js';
import {
  ACTION_TYPES_BY_TIER,
  classifyAction,
  isBuiltIn,
  nearestWord,
  parseActionType,
  RESTRICTION_REASONS,
  restrictedLookAlike,
} from '../../guardrails/domain/index.js';
import { parseGates } from './parse-gates.js';
import {
  type ActionRule,
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  type Budget,
  CONNECTORS,
  DECIDING_ROLES,
  POLICY_TIERS,
  type PolicyDocument,
  type PolicyTier,
} from './policy.js';
import { meant, Place, readFields, readList, readNumber, readText, readWord, refuseRepeated, show } from './reading.js';

/** Largest policy as canonical JSON, in bytes of UTF-8. */
export const MAX_POLICY_BYTES = 64 * 1024;
export const MAX_RULES = 200;
export const MAX_BUDGETS = 50;

type NamedRule = ActionRule & { readonly actionType: string };

const RULE_FIELDS = [
  'actionType',
  'description',
  'tier',
  'gates',
  'quorum',
  'requiredRole',
  'fallbackRole',
  'expiryHours',
  'connector',
] as const;

/**
 * Reads a policy off untrusted input, in which the rules are a list and hours are written as `08:30`. Nothing is
 * corrected and nothing is passed over: what cannot be meant is refused.
 *
 * @param path of the document, starting with the argument's name
 * @returns the document in one form: the same rules, in whatever order they came, give the same document
 * @throws VALIDATION_FAILED with everything that is wrong and where
 */
export function parsePolicy(raw: unknown, path: readonly (string | number)[]): PolicyDocument {
  const place = new Place(path, []);
  const fields = readFields(place, raw, ['gates', 'rules', 'budgets']);
  const gates = fields.gates === undefined ? undefined : parseGates(place.at('gates'), fields.gates);
  const rules = readList(place.at('rules'), fields.rules ?? [], { least: 0, most: MAX_RULES }, parseRule);
  refuseRepeated(place.at('rules'), rules, ({ actionType }) => actionType);
  const budgets = readList(
    place.at('budgets'),
    fields.budgets ?? [],
    { least: 0, most: MAX_BUDGETS },
    (where, budget) => parseBudget(where, budget, rules),
  );
  refuseRepeated(place.at('budgets'), budgets, ({ name }) => name);
  requireNoIssues(place.issues);
  // Stryker disable next-line EqualityOperator: no type stands there twice
  const sorted = rules.toSorted((a, b) => (a.actionType < b.actionType ? -1 : 1));
  const document: PolicyDocument = {
    ...(gates && { gates }),
    rules: Object.fromEntries(sorted.map(({ actionType, ...rule }) => [actionType, rule])),
    budgets,
  };
  const bytes = Buffer.byteLength(textOf(document));
  if (bytes > MAX_POLICY_BYTES) {
    throw invalid(path, `expected at most ${MAX_POLICY_BYTES} bytes as canonical JSON, got ${bytes}.`);
  }
  return document;
}

/** Whether two documents lay down the same. */
export const isSamePolicy = (one: PolicyDocument, other: PolicyDocument): boolean => textOf(one) === textOf(other);

const textOf = (document: PolicyDocument): string => String(canonicalize(document));

function requireNoIssues(issues: readonly ValidationIssue[]): void {
  if (issues.length === 0) return;
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new DomainError('VALIDATION_FAILED', message, { issues });
}

function parseRule(place: Place, raw: unknown): NamedRule | undefined {
  const fields = readFields(place, raw, RULE_FIELDS);
  const actionType = parseType(place.at('actionType'), fields.actionType);
  const description = readText(place.at('description'), fields.description, 500);
  const tier = readWord(place.at('tier'), fields.tier, POLICY_TIERS);
  const gates = fields.gates === undefined ? undefined : parseGates(place.at('gates'), fields.gates);
  const quorum = readNumber(place.at('quorum'), fields.quorum, { least: 1, most: 10, isWhole: true });
  const requiredRole = readWord(place.at('requiredRole'), fields.requiredRole, DECIDING_ROLES);
  const fallbackRole = readWord(place.at('fallbackRole'), fields.fallbackRole, DECIDING_ROLES);
  const expiryHours = readNumber(place.at('expiryHours'), fields.expiryHours, { least: 0.1, most: 8_760 });
  const connector = readWord(place.at('connector'), fields.connector, CONNECTORS);
  if (actionType === undefined) return undefined;
  if (tier !== undefined) requireNotLooser(place.at('tier'), actionType, tier);
  if (description === undefined) requireNoMisspelling(place.at('actionType'), actionType);
  return {
    actionType,
    ...(description !== undefined && { description }),
    ...(tier !== undefined && { tier }),
    ...(gates && { gates }),
    ...(quorum !== undefined && { quorum }),
    ...(requiredRole !== undefined && { requiredRole }),
    ...(fallbackRole !== undefined && { fallbackRole }),
    ...(expiryHours !== undefined && { expiryHours }),
    ...(connector !== undefined && { connector }),
  };
}

function parseType(place: Place, raw: unknown): string | undefined {
  if (typeof raw !== 'string') return place.refuse(`expected an action type; got ${show(raw)}.`);
  try {
    return parseActionType(raw, place.path);
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: nothing else is expected
    if (!(error instanceof DomainError)) throw error;
    place.issues.push(...(error.details.issues as readonly ValidationIssue[]));
    return undefined;
  }
}

/** A policy only tightens: what is built in stays at least as strict, and nothing slips in by a name that is nearly it. */
function requireNotLooser(place: Place, actionType: string, tier: PolicyTier): void {
  if (isBuiltIn(actionType)) {
    const own = classifyAction(actionType);
    if (POLICY_TIERS.indexOf(tier) >= POLICY_TIERS.indexOf(own)) return;
    place.refuse(
      `${actionType} is ${own} for every tenant, and a policy can only make it stricter; got ${tier}. ${RESTRICTION_REASONS.get(actionType)}`,
    );
    return;
  }
  const like = tier === 'autonomous' ? restrictedLookAlike(actionType) : undefined;
  if (like === undefined) return;
  place.refuse(
    `${actionType} may not run alone: it could be mistaken for the built-in ${like}, which is ${classifyAction(like)}. Choose a name that differs by more than two letters.`,
  );
}

const BUILT_IN = Object.values(ACTION_TYPES_BY_TIER).flat();

/** A rule for a misspelt type would lie there and tighten nothing. */
function requireNoMisspelling(place: Place, actionType: string): void {
  if (isBuiltIn(actionType)) return;
  const nearest = nearestWord(actionType, BUILT_IN);
  if (nearest === undefined) return;
  place.refuse(
    `${actionType} is not built in. Did you mean ${nearest}? If it is a type of your own, say in \`description\` what it means.`,
  );
}

function parseBudget(place: Place, raw: unknown, rules: readonly NamedRule[]): Budget | undefined {
  const fields = readFields(place, raw, ['name', 'scope', 'actionType', 'period', 'limit']);
  const name = readText(place.at('name'), fields.name ?? null, 100);
  const scope = readWord(place.at('scope'), fields.scope ?? null, BUDGET_SCOPES);
  const period = readWord(place.at('period'), fields.period ?? null, BUDGET_PERIODS);
  const limit = readNumber(place.at('limit'), fields.limit ?? null, { least: 0, most: 1_000_000, isWhole: true });
  const actionType = fields.actionType === undefined ? undefined : parseType(place.at('actionType'), fields.actionType);
  if (actionType !== undefined && !isBuiltIn(actionType) && !rules.some((rule) => rule.actionType === actionType)) {
    const hint = meant(actionType, [...BUILT_IN, ...rules.map((rule) => rule.actionType)]);
    place
      .at('actionType')
      .refuse(`expected a built-in type or one that a rule is for; got ${show(actionType)}.${hint}`);
  }
  // Stryker disable next-line ConditionalExpression,LogicalOperator: what is missing was refused before
  if (name === undefined || scope === undefined || period === undefined || limit === undefined) return undefined;
  return { name, scope, ...(actionType !== undefined && { actionType }), period, limit };
}
