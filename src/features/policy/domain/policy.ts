import type { Role } from '../../../kernel/actor.js';
import type { DealStage } from '../../guardrails/domain/index.js';

/** Who runs an action: an agent that claims it, or a connector of the server. */
export const CONNECTORS = ['agent', 'webhook', 'email', 'built_in'] as const;
export type Connector = (typeof CONNECTORS)[number];

/** The tiers a policy may name. For a built-in type only a stricter one than its own. */
export const POLICY_TIERS = ['autonomous', 'approval_required', 'hard_stop'] as const;
export type PolicyTier = (typeof POLICY_TIERS)[number];

/** Roles that may decide, the weakest first. */
export const DECIDING_ROLES = ['approver', 'manager', 'admin'] as const satisfies readonly Role[];
export type DecidingRole = (typeof DECIDING_ROLES)[number];

/** Hours in which an action may run alone; outside them it waits for a person. */
export interface Hours {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** Minutes after midnight, 0 to 1440; `from` before `to`. */
  readonly from: number;
  readonly to: number;
  /** Days of the week, 1 Monday to 7 Sunday. */
  readonly days: readonly number[];
}

/** What makes an autonomous action wait for a person, beside the built-in stage gate. */
export interface Gates {
  /** Above this value of the deal, in the tenant's currency; a deal without a value counts as above. */
  readonly dealValueAbove?: number;
  readonly stages?: readonly DealStage[];
  /** Words of a contact's title, e.g. `CEO`; compared word by word, in whatever case. */
  readonly contactTitles?: readonly string[];
  readonly hours?: Hours;
}

/** What the tenant lays down for one type of action. */
export interface ActionRule {
  /** For people: what a type of the tenant's own means. */
  readonly description?: string;
  readonly tier?: PolicyTier;
  readonly gates?: Gates;
  /** How many different people have to approve, 1 to 10. */
  readonly quorum?: number;
  /** The weakest role that may decide. */
  readonly requiredRole?: DecidingRole;
  /** The weakest role that may decide once half the time is over. */
  readonly fallbackRole?: DecidingRole;
  /** How long a request stays open, and then an approval stays good, in hours. */
  readonly expiryHours?: number;
  readonly connector?: Connector;
}

export const BUDGET_SCOPES = ['tenant', 'clone', 'account'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
export const BUDGET_PERIODS = ['hour', 'day', 'week'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** How many actions may run alone in a period; who goes over it waits for a person. */
export interface Budget {
  /** Unique within the policy. */
  readonly name: string;
  /** Counted for the tenant as a whole, or for each clone or account by itself. */
  readonly scope: BudgetScope;
  /** Only this type; all types when left out. */
  readonly actionType?: string;
  readonly period: BudgetPeriod;
  /** 0 lets none run alone. */
  readonly limit: number;
}

/** What a tenant lays down. It can only make the built-in guardrails stricter. */
export interface PolicyDocument {
  /** For actions of every type. */
  readonly gates?: Gates;
  readonly rules: Readonly<Record<string, ActionRule>>;
  readonly budgets: readonly Budget[];
}

/** A document as it holds from one change to the next; version 0 is the empty one that every tenant begins with. */
export interface Policy {
  readonly version: number;
  readonly document: PolicyDocument;
}

export const EMPTY_POLICY: Policy = { version: 0, document: { rules: {}, budgets: [] } };

/** Roles that may decide where `weakest` is the weakest that may. */
export const rolesFrom = (weakest: DecidingRole): readonly DecidingRole[] =>
  DECIDING_ROLES.slice(DECIDING_ROLES.indexOf(weakest));

/** Who stopped what, and why. */
export interface Pause {
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
}
