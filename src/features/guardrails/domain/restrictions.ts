import type { ApprovalRequiredActionType, HardStopActionType } from './registry.js';

/** A type that an agent never runs on its own. */
export type RestrictedActionType = ApprovalRequiredActionType | HardStopActionType;

const REASONS: Readonly<Record<RestrictedActionType, string>> = {
  send_proposal: 'A proposal is a formal offer in the company’s name, and the customer will hold us to its contents.',
  discuss_pricing: 'A price once mentioned becomes the anchor of every later talk, so a person chooses what is said.',
  negotiate_terms: 'Each concession on terms changes what the deal is worth and what has to be delivered.',
  progress_past_evaluation:
    'Moving a deal beyond evaluation changes the forecast and brings other teams to work, so somebody vouches for it.',
  contact_c_suite:
    'There is rarely a second chance with a top executive, so a person agrees to the moment and the words.',
  share_minutes_externally:
    'Minutes can hold remarks that were meant to stay inside, and once sent they cannot be recalled.',
  modify_account_plan:
    'The account plan is shared by everyone who works on the account, so its owner agrees to a change.',
  escalate_to_management:
    'An escalation takes up leaders’ time and can strain the relationship, so a person judges the need.',
  commit_pricing:
    'A committed price binds the company, and only a person with the authority to set prices may give one.',
  modify_contract: 'A contract changes only between people who are entitled to sign for each party.',
  approve_discount: 'A discount gives away margin, and the person who answers for that margin has to grant it.',
  strategic_decision: 'A choice of direction outlives the deal at hand and belongs to the people who answer for it.',
  initiate_executive_relationship:
    'A relationship between executives rests on personal trust, which has to begin with a person.',
  legal_commitment: 'A legal obligation can only be taken on by someone who is authorised to bind the company.',
  market_positioning_change:
    'How the company presents itself in its market is decided by its leadership for all customers.',
};

/** Why a person is needed, in one sentence each, for every built-in type that is not autonomous. */
export const RESTRICTION_REASONS: ReadonlyMap<string, string> = new Map(Object.entries(REASONS));
