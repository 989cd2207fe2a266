import { registerEnumType } from 'type-graphql';
import type { InsightStatus, Verdict } from '../domain/insight.js';
import type { Category, Evidence, Origin, PatternType, Severity } from '../domain/pattern.js';

// `satisfies` makes a value that was added to a domain list but forgotten here a compile error.

export const PatternTypeEnum = {
  BUDGET: 'budget',
  URGENCY: 'urgency',
  COMPETITIVE_EVALUATION: 'competitive_evaluation',
  STAKEHOLDER_EXPANSION: 'stakeholder_expansion',
  SILENCE: 'silence',
  DORMANCY: 'dormancy',
  SLOWING_REPLIES: 'slowing_replies',
  BUDGET_FREEZE: 'budget_freeze',
  CHAMPION_LEAVING: 'champion_leaving',
  COMPETITOR_PREFERRED: 'competitor_preferred',
  ENGAGEMENT_RISE: 'engagement_rise',
  ENGAGEMENT_DROP: 'engagement_drop',
  SHARED_TOPIC: 'shared_topic',
} as const satisfies Record<Uppercase<PatternType>, PatternType>;
registerEnumType(PatternTypeEnum, {
  name: 'PatternType',
  description: 'What kind of pattern is looked for.',
  valuesConfig: {
    BUDGET: { description: 'There is money for it.' },
    URGENCY: { description: 'They are in a hurry, or have a deadline.' },
    COMPETITIVE_EVALUATION: { description: 'They compare us with others.' },
    STAKEHOLDER_EXPANSION: { description: 'More people of theirs take part.' },
    SILENCE: { description: 'No contact for 14 days or more, and none planned for the next 14.' },
    DORMANCY: {
      description:
        'No contact for more than 180 days, and no open deal. Takes the place of SILENCE; the planner leaves it to people.',
    },
    SLOWING_REPLIES: { description: 'Their last three written answers took at least twice as long as those before.' },
    BUDGET_FREEZE: { description: 'Their money is held back.' },
    CHAMPION_LEAVING: { description: 'Somebody who matters there is leaving.' },
    COMPETITOR_PREFERRED: { description: 'They lean towards a competitor.' },
    ENGAGEMENT_RISE: { description: 'At least twice as much contact in the last 14 days as usual.' },
    ENGAGEMENT_DROP: { description: 'At most half as much contact in the last 14 days as usual.' },
    SHARED_TOPIC: { description: 'Several accounts raise the same topic.' },
  },
});

export const PatternCategoryEnum = {
  BUYING_SIGNAL: 'buying_signal',
  RISK: 'risk',
  ENGAGEMENT_CHANGE: 'engagement_change',
  THEME: 'theme',
} as const satisfies Record<Uppercase<Category>, Category>;
registerEnumType(PatternCategoryEnum, {
  name: 'PatternCategory',
  description: 'What a pattern is about.',
  valuesConfig: {
    BUYING_SIGNAL: { description: 'They may be about to buy.' },
    RISK: { description: 'They may not buy, or may go.' },
    ENGAGEMENT_CHANGE: { description: 'There is more or less contact than usual.' },
    THEME: { description: 'Something that runs over several accounts.' },
  },
});

export const SeverityEnum = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
} as const satisfies Record<Uppercase<Severity>, Severity>;
registerEnumType(SeverityEnum, {
  name: 'Severity',
  description:
    'How much an insight matters: by its type, one step more where a deal is in evaluation or negotiation, one less where it is older than 90 days.',
  valuesConfig: {
    LOW: { description: 'Good to know.' },
    MEDIUM: { description: 'Worth a reaction.' },
    HIGH: { description: 'Needs a reaction.' },
    CRITICAL: { description: 'Needs a reaction at once: a deal hangs on it.' },
  },
});

export const InsightStatusEnum = {
  PENDING: 'pending',
  ACTED: 'acted',
  DISMISSED: 'dismissed',
} as const satisfies Record<Uppercase<InsightStatus>, InsightStatus>;
registerEnumType(InsightStatusEnum, {
  name: 'InsightStatus',
  description: 'What became of an insight.',
  valuesConfig: {
    PENDING: { description: 'Nobody has dealt with it.' },
    ACTED: { description: 'An action came of it.' },
    DISMISSED: { description: 'No action is to come of it, or it does not show any more.' },
  },
});

export const InsightOriginEnum = {
  RULES: 'rules',
  MODEL: 'model',
  BOTH: 'both',
} as const satisfies Record<Uppercase<Origin>, Origin>;
registerEnumType(InsightOriginEnum, {
  name: 'InsightOrigin',
  description: 'Who found an insight.',
  valuesConfig: {
    RULES: { description: 'Rules.' },
    MODEL: { description: 'A language model; it would not show by the rules alone. Never critical.' },
    BOTH: { description: 'Rules; a language model adds evidence.' },
  },
});

export const VerdictEnum = {
  USEFUL: 'useful',
  FALSE_ALARM: 'false_alarm',
} as const satisfies Record<Uppercase<Verdict>, Verdict>;
registerEnumType(VerdictEnum, {
  name: 'InsightVerdict',
  description: 'What somebody thinks of an insight.',
  valuesConfig: {
    USEFUL: { description: 'It was right and worth telling. Lowers the threshold of its type.' },
    FALSE_ALARM: { description: 'It was wrong, or not worth telling. Raises the threshold of its type.' },
  },
});

type EvidenceField = Evidence['field'];

export const EvidenceFieldEnum = {
  SUBJECT: 'subject',
  CONTENT: 'content',
} as const satisfies Record<Uppercase<EvidenceField>, EvidenceField>;
registerEnumType(EvidenceFieldEnum, {
  name: 'EvidenceField',
  description: 'Which text of an interaction is quoted.',
  valuesConfig: {
    SUBJECT: { description: 'Its subject line.' },
    CONTENT: { description: 'Its text.' },
  },
});
