import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ActionRow, ApprovalRow, Evidence } from '../../chaos/evidence.js';
import type { Logged } from '../../chaos/histories.js';
import { INVARIANTS, judge } from '../../chaos/invariants.js';
import { type Effect, Ledger } from '../../chaos/ledger.js';
import { BRIEFINGS_AN_HOUR } from '../../chaos/world.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const sha = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What is falsified; everything in it is as it should be. */
interface Scene {
  readonly ledger: Ledger;
  readonly actions: Record<'alone' | 'signed' | 'inside' | 'refused' | 'gone' | 'mail', Writable<ActionRow>>;
  readonly approvals: Record<'signed' | 'refused' | 'gone', Writable<ApprovalRow>>;
  log: Logged[];
  effects: Record<'alone' | 'signed', Writable<Effect>>;
  evidence: Writable<Evidence>;
}
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const row = (id: string, more: Partial<ActionRow>): Writable<ActionRow> => ({
  id,
  actionType: 'send_chat_message',
  status: 'executed',
  canonical: `{"payload":"${id}"}`,
  digest: sha(`{"payload":"${id}"}`),
  leaseEpoch: 1,
  idempotencyKey: `key of ${id}`,
  policyVersion: 1,
  dealId: null,
  proposedBy: 'agent-one',
  connector: 'agent',
  signed: null,
  isLate: false,
  hasJob: false,
  interactions: 0,
  ...more,
});

const event = (type: string, subjectId: string, second: number, data: object = {}, actor = 'agent-one'): Logged => ({
  type,
  subjectId,
  actor,
  data: { ...data },
  at: at(second),
});

/**
 * An action that ran alone, one that was edited, signed and run on a deal, one that the server did in its own data, one
 * that was rejected, one that ran out, and one whose email failed.
 */
function sound(): Scene {
  const signedText = '{"payload":{"text":"edition 1"}}';
  const actions = {
    alone: row('alone', {}),
    signed: row('signed', {
      canonical: signedText,
      digest: sha(signedText),
      signed: sha(signedText),
      policyVersion: 2,
      dealId: 'deal',
    }),
    inside: row('inside', { connector: 'built_in', interactions: 1 }),
    refused: row('refused', { status: 'rejected', leaseEpoch: 0 }),
    gone: row('gone', { status: 'expired', leaseEpoch: 0 }),
    mail: row('mail', { status: 'failed', connector: 'email' }),
  };
  const log = [
    event('action.allowed', 'alone', 1),
    event('action.claimed', 'alone', 2, { leaseEpoch: 1 }),
    event('action.executed', 'alone', 3),
    event('approval.requested', 'signed', 11, { approvalId: 'of signed' }),
    event('approval.edited', 'signed', 12, { approvalId: 'of signed' }, 'ana'),
    event('approval.approved', 'signed', 13, { approvalId: 'of signed' }, 'ana'),
    event('action.claimed', 'signed', 14, { leaseEpoch: 1 }),
    event('action.executed', 'signed', 15),
    event('action.allowed', 'inside', 1),
    event('action.claimed', 'inside', 2, { leaseEpoch: 1 }),
    event('action.executed', 'inside', 2),
    event('approval.requested', 'refused', 1, { approvalId: 'of refused' }),
    event('approval.rejected', 'refused', 2, { approvalId: 'of refused' }, 'ana'),
    event('approval.requested', 'gone', 1, { approvalId: 'of gone' }),
    event('approval.expired', 'gone', 9, { approvalId: 'of gone' }, 'system:expiry'),
    event('action.allowed', 'mail', 1),
    event('action.claimed', 'mail', 2, { leaseEpoch: 1 }),
    event('action.failed', 'mail', 3),
  ];
  const approvals = {
    signed: { id: 'of signed', status: 'approved', decidedBy: 'ana' },
    refused: { id: 'of refused', status: 'rejected', decidedBy: 'ana' },
    gone: { id: 'of gone', status: 'expired', decidedBy: null },
  };
  const ledger = new Ledger();
  for (const { id, idempotencyKey } of Object.values(actions)) ledger.propose(idempotencyKey, id);
  ledger.decide('of signed', 'APPROVED');
  ledger.decide('of refused', 'REJECTED');
  ledger.edit('signed', 'edition 1');
  ledger.claim('alone', 1, 'one');
  ledger.reports.push({ actionId: 'alone', leaseEpoch: 1, status: 'EXECUTED' });
  const effects: Scene['effects'] = {
    alone: { receiver: 'http', actionId: 'alone', canonical: actions.alone.canonical },
    signed: { receiver: 'smtp', actionId: 'signed', canonical: signedText },
  };
  ledger.effects.push(effects.alone, effects.signed);
  ledger.dealMoves.push({ dealId: 'deal', sentAt: at(20).getTime(), acknowledgedAt: at(21).getTime() });
  ledger.stops.push(0);
  for (const tries of [ledger.late, ledger.own, ledger.otherBody, ledger.lookAlike]) tries.sent = 1;
  ledger.seen.push(['b', 'c']);
  const evidence: Writable<Evidence> = {
    ledger,
    actions: Object.values(actions),
    approvals: Object.values(approvals),
    policies: [
      { version: 1, document: { rules: {} }, createdAt: at(0) },
      { version: 2, document: { rules: { send_chat_message: { tier: 'approval_required' } } }, createdAt: at(10) },
    ],
    budgets: [{ window: 'now', used: 3, held: 3 }],
    log,
    pauses: [{ from: at(4), to: at(8) }],
    cursors: ['a', 'b', 'c'],
    verification: { ok: true, complete: true, eventsChecked: 18, problems: [] },
  };
  return { ledger, actions, approvals, log, effects, evidence };
}

