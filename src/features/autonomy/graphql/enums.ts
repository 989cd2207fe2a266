import { registerEnumType } from 'type-graphql';
import type { ActionStatus } from '../domain/action.js';
import type { ApprovalStatus } from '../domain/approval.js';
import type { RevisionKind } from '../domain/revision.js';

export { ConnectorEnum, DecidingRoleEnum } from '../../policy/index.js';

export const ActionStatusEnum = {
  ALLOWED: 'allowed',
  PENDING_APPROVAL: 'pending_approval',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  INVALIDATED: 'invalidated',
  CANCELLED: 'cancelled',
  BLOCKED: 'blocked',
  EXECUTING: 'executing',
  EXECUTED: 'executed',
  FAILED: 'failed',
  OUTCOME_UNKNOWN: 'outcome_unknown',
} as const satisfies Record<Uppercase<ActionStatus>, ActionStatus>;
registerEnumType(ActionStatusEnum, {
  name: 'ActionStatus',
  description: 'What has become of an action.',
  valuesConfig: {
    ALLOWED: { description: 'The guardrails let it run alone; nobody has claimed it yet.' },
    PENDING_APPROVAL: { description: 'Waits for a person.' },
    APPROVED: { description: 'A person signed it; nobody has claimed it yet.' },
    REJECTED: { description: 'A person said no. Final.' },
    EXPIRED: { description: 'Nobody decided in time, so it did not run. Final; the agent may propose again.' },
    INVALIDATED: { description: 'What it was signed for has changed, so it did not run. Final.' },
    CANCELLED: { description: 'Its proposer took it back before it ran. Final.' },
    BLOCKED: { description: 'A hard stop: the server never runs it. Final.' },
    EXECUTING: { description: 'An agent or a connector has claimed it and runs it.' },
    EXECUTED: { description: 'Whoever ran it reported success. Final.' },
    FAILED: {
      description:
        'Whoever ran it reported that it did not happen. Final for agents; what a connector gave up can be retried.',
    },
    OUTCOME_UNKNOWN: { description: 'It may or may not have run; a person has to find out.' },
  },
});

export const ApprovalStatusEnum = {
  PENDING: 'pending',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  INVALIDATED: 'invalidated',
  CANCELLED: 'cancelled',
} as const satisfies Record<Uppercase<ApprovalStatus>, ApprovalStatus>;
registerEnumType(ApprovalStatusEnum, {
  name: 'ApprovalStatus',
  description: 'What has become of a request for approval.',
  valuesConfig: {
    PENDING: { description: 'Waits for a person.' },
    APPROVED: { description: 'A person signed it.' },
    REJECTED: { description: 'A person said no.' },
    EXPIRED: { description: 'Nobody decided in time. Nobody said no, and nothing ran.' },
    INVALIDATED: { description: 'What it asks for has changed in the meantime.' },
    CANCELLED: { description: 'Taken back before anybody decided.' },
  },
});

export const VerdictEnum = { APPROVED: 'approved', REJECTED: 'rejected' } as const;
registerEnumType(VerdictEnum, {
  name: 'Verdict',
  description: 'What a person says to a request.',
  valuesConfig: { APPROVED: { description: 'Yes.' }, REJECTED: { description: 'No.' } },
});

export const RevisionKindEnum = { EDITED: 'edited', RENEWED: 'renewed' } as const satisfies Record<
  Uppercase<RevisionKind>,
  RevisionKind
>;
registerEnumType(RevisionKindEnum, {
  name: 'RevisionKind',
  description: 'How a version of an action came about.',
  valuesConfig: {
    EDITED: { description: 'A person edited what is asked for.' },
    RENEWED: { description: 'The policy, or what it looks at, had changed.' },
  },
});
