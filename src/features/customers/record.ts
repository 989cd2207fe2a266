import type { Actor, Role } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError, notFound, type ValidationIssue } from '../../kernel/errors.js';
import { type Id, isId } from '../../kernel/ids.js';
import type { EventWriter, Transactor, Tx } from '../../kernel/transaction.js';
import type { FieldIssue } from './domain/draft.js';
import { readParticipants } from './domain/participants.js';
import { RECORD_KINDS, type RecordKind, type RecordOf } from './domain/records.js';
import { type KnownRecords, type Reference, readReference, targetOf } from './domain/references.js';
import { externalId as checkExternalId, domainName } from './domain/values.js';
import type { CustomerDrafts, Naming } from './kinds.js';
import type { FoundReferences, Names, RecordStore } from './ports.js';
import { type Answer, type Outcome, Recording } from './recording.js';

/** A record as it is now, and what recording it did. */
export interface Upserted<Kind extends RecordKind> {
  readonly record: RecordOf<Kind>;
  readonly outcome: Exclude<Outcome, 'refused'>;
}

/** Drafts of each kind, to be applied in the order of the kinds. */
export type ImportDrafts = { readonly [Kind in RecordKind]: readonly CustomerDrafts[Kind][] };

/** What became of one draft of an import. */
export interface ImportAnswer {
  readonly kind: RecordKind;
  /** Place in the list of its kind, from 0. */
  readonly index: number;
  readonly outcome: Outcome;
  /** The record; null where the draft was refused. */
  readonly id: Id | null;
  readonly issues: readonly FieldIssue[];
}

export interface RecordParts {
  readonly transactor: Transactor;
  readonly records: RecordStore;
  readonly events: EventWriter;
  readonly clock: Clock;
}

/** Who may change what the gates look at; the same who may lift an opt-out. */
const CORRECTORS: readonly Role[] = ['manager', 'admin'];
/** What the server records of itself has been through the gates already. */
const THE_SERVER: ReadonlySet<Role> = new Set(CORRECTORS);

/** Two who add the same external id at once: the loser starts again and then finds it. More rounds mean a defect. */
const ROUNDS = 5;

/** Thrown inside a transaction to roll it back and start again; never leaves this file. */
class LostRace extends Error {}

/** Creates and updates what is known about customers. Recording what is recorded already does nothing at all. */
export class RecordService {
  constructor(private readonly parts: RecordParts) {}

  /**
   * Creates or updates one record.
   *
   * @throws NOT_FOUND when an id is given and nothing is recorded under it
   * @throws VALIDATION_FAILED with every broken rule; also where an agent would change what the gates look at
   */
  async upsert<Kind extends RecordKind>(
    actor: Actor,
    kind: Kind,
    draft: CustomerDrafts[Kind],
  ): Promise<Upserted<Kind>> {
    const [answer] = await this.untilWon(actor, (tx) => this.record(tx, actor, kind, [draft]));
    if (!answer) throw new Error('a draft was not answered');
    if (answer.outcome !== 'refused') return answer;
    if (answer.missing !== undefined) throw notFound(kind, answer.missing);
    throw refusal(answer.issues);
  }

  /**
   * The same within the caller's transaction. What is new carries no external id, or one that nobody else gives.
   *
   * @param by who records, as the log names it
   */
  async upsertWithin<Kind extends RecordKind>(
    tx: Tx,
    by: string,
    kind: Kind,
    draft: CustomerDrafts[Kind],
  ): Promise<RecordOf<Kind>> {
    const [answer] = await this.record(tx, { tenantId: tx.tenantId, name: by, roles: THE_SERVER }, kind, [draft]);
    if (!answer) throw new Error('a draft was not answered');
    if (answer.outcome !== 'refused') return answer.record;
    if (answer.missing !== undefined) throw notFound(kind, answer.missing);
    throw refusal(answer.issues);
  }

  /** One record as it is now; nobody else changes it until the transaction ends. */
  async hold<Kind extends RecordKind>(tx: Tx, kind: Kind, id: Id): Promise<RecordOf<Kind> | undefined> {
    const [found] = await this.parts.records.lock(tx, kind, { ids: [id], externalIds: [] });
    return found;
  }

  /** Applies all that is right, in one transaction, and says for each draft what became of it. */
  importRecords(actor: Actor, drafts: ImportDrafts): Promise<readonly ImportAnswer[]> {
    return this.untilWon(actor, async (tx) => {
      const answers: ImportAnswer[] = [];
      for (const kind of RECORD_KINDS) {
        const ofKind: readonly Answer<RecordKind>[] = await this.record(tx, actor, kind, drafts[kind]);
        answers.push(...ofKind.map((answer, index) => toImportAnswer(kind, index, answer)));
      }
      return answers;
    });
  }

