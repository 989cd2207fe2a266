import { describe, expect, it } from 'vitest';
import {
  ACTION_TIERS,
  ALLOWED_ACTION_TYPES,
  checkAction,
  classifyAction,
  DEAL_STAGES,
  GATED_STAGES,
  GUARDRAIL_REASONS,
  isBuiltIn,
  opensApproval,
  POLICY_REASONS,
  RESTRICTION_REASONS,
  TIER_DESCRIPTIONS,
} from '../../src/features/guardrails/domain/index.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP, STAGES, UNKNOWN } from './rules-as-agreed.js';

const everyStage = (types: readonly string[]) =>
  types.flatMap((actionType) => STAGES.map(({ stage, gated }) => ({ actionType, stage, gated })));

describe('checking an action', () => {
  it.each(everyStage(HARD_STOP))('stops $actionType for good at stage $stage', ({ actionType, stage }) => {
    const decision = checkAction({ actionType, dealStage: stage });
    expect(decision).toMatchObject({
      actionType,
      tier: 'hard_stop',
      allowed: false,
      reason: 'hard_stop',
      requiresHuman: true,
    });
    expect(opensApproval(decision)).toBe(false);
  });

  it.each(everyStage(APPROVAL_REQUIRED))('asks a person about $actionType at stage $stage', ({ actionType, stage }) => {
    const decision = checkAction({ actionType, dealStage: stage });
    expect(decision).toMatchObject({
      actionType,
      tier: 'approval_required',
      allowed: false,
      reason: 'approval_required',
      requiresHuman: true,
    });
    expect(opensApproval(decision)).toBe(true);
  });

  it.each(everyStage(AUTONOMOUS).filter(({ gated }) => !gated))(
    'lets $actionType run alone at stage $stage',
    ({ actionType, stage }) => {
      const decision = checkAction({ actionType, dealStage: stage });
      expect(decision).toMatchObject({
        actionType,
        tier: 'autonomous',
        allowed: true,
        reason: 'autonomous',
        requiresHuman: false,
      });
      expect(opensApproval(decision)).toBe(false);
    },
  );

  it.each(everyStage(AUTONOMOUS).filter(({ gated }) => gated))(
    'holds $actionType at the gated stage $stage',
    ({ actionType, stage }) => {
      const decision = checkAction({ actionType, dealStage: stage });
      expect(decision).toMatchObject({
        actionType,
        tier: 'autonomous',
        allowed: false,
        reason: 'stage_gate',
        requiresHuman: true,
      });
      expect(decision.explanation).toContain(stage);
      expect(opensApproval(decision)).toBe(true);
    },
  );

  it.each(everyStage(UNKNOWN))('asks a person about the unknown $actionType at stage $stage', (given) => {
    const decision = checkAction({ actionType: given.actionType, dealStage: given.stage });
    expect(decision).toMatchObject({
      actionType: given.actionType,
      tier: 'approval_required',
      allowed: false,
      reason: 'unknown_action_type',
      requiresHuman: true,
    });
    expect(opensApproval(decision)).toBe(true);
  });

  it.each(['__proto__', 'toString', 'hasOwnProperty', ''])(
    'is safe even when asked about %j unparsed',
    (actionType) => {
      expect(checkAction({ actionType, dealStage: null })).toMatchObject({
        allowed: false,
        reason: 'unknown_action_type',
      });
      expect(classifyAction(actionType)).toBe('approval_required');
      expect(isBuiltIn(actionType)).toBe(false);
    },
  );

  it('tells a person why, in the words kept for that type', () => {
    for (const actionType of [...APPROVAL_REQUIRED, ...HARD_STOP]) {
      const { explanation } = checkAction({ actionType, dealStage: null });
      expect(explanation).toContain(actionType);
      expect(explanation).toContain(RESTRICTION_REASONS.get(actionType));
    }
  });
});

describe('the words of a decision', () => {
  it.each([
    ['log_interaction', null, 'The agent may run log_interaction alone.'],
    [
      'log_interaction',
      'evaluation',
      'log_interaction waits for a person, because the deal is in the gated stage evaluation.',
    ],
    ['order "it"', null, '"order \\"it\\"" is not a built-in action type, so it waits for a person.'],
    ['send_proposal', null, expect.stringMatching(/^send_proposal waits for a person\. A proposal is /)],
    ['modify_contract', null, expect.stringMatching(/^The server never runs modify_contract; a person does it\. A /)],
  ] as const)('for %s at stage %s', (actionType, dealStage, explanation) => {
    expect(checkAction({ actionType, dealStage }).explanation).toEqual(explanation);
  });

  it('describe each tier by what happens in it', () => {
    expect(Object.keys(TIER_DESCRIPTIONS)).toEqual([...ACTION_TIERS]);
    expect(TIER_DESCRIPTIONS.autonomous).toMatch(/may do it alone, unless/);
    expect(TIER_DESCRIPTIONS.approval_required).toMatch(/person approves or rejects it before it runs/);
    expect(TIER_DESCRIPTIONS.hard_stop).toMatch(/never runs it/);
  });
});

describe('what opens a request to a person', () => {
  it('is every reason but a hard stop and what may run alone', () => {
    const reasons = [...GUARDRAIL_REASONS, ...POLICY_REASONS];
    expect(Object.fromEntries(reasons.map((reason) => [reason, opensApproval({ reason })]))).toEqual({
      approval_required: true,
      stage_gate: true,
      unknown_action_type: true,
      policy_tier: true,
      policy_gate: true,
      opted_out: true,
      over_budget: true,
      hard_stop: false,
      policy_hard_stop: false,
      autonomous: false,
    });
  });
});

describe('the closed lists', () => {
  it('hold exactly 9 autonomous, 8 approval-required and 7 hard-stop types, none of them twice', () => {
    expect(AUTONOMOUS).toHaveLength(9);
    expect(APPROVAL_REQUIRED).toHaveLength(8);
    expect(HARD_STOP).toHaveLength(7);
    expect(new Set([...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP]).size).toBe(24);
    expect([...ALLOWED_ACTION_TYPES].sort()).toEqual(AUTONOMOUS);
    expect([...RESTRICTION_REASONS.keys()].sort()).toEqual([...APPROVAL_REQUIRED, ...HARD_STOP].sort());
  });

  it.each([
    ['autonomous', AUTONOMOUS],
    ['approval_required', APPROVAL_REQUIRED],
    ['hard_stop', HARD_STOP],
  ] as const)('put every %s type into that tier', (tier, types) => {
    expect(types.map((type) => [type, classifyAction(type), isBuiltIn(type)])).toEqual(
      types.map((type) => [type, tier, true]),
    );
  });

  it('put an unknown type into the approval tier without calling it built in', () => {
    for (const type of UNKNOWN) {
      expect([type, classifyAction(type), isBuiltIn(type)]).toEqual([type, 'approval_required', false]);
    }
  });

  it('name the seven deal stages and gate four of them', () => {
    const stages = STAGES.flatMap(({ stage }) => stage ?? []);
    expect(DEAL_STAGES).toEqual(stages);
    expect([...GATED_STAGES].sort()).toEqual(['closed_lost', 'closed_won', 'evaluation', 'negotiation']);
  });

  it('give every restricted type one sentence of its own', () => {
    const reasons = [...RESTRICTION_REASONS.values()];
    expect(new Set(reasons).size).toBe(15);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z][^.!?]{30,}\.$/);
  });
});
