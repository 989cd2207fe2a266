import type { JsonObject } from '../../kernel/json.js';
import { type AccountDraft, decideAccount } from './domain/account.js';
import { type ContactDraft, decideContact } from './domain/contact.js';
import { type DealDraft, decideDeal } from './domain/deal.js';
import { type Change, join } from './domain/draft.js';
import { isByAgents } from './domain/gate-facts.js';
import { decideInteraction, type InteractionDraft } from './domain/interaction.js';
import { type CustomerFields, enteredFirstStage, type RecordKind, type StageChange } from './domain/records.js';
import type {
  Identified,
  KnownRecords,
  NamesAccount,
  NamesClone,
  NamesContact,
  NamesHost,
  NamesParticipants,
} from './domain/references.js';

/** What callers send of each kind. */
export interface CustomerDrafts {
  readonly account: AccountDraft;
  readonly contact: ContactDraft;
  readonly deal: DealDraft;
  readonly interaction: InteractionDraft;
}

/** What a decision about a draft may look at besides the draft and the record. */
export interface Situation {
  readonly known: KnownRecords;
  readonly now: Date;
  /** Whether who records may change what the gates look at. */
  readonly mayMoveGateFacts: boolean;
}

type StageEntry = Pick<StageChange, 'fromStage' | 'stage' | 'at'>;

/** What sets a kind apart. */
interface Kind<Fields, Draft> {
  decide(stored: Fields | undefined, draft: Draft, situation: Situation): Change<Fields>;
  /** The small facts that a reader of the log gets without a look-up. `before` is undefined for a new record. */
  facts(fields: Fields, before: Fields | undefined): JsonObject;
  /** For a deal that has just entered a stage. */
  stageEntry?(fields: Fields, before: Fields | undefined, now: Date): StageEntry | undefined;
}

export const KINDS: { readonly [K in RecordKind]: Kind<CustomerFields[K], CustomerDrafts[K]> } = {
  account: {
    decide: (stored, draft, { mayMoveGateFacts }) =>
      join(decideAccount(stored, draft), {
        fields: { byAgents: isByAgents(stored?.byAgents, draft.domain, mayMoveGateFacts) },
      }),
    facts: ({ name }) => ({ name }),
  },
  contact: {
    decide: (stored, draft, { known, mayMoveGateFacts }) =>
      join(decideContact(stored, draft, known), {
        fields: { byAgents: isByAgents(stored?.byAgents, draft.email, mayMoveGateFacts) },
      }),
    facts: ({ accountId }) => ({ accountId }),
  },
  deal: {
    decide: (stored, draft, { known, now }) => decideDeal(stored, draft, known, now),
    facts: ({ accountId, stage, value }, before) => ({
      accountId,
      stage,
      value,
      ...(before?.stage !== stage && { from: before?.stage ?? null, to: stage }),
    }),
    stageEntry: (deal, before, now) => {
      if (deal.stage === before?.stage) return undefined;
      return { fromStage: before?.stage ?? null, stage: deal.stage, at: before ? now : enteredFirstStage(deal, now) };
    },
  },
  interaction: {
    decide: (stored, draft, { known }) => decideInteraction(stored, draft, known),
    facts: ({ accountId, contactId, channel, status }) => ({ accountId, contactId, channel, status }),
  },
};

/** Every field by which a draft may name another record. */
export type Naming = Identified & NamesAccount & NamesContact & NamesClone & NamesParticipants & NamesHost;
