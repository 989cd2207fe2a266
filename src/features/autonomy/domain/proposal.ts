import { invalid } from '../../../kernel/errors.js';
import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';
import type { DealStage } from '../../guardrails/domain/index.js';
import type { Facts } from '../../policy/domain/index.js';

/** What an agent asks to do. Checked for form already; not yet for what it refers to. */
export interface ProposeCommand {
  readonly actionType: string;
  readonly payload: JsonObject;
  readonly accountId: Id | null;
  readonly dealId: Id | null;
  readonly cloneId: Id | null;
  /** The person it is addressed to. */
  readonly contactId: Id | null;
  /** Stage of a deal that is not stored here. */
  readonly dealStage: DealStage | null;
  readonly rationale: string | null;
  readonly idempotencyKey: string;
}

/** What the stored data says about the things a proposal names. */
export interface References {
  readonly accountExists: boolean;
  readonly cloneExists: boolean;
  /** The named deal; undefined when there is none by that id. */
  readonly deal:
    | { readonly stage: DealStage; readonly accountId: Id | null; readonly value: number | null }
    | undefined;
  /** The named contact; undefined when there is none by that id. */
  readonly contact:
    | { readonly accountId: Id; readonly title: string | null; readonly email: string | null }
    | undefined;
  /** What is known of the account that the proposal names, itself or by its deal or contact. */
  readonly account: AccountFacts;
  /** What is known of those whose addresses stand in the payload, or have the address of the named contact. */
  readonly reached: ReachedFacts;
  /** The accounts behind those addresses. */
  readonly reachedAccounts: readonly Id[];
  /** Whether nobody but agents has said whose one of those addresses is. */
  readonly knownByAgentsOnly: boolean;
}

/** Of any number of accounts. */
export interface ReachedFacts {
  /** The latest stage among their open deals that the stage gate stops at, if any. */
  readonly gatedStage: DealStage | null;
  /** The highest value of their open deals; null: one of them has none; undefined: they have no open deal. */
  readonly openValue: number | null | undefined;
  readonly contactTitles: readonly string[];
}

export interface AccountFacts extends ReachedFacts {
  /** Whether it, or one of those behind the addresses, asked not to be written to. */
  readonly optedOut: boolean;
}

/** What the check and the record need to know, once the references are resolved. */
export interface Situation {
  readonly accountId: Id | null;
  readonly facts: Facts;
}

type Named = Pick<ProposeCommand, 'accountId' | 'dealId' | 'cloneId' | 'contactId' | 'dealStage'>;

/**
 * Finds what the guardrails must look at. A named deal or contact decides by what is stored of it. Without one, all of
 * the account's open deals and contacts count, so that leaving it out is no way round a gate. Nor is naming another: an
 * address in the payload counts for the accounts and people that are known by it.
 *
 * @throws VALIDATION_FAILED for a reference that does not exist or contradicts another
 */
export function situate(named: Named, references: References, isGated: (stage: DealStage) => boolean): Situation {
  const accountId = accountOf(named, references);
  const { account, reached, reachedAccounts, knownByAgentsOnly } = references;
  const deal = dealOf(named, references);
  const contact = contactOf(named, references.contact, deal);
  const given = named.dealStage;
  const stage = given !== null && isGated(given) ? given : (account.gatedStage ?? given);
  const own = deal ? deal.stage : stage;
  const dealValue = highest(deal ? deal.value : account.openValue, reached.openValue);
  const titles = contact ? [contact.title].filter((title) => title !== null) : account.contactTitles;
  return {
    accountId,
    facts: {
      dealStage: own !== null && isGated(own) ? own : (reached.gatedStage ?? own),
      givenStage: deal ? null : given,
      ...(dealValue !== undefined && { dealValue }),
      contactTitles: [...new Set([...titles, ...reached.contactTitles])],
      ...(contact && { contactEmail: contact.email }),
      ...(reachedAccounts.length > 0 && { reachedAccounts }),
      ...(knownByAgentsOnly && { knownByAgentsOnly }),
      optedOut: account.optedOut,
    },
  };
}

/** One without a value might be worth anything. */
function highest(a: number | null | undefined, b: number | null | undefined): number | null | undefined {
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  return a === null || b === null ? null : Math.max(a, b);
}

function accountOf({ accountId, cloneId }: Named, { accountExists, cloneExists, deal, contact }: References) {
  if (accountId !== null && !accountExists) throw missing('accountId', 'account', accountId);
  if (cloneId !== null && !cloneExists) throw missing('cloneId', 'clone', cloneId);
  return accountId ?? deal?.accountId ?? contact?.accountId ?? null;
}

function dealOf({ dealId, dealStage, accountId }: Named, { deal }: References) {
  if (dealId === null) return undefined;
  if (!deal) throw missing('dealId', 'deal', dealId);
  if (dealStage !== null && dealStage !== deal.stage) {
    throw invalid(
      ['input', 'dealStage'],
      `the deal is in stage ${deal.stage}, got ${dealStage}. Leave dealStage out when dealId is given.`,
    );
  }
  if (accountId !== null && deal.accountId !== accountId) {
    throw invalid(['input', 'dealId'], 'this deal belongs to another account than accountId names.');
  }
  return deal;
}

function contactOf({ contactId, accountId }: Named, contact: References['contact'], deal: References['deal']) {
  if (contactId === null) return undefined;
  if (!contact) throw missing('contactId', 'contact', contactId);
  const named = accountId ?? deal?.accountId ?? contact.accountId;
  if (contact.accountId !== named) {
    throw invalid(['input', 'contactId'], 'this contact belongs to another account than the one that is named.');
  }
  return contact;
}

const missing = (field: string, what: string, id: Id) =>
  invalid(['input', field], `there is no ${what} with id "${id}".`);
