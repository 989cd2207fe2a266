import { registerEnumType } from 'type-graphql';
import type { ForecastStatus } from '../domain/forecast.js';
import type { GoalSource, GoalStatus, GoalType } from '../domain/goal.js';

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

/** `GoalSource` of the schema. */
export const GoalSourceEnum = {
  MEASURED: 'measured',
  TOLD: 'told',
} as const satisfies Record<Uppercase<GoalSource>, GoalSource>;
registerEnumType(GoalSourceEnum, {
  name: 'GoalSource',
  description: 'Where the value of a goal comes from.',
  valuesConfig: {
    MEASURED: { description: 'From the stored data, by the job `goal_progress_update`.' },
    TOLD: { description: 'From whoever sent it last. The job leaves it alone and only looks at the time.' },
  },
});

/** `GoalForecastStatus` of the schema. */
export const GoalForecastStatusEnum = {
  READY: 'ready',
  NOT_ENOUGH_HISTORY: 'not_enough_history',
  OVER: 'over',
} as const satisfies Record<Uppercase<ForecastStatus>, ForecastStatus>;
registerEnumType(GoalForecastStatusEnum, {
  name: 'GoalForecastStatus',
  description: 'Whether a goal can be forecast.',
  valuesConfig: {
    READY: { description: 'It can.' },
    NOT_ENOUGH_HISTORY: {
      description: 'Too little is written down of where it stood: fewer than 5 steps, or less than 5 % of the period.',
    },
    OVER: { description: 'Nothing is left to forecast: its period has ended, or it was cancelled.' },
  },
});

/** What happened to a goal, by the events that the log holds of it. */
export const GoalEventKindEnum = {
  CREATED: 'goal.created',
  PROGRESSED: 'goal.progressed',
  COMPLETED: 'goal.completed',
  MISSED: 'goal.missed',
  CANCELLED: 'goal.cancelled',
} as const;
export type GoalEventKind = (typeof GoalEventKindEnum)[keyof typeof GoalEventKindEnum];
registerEnumType(GoalEventKindEnum, {
  name: 'GoalEventKind',
  description: 'What happened to a goal.',
  valuesConfig: {
    CREATED: { description: 'It was set.' },
    PROGRESSED: { description: 'Its value changed, or it came back below its target.' },
    COMPLETED: { description: 'It reached its target.' },
    MISSED: { description: 'Its period was found to have ended below target.' },
    CANCELLED: { description: 'It was given up.' },
  },
});
