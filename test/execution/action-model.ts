import fc from 'fast-check';

/** What somebody does, or what happens, in a run of the model. `action` picks one of those proposed so far. */
export type Command =
  | { readonly kind: 'propose'; readonly actionType: 'send_chat_message' | 'send_proposal' }
  | { readonly kind: 'approve' | 'reject'; readonly action: number }
  | { readonly kind: 'claim'; readonly action: number; readonly by: Agent }
  | { readonly kind: 'renew'; readonly action: number; readonly by: Agent; readonly epochs: number }
  | { readonly kind: 'complete' | 'fail'; readonly action: number; readonly by: Agent; readonly epochs: number }
  | { readonly kind: 'reconcile'; readonly action: number; readonly outcome: 'EXECUTED' | 'FAILED' }
  | { readonly kind: 'pause' | 'resume' | 'change policy' }
  | { readonly kind: 'move stage'; readonly stage: (typeof STAGES)[number] }
  | { readonly kind: 'wait'; readonly seconds: number };

export type Agent = 'agent-one' | 'agent-two';
export const STAGES = ['prospecting', 'discovery', 'evaluation'] as const;
export const LEASE_SECONDS = 30;

const action = fc.nat(2);
const by = fc.constantFrom<Agent>('agent-one', 'agent-one', 'agent-one', 'agent-two');
/** Mostly the epoch that is held, sometimes an older or newer one. */
const epochs = fc.constantFrom(0, 0, 0, -1, 1);
const of = <Kind extends string>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds);

export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: of('propose'), actionType: of('send_chat_message', 'send_proposal') }) },
  { weight: 5, arbitrary: fc.record({ kind: of('approve', 'approve', 'approve', 'reject'), action }) },
  { weight: 6, arbitrary: fc.record({ kind: of('claim'), action, by }) },
  { weight: 2, arbitrary: fc.record({ kind: of('renew'), action, by, epochs }) },
  { weight: 3, arbitrary: fc.record({ kind: of('complete', 'fail'), action, by, epochs }) },
  { weight: 2, arbitrary: fc.record({ kind: of('reconcile'), action, outcome: of('EXECUTED', 'FAILED') }) },
  { weight: 2, arbitrary: fc.record({ kind: of('pause', 'resume', 'resume', 'change policy') }) },
  { weight: 1, arbitrary: fc.record({ kind: of('move stage'), stage: fc.constantFrom(...STAGES) }) },
  { weight: 2, arbitrary: fc.record({ kind: of('wait'), seconds: fc.constantFrom(5, 29, 31) }) },
);

/** An action as the model has it. */
export interface Modelled {
  readonly id: string;
  status: string;
  /** Grows with every claim. */
  epoch: number;
  /** How often others than the holder ended one, by which its epoch grows too. */
  ended: number;
  holder: Agent | undefined;
  /** Milliseconds. */
  leaseUntil: number;
  /** The ground on which it was signed; undefined: nobody signed it. */
  signed: { readonly policyVersion: number; readonly stage: string } | undefined;
}

/** How things stand around the actions. */
export interface Ground {
  now: number;
  paused: boolean;
  policyVersion: number;
  stage: string;
}

/** What a claim does: the state behind it, or undefined where it is only refused. */
export function afterClaim({ status, signed }: Modelled, ground: Ground): string | undefined {
  if (status !== 'ALLOWED' && status !== 'APPROVED') return undefined;
  if (ground.paused) return undefined;
  if (signed) {
    const isSame = signed.policyVersion === ground.policyVersion && signed.stage === ground.stage;
    return isSame ? 'EXECUTING' : 'INVALIDATED';
  }
  return ground.stage === 'evaluation' ? 'PENDING_APPROVAL' : 'EXECUTING';
}

/** Whether somebody holds the claim of an epoch at this moment. */
export const holdsNow = (one: Modelled, agent: Agent, epoch: number, now: number): boolean =>
  one.status === 'EXECUTING' && one.holder === agent && one.epoch === epoch && now < one.leaseUntil;

/** Whether a running claim may be given more time: where the action could be started now. */
export const mayGoOn = (one: Modelled, ground: Ground): boolean =>
  afterClaim({ ...one, status: one.signed ? 'APPROVED' : 'ALLOWED' }, ground) === 'EXECUTING';

/** A run that meets what chance meets seldom: a signature whose ground has moved, late and foreign reports, a pause. */
export const SELDOM: readonly Command[] = [
  { kind: 'propose', actionType: 'send_proposal' },
  { kind: 'approve', action: 0 },
  { kind: 'change policy' },
  { kind: 'claim', action: 0, by: 'agent-one' },
  { kind: 'propose', actionType: 'send_proposal' },
  { kind: 'approve', action: 1 },
  { kind: 'move stage', stage: 'prospecting' },
  { kind: 'claim', action: 1, by: 'agent-one' },
  { kind: 'propose', actionType: 'send_chat_message' },
  { kind: 'pause' },
  { kind: 'claim', action: 2, by: 'agent-one' },
  { kind: 'resume' },
  { kind: 'claim', action: 2, by: 'agent-one' },
  { kind: 'claim', action: 2, by: 'agent-two' },
  { kind: 'complete', action: 2, by: 'agent-two', epochs: 0 },
  { kind: 'complete', action: 2, by: 'agent-one', epochs: -1 },
  { kind: 'wait', seconds: 29 },
  { kind: 'renew', action: 2, by: 'agent-one', epochs: 0 },
  { kind: 'wait', seconds: 31 },
  { kind: 'renew', action: 2, by: 'agent-one', epochs: 0 },
  { kind: 'complete', action: 2, by: 'agent-one', epochs: 0 },
  { kind: 'reconcile', action: 2, outcome: 'EXECUTED' },
  { kind: 'propose', actionType: 'send_chat_message' },
  { kind: 'move stage', stage: 'evaluation' },
  { kind: 'claim', action: 3, by: 'agent-one' },
];
