import type { Id } from '../../../kernel/ids.js';
import type { DealStage } from '../../guardrails/domain/index.js';

/** What a decision looks at beside the action type, as it stood when the action was proposed or run. */
export interface Facts {
  /** The stage that counts for the stage gate. */
  readonly dealStage: DealStage | null;
  /** The stage the proposer gave of a deal that is not stored here. */
  readonly givenStage: DealStage | null;
  /** Value of the deal, or the highest of the account's open deals; null: a deal without a value; undefined: no deal. */
  readonly dealValue?: number | null;
  /** Titles of the contact named, or of all the account's contacts when none is named. */
  readonly contactTitles: readonly string[];
  /** Address of the contact named, null: it has none; undefined: no contact is named, or from before it was kept. */
  readonly contactEmail?: string | null;
  /** Accounts behind the addresses it goes to, whatever account it names; undefined: none is known. */
  readonly reachedAccounts?: readonly Id[];
  /** Whether nobody but agents has said whose one of those addresses is, where that matters; undefined: no. */
  readonly knownByAgentsOnly?: boolean;
  /** Whether the account asked not to be written to. */
  readonly optedOut: boolean;
}
