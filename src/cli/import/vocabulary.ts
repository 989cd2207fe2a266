import type { Channel, DealStage, Direction, InteractionStatus } from './drafts.js';

/** The files of an export, in the order in which they are read: each may refer to those before it. */
export const FILE_KINDS = ['products', 'salesTeams', 'accounts', 'deals', 'interactions'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** File names without ending that mark a kind, as `key()` writes them. */
export const FILE_NAMES: Readonly<Record<FileKind, readonly string[]>> = {
  products: ['products', 'product', 'productcatalog', 'productcatalogue', 'pricelist', 'pricebook'],
  salesTeams: ['salesteams', 'salesteam', 'salespeople', 'salesreps', 'salesagents', 'owners', 'users'],
  accounts: ['accounts', 'account', 'companies', 'company', 'customers', 'organizations', 'organisations'],
  deals: ['salespipeline', 'pipeline', 'deals', 'deal', 'opportunities', 'opportunity'],
  interactions: ['interactions', 'interaction', 'activities', 'activity', 'engagements', 'communications'],
};

/**
 * The column names each field goes by, best first, as `key()` writes them. A mapping may name another.
 */
export const COLUMN_NAMES = {
  products: {
    name: ['product', 'productname', 'name'],
    listPrice: ['salesprice', 'listprice', 'unitprice', 'price'],
  },
  salesTeams: {
    owner: ['salesagent', 'salesperson', 'salesrep', 'owner', 'ownername', 'agent', 'name'],
    manager: ['manager', 'salesmanager', 'managername', 'reportsto'],
    region: ['regionaloffice', 'region', 'office', 'territory'],
  },
  accounts: {
    externalId: ['accountid', 'companyid', 'customerid', 'organizationid', 'organisationid', 'recordid', 'id'],
    name: ['account', 'accountname', 'company', 'companyname', 'customer', 'customername', 'organization', 'name'],
    domain: ['domain', 'companydomainname', 'website', 'web', 'url', 'homepage'],
    sector: ['sector', 'industry', 'vertical'],
    employees: ['employees', 'numberofemployees', 'employeecount', 'headcount'],
    annualRevenue: ['revenue', 'annualrevenue', 'turnover'],
    location: ['officelocation', 'location', 'headquarters', 'country', 'billingcountry', 'city'],
    parentName: ['subsidiaryof', 'parent', 'parentaccount', 'parentname', 'parentcompany'],
  },
  deals: {
    externalId: ['opportunityid', 'dealid', 'recordid', 'id'],
    accountId: ['accountid', 'companyid', 'customerid', 'organizationid', 'organisationid'],
    accountName: ['account', 'accountname', 'company', 'companyname', 'customer', 'customername', 'organization'],
    name: ['opportunityname', 'dealname', 'opportunity', 'name', 'title'],
    product: ['product', 'productname'],
    owner: ['salesagent', 'salesperson', 'salesrep', 'owner', 'opportunityowner', 'dealowner', 'ownername'],
    stage: ['dealstage', 'stage', 'stagename', 'opportunitystage', 'pipelinestage'],
    value: ['closevalue', 'value', 'dealvalue', 'amount', 'dealamount'],
    currency: ['currency', 'currencycode', 'dealcurrency', 'dealcurrencycode', 'currencyisocode'],
    openedAt: ['engagedate', 'openedat', 'opendate', 'createdate', 'createddate', 'createdat'],
    closedAt: ['closedate', 'closedat', 'closeddate'],
  },
  interactions: {
    externalId: ['interactionid', 'activityid', 'engagementid', 'recordid', 'id'],
    accountId: ['accountid', 'companyid', 'customerid', 'organizationid', 'organisationid'],
    accountName: ['accountname', 'account', 'company', 'companyname', 'customer', 'customername', 'organization'],
    contactName: ['contactname', 'contact', 'person', 'attendee'],
    contactEmail: ['contactemail', 'email', 'emailaddress'],
    contactTitle: ['contacttitle', 'jobtitle', 'role'],
    channel: ['activitytype', 'channel', 'interactiontype', 'engagementtype', 'type'],
    direction: ['direction'],
    status: ['status', 'activitystatus'],
    occurredAt: ['timestamp', 'occurredat', 'date', 'activitydate', 'startdate', 'createdat'],
    subject: ['subject', 'title'],
    content: ['comment', 'comments', 'content', 'body', 'notes', 'note', 'description', 'message', 'text'],
  },
} as const satisfies Readonly<Record<FileKind, Readonly<Record<string, readonly string[]>>>>;

export type Field<Kind extends FileKind> = keyof (typeof COLUMN_NAMES)[Kind] & string;

/** Columns without which a file of the kind says nothing. An account without an id goes by its name. */
export const REQUIRED_FIELDS: { readonly [Kind in FileKind]: readonly Field<Kind>[] } = {
  products: ['name'],
  salesTeams: ['owner'],
  accounts: ['name'],
  deals: ['externalId', 'stage'],
  interactions: ['channel', 'occurredAt'],
};

/** Columns that, found together, tell the kind of a file whose name does not. */
export const TELLING_FIELDS: { readonly [Kind in FileKind]: readonly Field<Kind>[] } = {
  products: ['name', 'listPrice'],
  salesTeams: ['owner', 'manager'],
  accounts: ['name', 'sector', 'employees'],
  deals: ['externalId', 'stage', 'value', 'closedAt'],
  interactions: ['channel', 'occurredAt', 'content'],
};

/** Names sales systems give to each stage, as `key()` writes them. */
export const STAGE_NAMES: Readonly<Record<DealStage, readonly string[]>> = {
  prospecting: ['prospecting', 'prospect', 'lead', 'newlead', 'new', 'identified', 'appointmentscheduled'],
  qualification: ['qualification', 'qualifying', 'qualified', 'qualifiedlead', 'qualifiedtobuy'],
  discovery: ['discovery', 'engaging', 'engaged', 'needsanalysis', 'demo', 'presentationscheduled'],
  evaluation: [
    'evaluation',
    'evaluating',
    'valueproposition',
    'iddecisionmakers',
    'perceptionanalysis',
    'proposal',
    'proposalpricequote',
    'quote',
    'trial',
    'decisionmakerboughtin',
  ],
  negotiation: ['negotiation', 'negotiating', 'negotiationreview', 'contract', 'contractsent'],
  closed_won: ['closedwon', 'won'],
  closed_lost: ['closedlost', 'lost'],
};

/** A call is a conversation at a set time, hence a meeting; a note or a task exists in the CRM only. */
export const CHANNEL_NAMES: Readonly<Record<Channel, readonly string[]>> = {
  email: ['email', 'emails', 'mail'],
  chat: ['chat', 'livechat', 'message', 'sms', 'whatsapp', 'slack'],
  meeting: ['meeting', 'call', 'phone', 'phonecall', 'videocall', 'visit', 'demo'],
  crm: ['crm', 'note', 'task', 'todo'],
};

export const DIRECTION_NAMES: Readonly<Record<Direction, readonly string[]>> = {
  inbound: ['inbound', 'incoming', 'received', 'in'],
  outbound: ['outbound', 'outgoing', 'sent', 'out'],
};

export const STATUS_NAMES: Readonly<Record<InteractionStatus, readonly string[]>> = {
  completed: ['completed', 'complete', 'done', 'held', 'sent'],
  scheduled: ['scheduled', 'planned', 'open', 'notstarted'],
  cancelled: ['cancelled', 'canceled', 'notheld', 'noshow'],
};

/** How names are compared: letters and digits only, in lower case, so that `Account ID` is `account_id`. */
export const key = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
