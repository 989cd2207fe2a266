import type { Actor } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Transactor, Tx } from '../../kernel/transaction.js';
import { demandsOf } from '../policy/index.js';
import { canonicalText, payloadOf } from './domain/canonical.js';
import { isHardStop, requireAskedFor, requireWithinReach } from './domain/edit.js';
import { revise } from './domain/revision.js';
import type { Ground } from './ground.js';
import type { Heard, Hearing } from './hearing.js';
import type { ApprovalRecording, PayloadRules } from './ports.js';

export interface EditCommand {
  readonly approvalId: Id;
  /** Digest of what the editor was shown. */
  readonly digest: string;
  readonly payload: JsonObject;
  /** Undefined: as it is. */
  readonly actionType: string | undefined;
  readonly comment: string | null;
}

export interface EditParts {
  readonly transactor: Transactor;
  readonly hearing: Hearing;
  readonly ground: Ground;
  readonly payloads: PayloadRules;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly approvalMs: number;
}

/** Changing what is asked for, before anybody signs it. */
export class EditService {
  constructor(private readonly parts: EditParts) {}

  /**
   * Puts another payload, and if wanted another type, in the place of what is asked for. Guardrails and policy are
   * asked again; the request gets a new digest, and what was approved before counts no longer. The editor may sign
   * the result as one person among those who have to.
   *
   * @throws as a decision does; VALIDATION_FAILED for an edit that changes nothing, asks for less than before or than
   *   the policy in force does for what was asked, or that the connector could not run; HARD_STOP where the policy has
   *   made a hard stop of what was asked, which ends the request, and, with nothing changed, for an edit that brings in
   *   what only people do
   */
  async edit(actor: Actor, command: EditCommand): Promise<ApprovalRecording> {
    const outcome = await this.parts.transactor.run(actor.tenantId, async (tx) => {
      const heard = await this.parts.hearing.open(tx, actor, command.approvalId, command.digest);
      if (heard instanceof DomainError) return heard;
      const gone = await this.rewrite(tx, actor, heard, command);
      if (gone) return gone;
      return this.parts.hearing.hold(tx, command.approvalId);
    });
    // Thrown only now: an expiry, or a reference that is gone, is kept.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async rewrite(tx: Tx, actor: Actor, heard: Heard, command: EditCommand): Promise<DomainError | undefined> {
    const { ground, payloads, approvalMs } = this.parts;
    const { action, approval, now, deciderRoot } = heard;
    const { payload, actionType = action.actionType, comment } = command;
    const replaced = payloadOf(action.canonical);
    const isSame = actionType === action.actionType && canonicalText(payload) === canonicalText(replaced);
    // What nobody may sign any more as it is does not become another thing that they may.
    const asItWas = await ground.today(tx, heard);
    if (asItWas.facts === undefined) return ground.invalidate(tx, heard, 'reference_changed', now);
    const was = { actionType: action.actionType, facts: asItWas.facts, now, defaultOpenMs: approvalMs };
    const before = demandsOf(asItWas.policy, was);
    if (isHardStop(before)) return ground.invalidate(tx, heard, 'policy_hard_stop', now);
    const { policy, facts } = await ground.today(tx, heard, { actionType, payload });
    if (facts === undefined) return ground.invalidate(tx, heard, 'reference_changed', now);
    const demands = demandsOf(policy, { actionType, facts, now, defaultOpenMs: approvalMs });
    requireWithinReach(demands, { before: replaced, after: payload });
    requireAskedFor({ action, demands, atLeast: [approval, before], isSame });
    payloads.requireRunnable(demands.connector, actionType, payload);
    const revised = revise(action, approval, { actionType, payload, policy, facts, demands });
    await ground.rewrite(tx, heard, revised, {
      kind: 'edited',
      by: { name: actor.name, root: deciderRoot },
      at: now,
      comment,
    });
    return undefined;
  }
}
