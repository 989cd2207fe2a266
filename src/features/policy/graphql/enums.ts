import { registerEnumType } from 'type-graphql';
import type { BudgetPeriod, BudgetScope, Connector, DecidingRole } from '../domain/policy.js';

// `satisfies` makes a value that was added to a domain list but forgotten here a compile error.

export const ConnectorEnum = {
  AGENT: 'agent',
  WEBHOOK: 'webhook',
  EMAIL: 'email',
  BUILT_IN: 'built_in',
} as const satisfies Record<Uppercase<Connector>, Connector>;
registerEnumType(ConnectorEnum, {
  name: 'Connector',
  description: 'Who runs an action.',
  valuesConfig: {
    AGENT: { description: 'An agent claims it, runs it and reports.' },
    WEBHOOK: { description: 'The server posts it to the tenant’s webhook, signed.' },
    EMAIL: { description: 'The server sends it by SMTP.' },
    BUILT_IN: { description: 'The server does it in its own data.' },
  },
});

export const DecidingRoleEnum = {
  APPROVER: 'approver',
  MANAGER: 'manager',
  ADMIN: 'admin',
} as const satisfies Record<Uppercase<DecidingRole>, DecidingRole>;
registerEnumType(DecidingRoleEnum, {
  name: 'DecidingRole',
  description: 'A role that decides on requests, the weakest first.',
  valuesConfig: {
    APPROVER: { description: 'Approvers, managers and admins.' },
    MANAGER: { description: 'Managers and admins.' },
    ADMIN: { description: 'Admins.' },
  },
});

export const BudgetScopeEnum = {
  TENANT: 'tenant',
  CLONE: 'clone',
  ACCOUNT: 'account',
} as const satisfies Record<Uppercase<BudgetScope>, BudgetScope>;
registerEnumType(BudgetScopeEnum, {
  name: 'BudgetScope',
  description: 'For whom a budget counts.',
  valuesConfig: {
    TENANT: { description: 'One count for the whole tenant.' },
    CLONE: { description: 'A count for each clone; actions in the voice of no clone share one.' },
    ACCOUNT: { description: 'A count for each account; actions that concern no account share one.' },
  },
});

export const BudgetPeriodEnum = {
  HOUR: 'hour',
  DAY: 'day',
  WEEK: 'week',
} as const satisfies Record<Uppercase<BudgetPeriod>, BudgetPeriod>;
registerEnumType(BudgetPeriodEnum, {
  name: 'BudgetPeriod',
  description: 'When a budget begins anew; all in UTC.',
  valuesConfig: {
    HOUR: { description: 'On the hour.' },
    DAY: { description: 'At midnight.' },
    WEEK: { description: 'On Monday at midnight.' },
  },
});

/** `Weekday` of the schema; inside, Monday is 1 and Sunday 7. */
export const WeekdayEnum = {
  MONDAY: 1,
  TUESDAY: 2,
  WEDNESDAY: 3,
  THURSDAY: 4,
  FRIDAY: 5,
  SATURDAY: 6,
  SUNDAY: 7,
} as const;
registerEnumType(WeekdayEnum, {
  name: 'Weekday',
  description: 'A day of the week.',
  valuesConfig: {
    MONDAY: { description: 'Monday.' },
    TUESDAY: { description: 'Tuesday.' },
    WEDNESDAY: { description: 'Wednesday.' },
    THURSDAY: { description: 'Thursday.' },
    FRIDAY: { description: 'Friday.' },
    SATURDAY: { description: 'Saturday.' },
    SUNDAY: { description: 'Sunday.' },
  },
});
