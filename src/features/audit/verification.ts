import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Actor } from '../../kernel/actor.js';
import type { Transactor } from '../../kernel/transaction.js';
import { type Head, judgeHead, judgeLink, type Link } from './domain/chain.js';
import { Comparison } from './domain/comparison.js';
import { type AuditProblem, Findings } from './domain/findings.js';
import { comparePositions, LOWEST, type Position } from './domain/position.js';
import { firstLink, type Seal } from './domain/seal.js';
import { LogWindow } from './log-window.js';
import type { LogHorizon, SealReader } from './ports.js';

/** Seals looked at together; with the most events each, a few megabytes. */
const SEALS_PER_PAGE = 50;
/** After this many one call gives back what it has, so that none takes longer than a client waits. */
const EVENTS_PER_CALL = 100_000;
const SEALS_PER_CALL = 5_000;

/** How far the log of a tenant is sealed. */
export interface AuditHead extends Head {
  /** Null: nothing is sealed yet. */
  readonly sealedAt: Date | null;
  readonly position: Position | null;
  /** Events that are not sealed yet. */
  readonly unsealed: number;
}

export interface VerifyRequest {
  /** A head that was written down outside: the chain has to contain it. */
  readonly head?: Head;
  /** Begin behind this seal: what comes before it was checked earlier. */
  readonly after?: Head;
}

export interface Verification {
  readonly problems: readonly AuditProblem[];
  readonly sealsChecked: number;
  readonly eventsChecked: number;
  /** Sealed events that retention has deleted since; of them only the seals can be checked. */
  readonly noLongerKept: number;
  /** The last seal looked at. */
  readonly checkedTo: Head;
  /** False: there are seals behind `checkedTo`; go on there. */
  readonly complete: boolean;
}

export interface VerificationParts {
  readonly transactor: Transactor;
  readonly seals: SealReader;
  readonly horizon: LogHorizon;
  /** How much one call looks at. */
  readonly budget?: { readonly events: number; readonly seals: number };
}

/** Where a walk along the chain stands. */
interface Walk {
  link: Link;
  /** Events directly behind `link.to` are covered without a gap. */
  unbroken: boolean;
}

/** Computes the chain anew from what is stored, and says where the two differ. Changes nothing. */
export class VerificationService {
  private readonly budget: { readonly events: number; readonly seals: number };

  constructor(private readonly parts: VerificationParts) {
    this.budget = parts.budget ?? { events: EVENTS_PER_CALL, seals: SEALS_PER_CALL };
  }

  head(actor: Actor): Promise<AuditHead> {
    const { transactor, seals } = this.parts;
    return transactor.run(actor.tenantId, async (tx) => {
      const newest = await seals.newest(tx);
      const unsealed = await seals.countBehind(tx, newest?.to ?? LOWEST);
      if (!newest) return { ...startOf(actor), sealedAt: null, position: null, unsealed };
      const { number, hash, sealedAt, to } = newest;
      return { number, hash, sealedAt: new Date(Math.round(Number(sealedAt) * 1_000)), position: to, unsealed };
    });
  }

  /** Every page is a transaction of its own: what is sealed stays as it is, and a long one would hold up the log. */
  async verify(actor: Actor, { head, after }: VerifyRequest): Promise<Verification> {
    const findings = new Findings();
    if (head) await this.findHead(actor, head, findings);
    const start = after ? await this.findHead(actor, after, findings) : undefined;
    const walk: Walk = {
      link: { ...(after ?? startOf(actor)), to: start?.to ?? LOWEST },
      unbroken: after === undefined || after.number === 0 || start !== undefined,
    };
    const checked = { seals: 0, events: 0 };
    let complete = false;
    while (!complete && checked.seals < this.budget.seals && checked.events < this.budget.events) {
      const page = await this.parts.transactor.run(actor.tenantId, (tx) =>
        this.parts.seals.above(tx, walk.link.number, SEALS_PER_PAGE),
      );
      checked.events += await this.checkPage(actor, page, { walk, findings });
      checked.seals += page.length;
      complete = page.length < SEALS_PER_PAGE;
    }
    return {
      problems: findings.problems(),
      sealsChecked: checked.seals,
      eventsChecked: checked.events,
      noLongerKept: findings.noLongerKept,
      checkedTo: { number: walk.link.number, hash: walk.link.hash },
      complete,
    };
  }

  /** Judges a head that came from outside. @returns the stored seal, if its end may be relied on */
  private async findHead(actor: Actor, head: Head, findings: Findings): Promise<Seal | undefined> {
    if (head.number === 0) return undefined;
    const stored = await this.parts.transactor.run(actor.tenantId, (tx) => this.parts.seals.find(tx, head.number));
    const problems = judgeHead(head, stored);
    findings.noteChain(problems);
    return problems.length === 0 ? stored : undefined;
  }

  /** @returns how many events were looked at */
  private async checkPage(
    actor: Actor,
    page: readonly Seal[],
    { walk, findings }: { readonly walk: Walk; readonly findings: Findings },
  ): Promise<number> {
    const { transactor, seals, horizon } = this.parts;
    if (page.length === 0) return 0;
    const window = new LogWindow(
      (range) => transactor.run(actor.tenantId, (tx) => seals.events(tx, range)),
      walk.link.to,
      page.map(({ to }) => to).reduce((a, b) => (comparePositions(a, b) < 0 ? b : a)),
    );
    let events = 0;
    for (const seal of page) {
      const { problems, entriesHold, follows } = judgeLink(walk.link, seal);
      findings.noteChain(problems);
      if (entriesHold) events += await compareWith(seal, walk.unbroken && follows, { window, findings });
      walk.link = { number: seal.number, hash: seal.hash, to: entriesHold ? seal.to : walk.link.to };
      walk.unbroken = entriesHold;
    }
    findings.settleDeletions(await transactor.run(actor.tenantId, (tx) => horizon.of(tx)));
    return events;
  }
}

async function compareWith(
  seal: Seal,
  fromTheLast: boolean,
  { window, findings }: { readonly window: LogWindow; readonly findings: Findings },
): Promise<number> {
  const comparison = new Comparison(seal, fromTheLast ? undefined : seal.from, (difference) =>
    findings.noteEvent(difference),
  );
  let events = 0;
  for (let page = await window.take(seal.to); page.length > 0; page = await window.take(seal.to)) {
    comparison.take(page);
    events += page.length;
    // The embedded database answers without a turn of the event loop: other requests would have to wait.
    await nextTurn();
  }
  comparison.finish();
  return events;
}

const startOf = ({ tenantId }: Actor): Head => ({ number: 0, hash: firstLink(tenantId) });
