import type { Actor } from '../../kernel/actor.js';
import type { Transactor } from '../../kernel/transaction.js';
import { standingOf, type TypeStanding } from './domain/additions.js';
import type { Policy } from './domain/index.js';
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

  /** How a type stands, for display. */
  async classify(actor: Actor, actionType: string): Promise<TypeStanding> {
    return standingOf(await this.policy(actor), actionType);
  }
}
