import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { decodeCursor, encodeCursor } from '../../kernel/cursor.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import type { Transactor } from '../../kernel/transaction.js';
import { windowStart } from './domain/budget.js';
import type { Policy, PolicyDocument } from './domain/policy.js';
import { type RecordedProposal, Replay } from './domain/replay.js';
import { type ChangedDecision, Totals } from './domain/simulation.js';
import type { ControlReader, ProposalHistory } from './ports.js';

/** Longest range that is replayed, in days. */
export const MAX_DAYS = 92;
/** Most proposals that are replayed at once. */
export const MAX_PROPOSALS = 100_000;
/** Proposals in memory at a time. */
const PAGE = 1_000;
const DAY_MS = 86_400_000;
const DEFAULT_CHANGES = 20;

export interface SimulationParts {
  readonly transactor: Transactor;
  readonly control: ControlReader;
  readonly history: ProposalHistory;
  readonly clock: Clock;
  /** How long a request stays open where the policy does not say, in milliseconds. */
  readonly approvalMs: number;
}

export interface SimulateCommand {
  /** As `parsePolicy` returned it. */
  readonly document: PolicyDocument;
  readonly from: Date;
  /** First instant after the range. */
  readonly to: Date;
}

export interface Simulation {
  readonly currentVersion: number;
  readonly days: number;
  readonly totals: Totals;
  /** In the order of proposal. */
  readonly changes: Page<ChangedDecision>;
}

/** Tries a draft on what was proposed, beside the policy in force. Writes nothing. */
export class SimulationService {
  constructor(private readonly parts: SimulationParts) {}

  /**
   * Budgets are counted from the start of the week in which the range begins, and only here: what was claimed later
   * than it was proposed took its place in the period of the claim.
   *
   * @throws VALIDATION_FAILED for a range that is empty, not over, or too long; CURSOR_INVALID
   */
  async simulate(actor: Actor, { document, from, to }: SimulateCommand, page: PageArgs): Promise<Simulation> {
    const now = this.parts.clock.now();
    if (to <= from) throw invalid(['input', 'to'], `expected an instant after ${from.toISOString()}.`);
    if (to > now) throw invalid(['input', 'to'], `expected an instant that has passed; it is ${now.toISOString()}.`);
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days > MAX_DAYS) throw invalid(['input', 'from'], `expected at most ${MAX_DAYS} days; got ${days.toFixed(1)}.`);
    const changes = new Window(page);
    const { policy } = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.control.read(tx));
    const totals = await this.replay(actor, { current: policy, document, from, to }, changes);
    return { currentVersion: policy.version, days, totals, changes: changes.page() };
  }

  private async replay(
    actor: Actor,
    { current, document, from, to }: SimulateCommand & { readonly current: Policy },
    changes: Window,
  ): Promise<Totals> {
    const { transactor, history, approvalMs } = this.parts;
    const totals = new Totals();
    const before = new Replay(current, approvalMs);
    const after = new Replay({ version: current.version + 1, document }, approvalMs);
    const hasBudgets = current.document.budgets.length > 0 || document.budgets.length > 0;
    // What was proposed earlier in the week has taken places already.
    const start = hasBudgets ? windowStart('week', from) : from;
    let behind: RecordedProposal | undefined;
    let seen = 0;
    do {
      // A transaction for each page, so that nobody waits for a long one.
      const proposals: readonly RecordedProposal[] = await transactor.run(actor.tenantId, (tx) =>
        history.page(tx, { from: start, to, behind, limit: PAGE }),
      );
      seen += proposals.length;
      if (seen > MAX_PROPOSALS) {
        throw invalid(
          ['input', 'from'],
          `expected a range with at most ${MAX_PROPOSALS} proposals; it has more. Narrow it.`,
        );
      }
      for (const proposal of proposals) {
        const [old, now] = [before.decide(proposal), after.decide(proposal)];
        if (proposal.proposedAt < from) continue;
        if (totals.add(proposal, old, now)) changes.offer({ proposal, before: old, after: now });
      }
      behind = proposals.length < PAGE ? undefined : proposals.at(-1);
    } while (behind);
    return totals;
  }
}

const TAG = 'simulation:proposal';
type Position = readonly [time: number, id: string];

const positionOf = ({ proposal }: ChangedDecision): Position => [proposal.proposedAt.getTime(), proposal.actionId];
const isBefore = ([time, id]: Position, [other, otherId]: Position): boolean =>
  time < other || (time === other && id < otherId);

/** Keeps of a stream only the page that was asked for. */
class Window {
  private readonly kept: ChangedDecision[] = [];
  private readonly size: number;
  private readonly isLast: boolean;
  private readonly after: Position | undefined;
  private readonly before: Position | undefined;
  private hasMore = false;

  constructor(args: PageArgs) {
    this.isLast = args.first === undefined && args.last !== undefined;
    this.size = args.first ?? args.last ?? DEFAULT_CHANGES;
    this.after = read(args.after, 'after');
    this.before = read(args.before, 'before');
  }

  offer(change: ChangedDecision): void {
    const position = positionOf(change);
    if (this.after && !isBefore(this.after, position)) return;
    if (this.before && !isBefore(position, this.before)) return;
    this.kept.push(change);
    if (this.kept.length <= this.size) return;
    this.hasMore = true;
    if (this.isLast) this.kept.shift();
    else this.kept.pop();
  }

  page(): Page<ChangedDecision> {
    return {
      edges: this.kept.map((node) => ({ cursor: encodeCursor(TAG, positionOf(node).map(String)), node })),
      hasNextPage: this.isLast ? this.before !== undefined : this.hasMore,
      hasPreviousPage: this.isLast ? this.hasMore : this.after !== undefined,
    };
  }
}

function read(cursor: string | undefined, argument: string): Position | undefined {
  if (cursor === undefined) return undefined;
  const [time = '', id = ''] = decodeCursor(TAG, 2, cursor, argument);
  if (/^\d{1,15}$/.test(time) && isId(id)) return [Number(time), id];
  const message = `${argument}: expected a cursor that this list gave out, got one that was made elsewhere.`;
  throw new DomainError('CURSOR_INVALID', message, { issues: [{ path: [argument], message }] });
}