  private async record<Kind extends RecordKind>(
    tx: Tx,
    actor: Pick<Actor, 'tenantId' | 'name' | 'roles'>,
    kind: Kind,
    drafts: readonly CustomerDrafts[Kind][],
  ): Promise<readonly Answer<Kind>[]> {
    if (drafts.length === 0) return [];
    const { records, events, clock } = this.parts;
    const stored = await records.lock(tx, kind, namesOf(drafts.map(targetOf)));
    const mayMoveGateFacts = CORRECTORS.some((role) => actor.roles.has(role));
    const situation = { known: await this.resolve(tx, drafts, !mayMoveGateFacts), now: clock.now(), mayMoveGateFacts };
    const recording = new Recording(kind, stored, { tenantId: actor.tenantId, actor: actor.name, situation });
    const answers = drafts.map((draft) => recording.take(draft));
    const created = recording.created();
    if (created.length > 0 && (await records.insert(tx, kind, created)) < created.length) throw new LostRace();
    await records.update(tx, kind, recording.updated());
    await records.addStageChanges(tx, recording.stageChanges);
    await events.append(tx, recording.events);
    return answers;
  }

  /** @param isHeldBack whether a name that is known already matters */
  private async resolve(tx: Tx, drafts: readonly Naming[], isHeldBack: boolean): Promise<KnownRecords> {
    const found = await this.parts.records.resolve(tx, {
      accounts: namesOf(drafts.map((draft) => readReference(['', draft.accountId], ['', draft.accountExternalId]))),
      contacts: namesOf(drafts.map((draft) => readReference(['', draft.contactId], ['', draft.contactExternalId]))),
      emails: emailsOf(drafts, isHeldBack),
      domains: domainsOf(drafts, isHeldBack),
      clones: drafts.flatMap(({ cloneId }) => (cloneId && isId(cloneId) ? [cloneId] : [])),
    });
    return knownOf(found);
  }

  private async untilWon<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.parts.transactor.run(actor.tenantId, work);
      } catch (error) {
        if (!(error instanceof LostRace) || round === ROUNDS) throw error;
      }
    }
  }
}

/** The names worth looking up: what cannot be a name of anything is not sent to the database. */
function namesOf(references: readonly ReturnType<typeof readReference>[]): Names {
  const ids = new Set<Id>();
  const externalIds = new Set<string>();
  for (const reference of references) {
    if (!reference || 'issue' in reference) continue;
    if ('id' in reference) {
      if (isId(reference.id)) ids.add(reference.id);
    } else if ('value' in checkExternalId(reference.externalId)) {
      externalIds.add(reference.externalId);
    }
  }
  return { ids: [...ids], externalIds: [...externalIds] };
}

/** The addresses worth looking up; a draft with one that is none is refused when its turn comes. */
function emailsOf(drafts: readonly Naming[], isHeldBack: boolean): string[] {
  const given = drafts.flatMap(({ participants, email }) => [participants, isHeldBack && email ? [email] : []]);
  const emails = given.flatMap((addresses) => {
    const read = readParticipants(addresses);
    return 'issue' in read ? [] : read.emails;
  });
  return [...new Set(emails)];
}

/** The domains that must not be known yet. */
function domainsOf(drafts: readonly Naming[], isHeldBack: boolean): string[] {
  if (!isHeldBack) return [];
  return drafts.flatMap(({ domain }) => {
    const read = domain ? domainName(domain) : undefined;
    return read && 'value' in read ? [read.value] : [];
  });
}

function knownOf({ accounts, contacts, clones, parties }: FoundReferences): KnownRecords {
  const cloneIds = new Set(clones);
  return {
    account: finder(accounts),
    contact: finder(contacts),
    parties,
    clone: (id) => (cloneIds.has(id.toLowerCase()) ? { id: id.toLowerCase() } : undefined),
  };
}

function finder<Found extends { readonly id: Id; readonly externalId: string | null }>(
  all: readonly Found[],
): (reference: Reference) => Found | undefined {
  const byId = new Map(all.map((found) => [found.id, found]));
  const byExternalId = new Map(all.map((found) => [found.externalId, found]));
  return (reference) =>
    'id' in reference ? byId.get(reference.id.toLowerCase()) : byExternalId.get(reference.externalId);
}

const toImportAnswer = (kind: RecordKind, index: number, answer: Answer<RecordKind>): ImportAnswer =>
  answer.outcome === 'refused'
    ? { kind, index, outcome: 'refused', id: null, issues: answer.issues }
    : { kind, index, outcome: answer.outcome, id: answer.record.id, issues: [] };

function refusal(fieldIssues: readonly FieldIssue[]): DomainError {
  const issues: ValidationIssue[] = fieldIssues.map(({ field, message }) => ({ path: ['input', field], message }));
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  return new DomainError('VALIDATION_FAILED', message, { issues });
}
