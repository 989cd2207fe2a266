import { registerEnumType } from 'type-graphql';
import type { InteractionChannel, InteractionDirection, InteractionStatus, RecordKind } from '../domain/records.js';
import type { Upserted } from '../record.js';
import type { Outcome } from '../recording.js';

// `satisfies` makes a value that was added to a domain list but forgotten here a compile error.

export const InteractionChannelEnum = {
  EMAIL: 'email',
  CHAT: 'chat',
  MEETING: 'meeting',
  CRM: 'crm',
} as const satisfies Record<Uppercase<InteractionChannel>, InteractionChannel>;
registerEnumType(InteractionChannelEnum, {
  name: 'InteractionChannel',
  description: 'Over what an interaction went.',
  valuesConfig: {
    EMAIL: { description: 'An email.' },
    CHAT: { description: 'A chat message.' },
    MEETING: { description: 'A meeting or a call.' },
    CRM: { description: 'A note or a task in the sales system.' },
  },
});

export const InteractionDirectionEnum = {
  INBOUND: 'inbound',
  OUTBOUND: 'outbound',
} as const satisfies Record<Uppercase<InteractionDirection>, InteractionDirection>;
registerEnumType(InteractionDirectionEnum, {
  name: 'InteractionDirection',
  description: 'From whom an interaction came.',
  valuesConfig: {
    INBOUND: { description: 'From the customer.' },
    OUTBOUND: { description: 'From us.' },
  },
});

export const InteractionStatusEnum = {
  COMPLETED: 'completed',
  SCHEDULED: 'scheduled',
  CANCELLED: 'cancelled',
} as const satisfies Record<Uppercase<InteractionStatus>, InteractionStatus>;
registerEnumType(InteractionStatusEnum, {
  name: 'InteractionStatus',
  description: 'Whether an interaction has taken place.',
  valuesConfig: {
    COMPLETED: { description: 'It has.' },
    SCHEDULED: { description: 'It is planned.' },
    CANCELLED: { description: 'It was planned and did not take place.' },
  },
});

export const RecordKindEnum = {
  ACCOUNT: 'account',
  CONTACT: 'contact',
  DEAL: 'deal',
  INTERACTION: 'interaction',
} as const satisfies Record<Uppercase<RecordKind>, RecordKind>;
registerEnumType(RecordKindEnum, {
  name: 'RecordKind',
  description: 'What kind of record an import answers for.',
  valuesConfig: {
    ACCOUNT: { description: 'An account.' },
    CONTACT: { description: 'A contact.' },
    DEAL: { description: 'A deal.' },
    INTERACTION: { description: 'An interaction.' },
  },
});

type UpsertOutcome = Upserted<RecordKind>['outcome'];

const OUTCOMES = {
  CREATED: { description: 'It was not known and is now recorded.' },
  UPDATED: { description: 'It was known, and at least one field has another value now.' },
  UNCHANGED: { description: 'It was known exactly so. Nothing was written, not even to the event log.' },
};

export const UpsertOutcomeEnum = {
  CREATED: 'created',
  UPDATED: 'updated',
  UNCHANGED: 'unchanged',
} as const satisfies Record<Uppercase<UpsertOutcome>, UpsertOutcome>;
registerEnumType(UpsertOutcomeEnum, {
  name: 'UpsertOutcome',
  description: 'What recording something did.',
  valuesConfig: OUTCOMES,
});

export const ImportOutcomeEnum = {
  ...UpsertOutcomeEnum,
  REFUSED: 'refused',
} as const satisfies Record<Uppercase<Outcome>, Outcome>;
registerEnumType(ImportOutcomeEnum, {
  name: 'ImportOutcome',
  description: 'What an import did with one record.',
  valuesConfig: { ...OUTCOMES, REFUSED: { description: 'It breaks a rule; nothing of it was recorded.' } },
});
