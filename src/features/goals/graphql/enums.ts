import { registerEnumType } from 'type-graphql';
import type { GoalStatus, GoalType } from '../domain/goal.js';

// `satisfies` makes a value that was added to a domain list but forgotten here a compile error.

/** `GoalType` of the schema: upper-case names, the domain's values. */
export const GoalTypeEnum = {
  PIPELINE: 'pipeline',
  ACTIVITY: 'activity',
  QUALITY: 'quality',
  REVENUE: 'revenue',
} as const satisfies Record<Uppercase<GoalType>, GoalType>;
registerEnumType(GoalTypeEnum, {
  name: 'GoalType',
  description: 'What a goal is about, and so what its current value is measured by.',
  valuesConfig: {
    PIPELINE: { description: 'Value of the deals opened in the period; measured as `pipeline.identifiedValue`.' },
    ACTIVITY: { description: 'Completed interactions in the period, over every channel.' },
    QUALITY: { description: 'Percentage; measured as `quality.qualificationCompletion` × 100.' },
    REVENUE: { description: 'Value of the deals won in the period; measured as `revenue.closedValue`.' },
  },
});

/** `GoalStatus` of the schema. */
export const GoalStatusEnum = {
  ACTIVE: 'active',
  COMPLETED: 'completed',
  MISSED: 'missed',
  CANCELLED: 'cancelled',
} as const satisfies Record<Uppercase<GoalStatus>, GoalStatus>;
registerEnumType(GoalStatusEnum, {
  name: 'GoalStatus',
  description: 'What has become of a goal.',
  valuesConfig: {
    ACTIVE: { description: 'Below target, and its period has not ended.' },
    COMPLETED: { description: 'The current value has reached the target, be it late.' },
    MISSED: { description: 'Its period has ended below target.' },
    CANCELLED: { description: 'Given up by a person. Final.' },
  },
});