/** For each invariant, by what it says, something that must not happen and breaks it. */
const FALSIFIED: Readonly<Record<string, (scene: Scene) => void>> = {
  'what arrived is what is stored and what was signed, byte for byte': ({ effects }) => {
    effects.alone.canonical += ' ';
  },
  'what was edited arrived as it was edited': ({ actions, effects }) => {
    const text = '{"payload":{"text":"as proposed"}}';
    Object.assign(actions.signed, { canonical: text, digest: sha(text), signed: sha(text) });
    effects.signed.canonical = text;
  },
  'nothing started alone that the policy then in force gave to a person': ({ log }) => {
    log[1] = event('action.claimed', 'alone', 11, { leaseEpoch: 1 });
  },
  'what was signed under another policy than the one in force did not start': ({ actions }) => {
    actions.signed.policyVersion = 1;
  },
  'nothing started on a deal that had left the early stages, unless it was signed since': ({ ledger }) => {
    ledger.dealMoves.push({ dealId: 'deal', sentAt: at(13).getTime() + 1, acknowledgedAt: at(13).getTime() + 2 });
  },
  'nothing started while autonomy was paused': ({ log }) => {
    log[1] = event('action.claimed', 'alone', 5, { leaseEpoch: 1 });
  },
  'what was decided is stored and logged as it was decided, once': ({ ledger }) => {
    ledger.decide('of refused', 'APPROVED');
  },
  'nobody signed what they proposed': ({ actions }) => {
    actions.signed.proposedBy = 'ana';
  },
  'whoever tried to sign their own was refused': ({ ledger }) => ledger.own.accepted.push('signed'),
  'what was proposed is stored once and logged': ({ ledger }) => ledger.propose('key of alone', 'another'),
  'a key that came again with another body was refused': ({ ledger }) => ledger.otherBody.accepted.push('alone'),
  'a name that only looks like a type was refused': ({ ledger }) => ledger.lookAlike.accepted.push('Send'),
  'what ran out names nobody, and was neither approved nor started afterwards': ({ approvals }) => {
    approvals.gone.decidedBy = 'ana';
  },
  'what was rejected, ran out, was withdrawn or is a hard stop had no effect': ({ ledger, actions }) => {
    ledger.effects.push({ receiver: 'http', actionId: 'refused', canonical: actions.refused.canonical });
  },
  'an effect happens at most once': ({ ledger, effects }) => ledger.effects.push(effects.alone),
  'what is stored as executed has happened': ({ ledger, effects }) => {
    ledger.effects.splice(ledger.effects.indexOf(effects.alone), 1);
  },
  'what a connector calls failed has not happened': ({ ledger, actions }) => {
    ledger.effects.push({ receiver: 'http', actionId: 'mail', canonical: actions.mail.canonical });
  },
  'what has happened does not wait to happen again, but where the receiver knows it': ({ actions, log }) => {
    actions.alone.status = 'allowed';
    log[2] = event('action.retried', 'alone', 3);
  },
  'what the server does in its own data is done exactly once, when it is executed': ({ actions }) => {
    actions.inside.interactions = 2;
  },
  'an effect was allowed or approved, then claimed, before it happened': ({ evidence, log }) => {
    evidence.log = log.filter(({ type, subjectId }) => !(subjectId === 'alone' && type === 'action.claimed'));
  },
  'what was reported is stored as it was reported': ({ ledger }) => {
    ledger.reports.push({ actionId: 'mail', leaseEpoch: 1, status: 'EXECUTED' });
  },
  'only allowed steps are in the log, and they lead to what is stored': ({ actions }) => {
    actions.refused.status = 'approved';
  },
  'every stored action has its history': ({ evidence, log }) => {
    evidence.log = log.filter(({ subjectId }) => subjectId !== 'inside');
  },
  'nothing waits for its connector without a job': ({ actions, evidence, log }) => {
    Object.assign(actions.mail, { status: 'allowed', leaseEpoch: 0 });
    evidence.log = log.slice(0, -2);
  },
  'one holder for each claim': ({ ledger }) => ledger.claim('alone', 1, 'two'),
  'each epoch was claimed once and none is left out': ({ actions }) => {
    actions.inside.leaseEpoch = 2;
  },
  'no report is taken after the claim has run out': ({ ledger }) => ledger.late.accepted.push('alone'),
  'no claim outlives its time': ({ actions, evidence, log }) => {
    Object.assign(actions.mail, { status: 'executing', isLate: true });
    evidence.log = log.slice(0, -1);
  },
  'each subscriber saw every change once and in order': ({ ledger }) => ledger.seen.push(['b']),
  'no budget is exceeded, and its count is right': ({ evidence }) => {
    const full = BRIEFINGS_AN_HOUR + 1;
    evidence.budgets = [{ window: 'now', used: full, held: full }];
  },
  'a server that is told to stop ends by itself and in order': ({ ledger }) => ledger.stops.push(null),
  'the chained log verifies': ({ evidence }) => {
    evidence.verification = { ok: false, complete: true, eventsChecked: 18, problems: ['edited'] };
  },
  'no refusal that nobody expects': ({ ledger }) => ledger.surprises.push('FORBIDDEN'),
};

const violated = ({ evidence }: Scene): string[] =>
  judge(evidence)
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant }) => invariant);

test('a sound run violates nothing, and has a case of everything', () => {
  const scene = sound();
  expect(violated(scene)).toEqual([]);
  const empty = judge(scene.evidence).filter(({ cases }) => cases === 0);
  expect(empty.map(({ invariant }) => invariant)).toEqual([]);
});

test.each(INVARIANTS.map(({ says }) => says))('the rig notices where this does not hold: %s', (says) => {
  const scene = sound();
  const falsify = FALSIFIED[says];
  if (!falsify) throw new Error(`nothing here breaks "${says}"`);
  falsify(scene);
  expect(violated(scene)).toContain(says);
});
