import type { Actor } from '../../kernel/actor.js';
import type { Transactor } from '../../kernel/transaction.js';
import { type Policy, policyTierOf } from './domain/index.js';
import type { ControlReader } from './ports.js';

export interface RulesParts {
  readonly transactor: Transactor;
  readonly control: ControlReader;
}

/** Tells which rules hold in a tenant: the built-in ones, and what its policy adds. */
export class RulesService {
  constructor(private readonly parts: RulesParts) {}

  async policy(actor: Actor): Promise<Policy> {
    return (await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.control.read(tx))).policy;
  }

  /** The tier of a type, for display, with whether the policy lays anything down for it. */
  async classify(actor: Actor, actionType: string) {
    const policy = await this.policy(actor);
    return { tier: policyTierOf(policy, actionType), hasRule: Object.hasOwn(policy.document.rules, actionType) };
  }
}
