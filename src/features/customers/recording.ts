import type { NewEvent } from '../../kernel/events.js';
import { type Id, newId } from '../../kernel/ids.js';
import { type FieldIssue, isSame, show } from './domain/draft.js';
import { movedGateFacts, TAKEN_NAMES } from './domain/gate-facts.js';
import { type CustomerFields, type RecordKind, type RecordOf, type StageChange } from './domain/records.js';
import { type Reference, targetOf } from './domain/references.js';
import { externalId as checkExternalId } from './domain/values.js';
import { type CustomerDrafts, KINDS, type Situation } from './kinds.js';

/** What became of one draft. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'refused';

/** The answer to one draft. */
export type Answer<Kind extends RecordKind> =
  | { readonly outcome: Exclude<Outcome, 'refused'>; readonly record: RecordOf<Kind> }
  | {
      readonly outcome: 'refused';
      readonly issues: readonly FieldIssue[];
      /** The id to be updated, when nothing is recorded under it. */
      readonly missing?: Id;
    };

export interface RecordingParts {
  readonly tenantId: Id;
  /** Who records. */
  readonly actor: string;
  readonly situation: Situation;
}

/**
 * Applies drafts of one kind in their order, in memory, to the records as stored: a draft sees what those before it
 * did. Gathers what has to be written, each record once however many drafts it got.
 */
export class Recording<Kind extends RecordKind> {
  readonly events: NewEvent[] = [];
  readonly stageChanges: StageChange[] = [];
  private readonly byId = new Map<Id, RecordOf<Kind>>();
  private readonly byExternalId = new Map<string, RecordOf<Kind>>();
  private readonly createdIds = new Set<Id>();
  private readonly updatedIds = new Set<Id>();

  constructor(
    private readonly kind: Kind,
    stored: readonly RecordOf<Kind>[],
    private readonly parts: RecordingParts,
  ) {
    for (const record of stored) this.keep(record);
  }

  created(): RecordOf<Kind>[] {
    return this.recordsOf(this.createdIds);
  }

  updated(): RecordOf<Kind>[] {
    return this.recordsOf(this.updatedIds);
  }

  take(draft: CustomerDrafts[Kind]): Answer<Kind> {
    const target = targetOf(draft);
    if (target && 'issue' in target) return refused([target.issue]);
    const stored = target && this.find(target);
    if (target && 'id' in target && !stored) {
      const message = `expected the id of a recorded ${this.kind}, or none for a new one; got ${show(target.id)}`;
      return { ...refused([{ field: 'id', message }]), missing: target.id };
    }
    const externalId = target && 'externalId' in target ? target.externalId : null;
    const issues = externalId === null || stored ? [] : issuesOfExternalId(externalId);
    const change = KINDS[this.kind].decide(stored, draft, this.parts.situation);
    if ('issues' in change) return refused([...issues, ...change.issues]);
    if (issues.length > 0) return refused(issues);
    const { fields } = change;
    const forbidden = this.parts.situation.mayMoveGateFacts ? [] : this.againstGates(stored, fields);
    if (forbidden.length > 0) return refused(forbidden);
    if (!stored) return this.create(externalId, fields);
    return isSame<CustomerFields[Kind]>(stored, fields)
      ? { outcome: 'unchanged', record: stored }
      : this.update(stored, fields);
  }

  private againstGates(stored: CustomerFields[Kind] | undefined, fields: CustomerFields[Kind]): FieldIssue[] {
    if (stored) return movedGateFacts(this.kind, stored, fields);
    return TAKEN_NAMES[this.kind](fields, this.parts.situation.known.parties);
  }

  private create(externalId: string | null, fields: CustomerFields[Kind]): Answer<Kind> {
    const { now } = this.parts.situation;
    const { tenantId } = this.parts;
    const record = { tenantId, id: newId(now), externalId, createdAt: now, updatedAt: now, ...fields };
    this.createdIds.add(record.id);
    return this.put('created', record, undefined);
  }

  private update(stored: RecordOf<Kind>, fields: CustomerFields[Kind]): Answer<Kind> {
    const record = { ...stored, updatedAt: this.parts.situation.now, ...fields };
    if (!this.createdIds.has(record.id)) this.updatedIds.add(record.id);
    return this.put('updated', record, stored);
  }

  private put(
    outcome: 'created' | 'updated',
    record: RecordOf<Kind>,
    before: RecordOf<Kind> | undefined,
  ): Answer<Kind> {
    const { tenantId, actor, situation } = this.parts;
    this.keep(record);
    const entry = KINDS[this.kind].stageEntry?.(record, before, situation.now);
    if (entry) this.stageChanges.push({ tenantId, id: newId(situation.now), dealId: record.id, ...entry });
    this.events.push({
      type: `${this.kind}.recorded`,
      subjectId: record.id,
      data: { externalId: record.externalId, outcome, ...KINDS[this.kind].facts(record, before) },
      actor,
      at: situation.now,
    });
    return { outcome, record };
  }

  private keep(record: RecordOf<Kind>): void {
    this.byId.set(record.id, record);
    if (record.externalId !== null) this.byExternalId.set(record.externalId, record);
  }

  private find(reference: Reference): RecordOf<Kind> | undefined {
    return 'id' in reference ? this.byId.get(reference.id.toLowerCase()) : this.byExternalId.get(reference.externalId);
  }

  private recordsOf(ids: ReadonlySet<Id>): RecordOf<Kind>[] {
    return [...ids].flatMap((id) => this.byId.get(id) ?? []);
  }
}

const refused = (issues: readonly FieldIssue[]) => ({ outcome: 'refused', issues }) as const;

function issuesOfExternalId(externalId: string): FieldIssue[] {
  const checked = checkExternalId(externalId);
  if ('value' in checked) return [];
  return [{ field: 'externalId', message: `expected ${checked.expected}; got ${show(externalId)}` }];
}
