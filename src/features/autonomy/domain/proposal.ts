import { invalid } from '../../../kernel/errors.js';
import type { Id } from '../../../kernel/ids.js';
import type { JsonObject } from '../../../kernel/json.js';

/** What an agent asks to do. Checked for form already; not yet for what it refers to. */
export interface ProposeCommand {
  readonly actionType: string;
  readonly payload: JsonObject;
  readonly accountId: Id | null;
  readonly dealId: Id | null;
  readonly cloneId: Id | null;
  /** Stage of a deal that is not stored here. */
  readonly dealStage: string | null;
  readonly rationale: string | null;
  readonly idempotencyKey: string;
}

/** What the stored data says about the things a proposal names. */
export interface References {
  readonly accountExists: boolean;
  readonly cloneExists: boolean;
  /** The named deal; undefined when there is none by that id. */
  readonly deal: { readonly stage: string; readonly accountId: Id | null } | undefined;
  /** The latest stage among the account's open deals that the stage gate stops at, if any. */
  readonly gatedStageOfAccount: string | null;
}

/** What the check and the record need to know, once the references are resolved. */
export interface Situation {
  readonly accountId: Id | null;
  readonly dealStage: string | null;
}

/**
 * Finds the deal stage that the guardrails must look at. The stored stage of a named deal decides. Without a named
 * deal, a late stage of any of the account's open deals counts, so that leaving the deal out is no way round the gate.
 *
 * @throws VALIDATION_FAILED for a reference that does not exist or contradicts another
 */
export function situate(
  command: ProposeCommand,
  references: References,
  isGated: (stage: string) => boolean,
): Situation {
  const { accountId, dealId, cloneId, dealStage } = command;
  if (accountId !== null && !references.accountExists) throw missing('accountId', 'account', accountId);
  if (cloneId !== null && !references.cloneExists) throw missing('cloneId', 'clone', cloneId);
  if (dealId === null) {
    const given = dealStage !== null && isGated(dealStage);
    return { accountId, dealStage: given ? dealStage : (references.gatedStageOfAccount ?? dealStage) };
  }
  const { deal } = references;
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
  return { accountId: deal.accountId, dealStage: deal.stage };
}

const missing = (field: string, what: string, id: Id) =>
  invalid(['input', field], `there is no ${what} with id "${id}".`);
