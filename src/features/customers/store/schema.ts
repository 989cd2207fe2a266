import { EntitySchema } from '@mikro-orm/core';
import type { Account, Contact, Deal, Interaction } from '../domain/records.js';

const KEYS = {
  tenantId: { type: 'uuid', primary: true },
  id: { type: 'uuid', primary: true },
  externalId: { type: 'text', nullable: true },
  createdAt: { type: 'datetime' },
  updatedAt: { type: 'datetime' },
} as const;
const TEXT = { type: 'text', nullable: true } as const;
const REFERENCE = { type: 'uuid', nullable: true } as const;
/** Up to 1e12 with two decimals: a JavaScript number holds it exactly. */
const MONEY = { type: 'decimal', runtimeType: 'number', nullable: true } as const;

export const AccountEntity = new EntitySchema<Account>({
  name: 'Account',
  tableName: 'account',
  properties: {
    ...KEYS,
    name: { type: 'text' },
    domain: TEXT,
    sector: TEXT,
    employees: { type: 'integer', nullable: true },
    annualRevenue: MONEY,
    location: TEXT,
    parentName: TEXT,
    optedOutAt: { type: 'datetime', nullable: true },
    byAgents: { type: 'boolean' },
  },
});

export const ContactEntity = new EntitySchema<Contact>({
  name: 'Contact',
  tableName: 'contact',
  properties: {
    ...KEYS,
    accountId: { type: 'uuid' },
    name: { type: 'text' },
    email: TEXT,
    title: TEXT,
    byAgents: { type: 'boolean' },
  },
});

export const DealEntity = new EntitySchema<Deal>({
  name: 'Deal',
  tableName: 'deal',
  properties: {
    ...KEYS,
    accountId: REFERENCE,
    cloneId: REFERENCE,
    name: { type: 'text' },
    product: TEXT,
    owner: TEXT,
    ownerManager: TEXT,
    ownerRegion: TEXT,
    stage: { type: 'text' },
    value: MONEY,
    valueIsEstimate: { type: 'boolean' },
    openedAt: { type: 'datetime', nullable: true },
    closedAt: { type: 'datetime', nullable: true },
  },
});

export const InteractionEntity = new EntitySchema<Interaction>({
  name: 'Interaction',
  tableName: 'interaction',
  properties: {
    ...KEYS,
    accountId: REFERENCE,
    contactId: REFERENCE,
    cloneId: REFERENCE,
    contactName: TEXT,
    channel: { type: 'text' },
    direction: TEXT,
    status: { type: 'text' },
    occurredAt: { type: 'datetime' },
    subject: TEXT,
    content: { type: 'text' },
  },
});
