import type { Actor } from '../../kernel/actor.js';
import { decodeCursor, encodeCursor, foreignCursor } from '../../kernel/cursor.js';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, type Paging, pageOf, pagingOf } from '../../kernel/page.js';
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

export interface SimulationParts {
  readonly transactor: Transactor;
  readonly control: ControlReader;
  readonly history: ProposalHistory;
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

export interface SimulationResult {
  /** The version in force, with which the draft is compared. */
  readonly currentVersion: number;
  readonly totals: Totals;
}

/** One pass over what was proposed, which serves everything that is asked of it before it starts. */
export class Simulation {
  private windows: Window[] | undefined = [];
  private running: Promise<SimulationResult> | undefined;

  /** @param start makes a pass, offering every change to each of the windows */
  constructor(
    readonly days: number,
    private readonly start: (windows: readonly Window[]) => Promise<SimulationResult>,
  ) {}

  /** The same, whatever page is asked for. */
  result(): Promise<SimulationResult> {
    this.running ??= Promise.resolve().then(() => {
      const { windows = [] } = this;
      this.windows = undefined;
      return this.start(windows);
    });
    return this.running;
  }

  /** Changed decisions in the order of proposal. @throws CURSOR_INVALID */
  async changes(args: PageArgs): Promise<Page<ChangedDecision>> {
    const window = new Window(args);
    if (this.windows) {
      this.windows.push(window);
      await this.result();
    } else await this.start([window]);
    return window.page();
  }
}

/** Tries a draft on what was proposed, beside the policy in force. Writes nothing. */
export class SimulationService {
  constructor(private readonly parts: SimulationParts) {}

  /**
   * Budgets are counted from the start of the week in which the range begins, and only here: what was claimed later
   * than it was proposed took its place in the period of the claim.
   *
   * @throws VALIDATION_FAILED for a range that is empty or too long
   */
  simulate(actor: Actor, command: SimulateCommand): Simulation {
    const { from, to } = command;
    if (to <= from) throw invalid(['input', 'to'], `expected an instant after ${from.toISOString()}.`);
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days > MAX_DAYS) throw invalid(['input', 'from'], `expected at most ${MAX_DAYS} days; got ${days.toFixed(1)}.`);
    return new Simulation(days, async (windows) => {
      const { policy } = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.control.read(tx));
      const totals = await this.replay(actor, { ...command, current: policy }, windows);
      return { currentVersion: policy.version, totals };
    });
  }

  private async replay(
    actor: Actor,
    { current, document, from, to }: SimulateCommand & { readonly current: Policy },
    windows: readonly Window[],
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
        if (!totals.add(proposal, old, now)) continue;
        for (const window of windows) window.offer({ proposal, before: old, after: now });
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
  private readonly paging: Paging;
  private readonly after: Position | undefined;
  private readonly before: Position | undefined;

  constructor(private readonly args: PageArgs) {
    this.paging = pagingOf(args);
    this.after = read(args.after, 'after');
    this.before = read(args.before, 'before');
  }

  offer(change: ChangedDecision): void {
    const position = positionOf(change);
    if (this.after && !isBefore(this.after, position)) return;
    if (this.before && !isBefore(position, this.before)) return;
    this.kept.push(change);
    // One more than asked for tells whether there are more.
    if (this.kept.length <= this.paging.size + 1) return;
    if (this.paging.isLast) this.kept.shift();
    else this.kept.pop();
  }

  page(): Page<ChangedDecision> {
    const found = this.paging.isLast ? this.kept.toReversed() : this.kept;
    return pageOf(found, this.args, (change) => encodeCursor(TAG, positionOf(change).map(String)));
  }
}

function read(cursor: string | undefined, argument: string): Position | undefined {
  if (cursor === undefined) return undefined;
  const [time = '', id = ''] = decodeCursor(TAG, 2, cursor, argument);
  if (/^\d{1,15}$/.test(time) && isId(id)) return [Number(time), id];
  throw foreignCursor(argument);
}
