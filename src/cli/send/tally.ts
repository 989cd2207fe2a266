import type { Draft, ExportPlan, Refusal, Remark, RemarkKind } from '../import/index.js';

/** What became of the rows of one kind. `read` is the sum of created, updated, unchanged and refused. */
export interface Counts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Deals and interactions among the kept ones that name no account. */
  withoutAccount: number;
  refused: number;
}

const LABELS = {
  products: 'products',
  salesTeams: 'sales people',
  account: 'accounts',
  deal: 'deals',
  contact: 'contacts',
  interaction: 'interactions',
} as const;
/** Products and sales people serve the other rows and are not stored: only what was refused of them is counted. */
export type Tallied = keyof typeof LABELS;

/** How a record came out: what the server did with it, or that it would not take it. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'refused';

/** Adds up what an import does. Holds numbers only, however large the export is. */
export class Tally {
  readonly remarks = new Map<RemarkKind, number>();
  private readonly counts = new Map<Tallied, Counts>();

  constructor(private readonly plan: ExportPlan) {}

  countRemark({ kind }: Remark): void {
    this.remarks.set(kind, (this.remarks.get(kind) ?? 0) + 1);
  }

  countRefusedRow({ file }: Refusal): void {
    const counts = this.of(this.talliedOf(file));
    counts.read++;
    counts.refused++;
  }

  countRecord(draft: Draft, outcome: Outcome): void {
    const counts = this.of(draft.kind);
    counts.read++;
    counts[outcome]++;
    const namesNone = 'accountExternalId' in draft && draft.accountExternalId === null;
    if (namesNone && outcome !== 'refused') counts.withoutAccount++;
  }

  /** In the order in which the rows were sent; the four kinds of records always, the others where rows were refused. */
  rows(): readonly { readonly label: string; readonly counts: Counts }[] {
    const kinds = Object.keys(LABELS) as Tallied[];
    return kinds
      .filter((kind) => this.counts.has(kind) || !['products', 'salesTeams'].includes(kind))
      .map((kind) => ({ label: LABELS[kind], counts: this.of(kind) }));
  }

  private of(kind: Tallied): Counts {
    const known = this.counts.get(kind);
    if (known) return known;
    const none: Counts = { read: 0, created: 0, updated: 0, unchanged: 0, withoutAccount: 0, refused: 0 };
    this.counts.set(kind, none);
    return none;
  }

  private talliedOf(file: string): Tallied {
    const { products, salesTeams, accounts, deals } = this.plan.files;
    if (file === products?.file) return 'products';
    if (file === salesTeams?.file) return 'salesTeams';
    if (file === accounts?.file) return 'account';
    return file === deals?.file ? 'deal' : 'interaction';
  }
}
