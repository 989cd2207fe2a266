import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../../kernel/json.js';
import { visibleJson } from '../../../kernel/visible.js';
import { connectionOf } from '../../../platform/graphql/connection.js';
import {
  type DealStage,
  DealStageEnum,
  type GuardrailDecision,
  GuardrailDecisionType,
  GuardrailReasonEnum,
} from '../../guardrails/index.js';
import type { Connector, DecidingRole } from '../../policy/index.js';
import type { Action, ActionStatus } from '../domain/action.js';
import type { Approval, ApprovalStatus } from '../domain/approval.js';
import { canonicalText, payloadOf } from '../domain/canonical.js';
import { recordedDecision } from '../domain/decision.js';
import type { ApprovalRecording, Recording } from '../ports.js';
import { ActionStatusEnum, ApprovalStatusEnum, ConnectorEnum, DecidingRoleEnum } from './enums.js';

/** A class declared further down: its name must not stand in the emitted metadata, where it is not defined yet. */
type Later<T> = T | null;

@ObjectType('Action', {
  description: 'Something an agent proposed to do: what exactly, what the guardrails said, what became of it.',
})
export class ActionType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { description: 'What kind of action, e.g. `send_proposal`.' })
  actionType!: string;

  @Field(() => ActionStatusEnum, { description: 'What has become of it.' })
  status!: ActionStatus;

  /** As recorded; the API shows it as part of `guardrail`. */
  readonly tier!: GuardrailDecision['tier'];
  /** As recorded; the API shows it as part of `guardrail`. */
  readonly reason!: GuardrailDecision['reason'];
  /** As recorded; the API shows it as part of `guardrail`. */
  readonly explanation!: string | null;

  @Field(() => GuardrailDecisionType, { description: 'What the guardrails said when it was proposed.' })
  get guardrail(): GuardrailDecision {
    return recordedDecision(this);
  }

  @Field(() => GraphQLJSONObject, { description: 'What would be done, as the agent gave it.' })
  get payload(): JsonObject {
    return payloadOf(this.canonical);
  }

  @Field(() => String, {
    description:
      '`payload` for people to read before they sign: canonical JSON in one line, with everything that a reader does not see or that turns the direction of writing (controls, zero-width and bidirectional characters, unusual spaces, whatever has no sign) as `\\uXXXX`, and so `<`, `>` and `&`. It parses to the payload. Show it as text.',
  })
  get displayPayload(): string {
    return visibleJson(canonicalText(this.payload));
  }

  @Field(() => String, {
    description:
      'The exact text that is signed: type, payload, account, deal, contact, clone, tenant, connector, policy version and revision in canonical JSON (RFC 8785).',
  })
  canonical!: string;

  @Field(() => String, {
    description: 'SHA-256 of `canonical` in lower-case hex. What runs must have the digest that was signed.',
  })
  digest!: string;

  @Field(() => String, { nullable: true, description: 'Why the agent proposes it, in its words.' })
  rationale!: string | null;

  @Field(() => ID, { nullable: true, description: 'The account it concerns.' })
  accountId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The deal it concerns.' })
  dealId!: string | null;

  @Field(() => DealStageEnum, { nullable: true, description: 'The deal stage that the guardrails looked at.' })
  dealStage!: DealStage | null;

  @Field(() => ID, { nullable: true, description: 'The clone in whose voice it is.' })
  cloneId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact it is addressed to.' })
  contactId!: string | null;

  @Field(() => ConnectorEnum, { description: 'Who runs it: the agent that claims it, or a connector of the server.' })
  connector!: Connector;

  @Field(() => Int, { description: 'Version of the tenant’s policy it was checked under; 0 before the first.' })
  policyVersion!: number;

  @Field(() => Int, {
    description: 'How often it was edited, or renewed because the ground had moved, before it was signed.',
  })
  revision!: number;

  @Field(() => String, { description: 'Who proposed it.' })
  proposedBy!: string;

  @Field(() => String, {
    description:
      'Who answered for the proposer then: the person the agent belonged to, or the proposer itself. Nobody decides for themselves.',
  })
  proposedByRoot!: string;

  @Field(() => Date, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => Date, { description: 'When its status last changed.' })
  updatedAt!: Date;

  @Field(() => String, { nullable: true, description: 'Who claimed it to run it.' })
  claimedBy!: string | null;

  @Field(() => Int, { description: 'Number of the current claim; 0 before the first. A report must carry it.' })
  leaseEpoch!: number;

  @Field(() => Date, { nullable: true, description: 'Until when the claimer said it would be done.' })
  leaseUntil!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was reported as executed or failed.' })
  finishedAt!: Date | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'The result that the agent reported.' })
  outcome!: JsonObject | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, as the agent reported.' })
  failure!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it will not run, where it was invalidated, cancelled or expired. Propose again if it is still wanted.',
  })
  endedReason!: string | null;

  @Field(() => ApprovalType, { nullable: true, description: 'The request to a person; null where none was due.' })
  approval!: Later<ApprovalType>;
}

@ObjectType('Approval', { description: 'A request to a person to sign an action. It is decided once.' })
export class ApprovalType {
  @Field(() => ID, { description: 'Stable identifier; decisions name it.' })
  id!: string;

  @Field(() => ApprovalStatusEnum, { description: 'What has become of the request.' })
  status!: ApprovalStatus;

  @Field(() => GuardrailReasonEnum, { description: 'Why a person is needed.' })
  reason!: GuardrailDecision['reason'];

  @Field(() => ActionType, { description: 'What is asked for.' })
  action!: ActionType;

  @Field(() => String, {
    description: 'SHA-256 of what is to be signed. Send it back with the decision to sign exactly what you saw.',
  })
  digest!: string;

  @Field(() => Date, { description: 'When the request was made.' })
  requestedAt!: Date;

  @Field(() => Date, { description: 'When it expires if nobody decides. Silence never approves.' })
  expiresAt!: Date;

  @Field(() => Int, { description: 'How many different people have to approve.' })
  quorum!: number;

  @Field(() => DecidingRoleEnum, { description: 'The weakest role that may decide.' })
  requiredRole!: DecidingRole;

  @Field(() => DecidingRoleEnum, { description: 'The weakest role that may decide once the request was escalated.' })
  fallbackRole!: DecidingRole;

  @Field(() => Date, { nullable: true, description: 'When it is escalated if nobody has decided: at half its time.' })
  escalatesAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was escalated.' })
  escalatedAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Once approved: when the approval goes stale if nobody has run it.',
  })
  validUntil!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who decided; null while pending, and for ever when it expired.',
  })
  decidedBy!: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was decided or expired.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What the person said; for a rejection, the reason.' })
  comment!: string | null;
}

export const ActionConnection = connectionOf('Action', () => ActionType);
export const ApprovalConnection = connectionOf('Approval', () => ApprovalType);

export function toAction({ action, approval }: Recording): ActionType {
  const node = nodeOf(action);
  if (approval) requestFor(node, approval);
  return node;
}

export const toApproval = ({ action, approval }: ApprovalRecording): ApprovalType =>
  requestFor(nodeOf(action), approval);

const nodeOf = (action: Action): ActionType => Object.assign(new ActionType(), action, NO_APPROVAL);

const NO_APPROVAL = { approval: null };

/** The two know each other. */
function requestFor(action: ActionType, approval: Approval): ApprovalType {
  action.approval = Object.assign(new ApprovalType(), approval, { action });
  return action.approval;
}
