import { type GraphQLSchema, graphql, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeFeatures } from '../../src/compose/index.js';
import { createTokens } from '../../src/features/identity/index.js';
import { type Actor, ROLES } from '../../src/kernel/actor.js';
import { systemClock } from '../../src/kernel/clock.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Database } from '../../src/platform/db/database.js';
import type { GraphQLContext } from '../../src/platform/graphql/context.js';
import { schemaOf } from '../../src/platform/graphql/schema.js';
import { openTestDatabase } from '../support/database.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP, REFUSED, STAGES } from './rules-as-agreed.js';

let database: Database;
let schema: GraphQLSchema;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
  const tokens = createTokens('signs nothing', systemClock);
  const { resolvers } = composeFeatures({ database, tokens, clock: systemClock, approvalHours: 1 });
  schema = await schemaOf(resolvers);
});
afterAll(() => database.close());

/** A tenant that has laid nothing down. */
const TENANT = '01900000-0000-7000-8000-000000000000';

const nothingLive: GraphQLContext['follow'] = () => {
  throw new Error('no query or mutation follows the log');
};
const anonymous = (problem: string): GraphQLContext => ({
  actor: () => {
    throw new DomainError('UNAUTHENTICATED', problem);
  },
  follow: nothingLive,
});

const signedInAs = (...roles: Actor['roles'] extends ReadonlySet<infer R> ? R[] : never): GraphQLContext => ({
  actor: () => ({ tenantId: TENANT, tenant: 'demo', name: 'ana', root: 'ana', roles: new Set(roles) }),
  follow: nothingLive,
});

const run = (source: string, variableValues: Record<string, unknown> = {}, contextValue = signedInAs('agent')) =>
  graphql({ schema, source, variableValues, contextValue });

const CLASSIFY = 'query ($type: String!) { classifyAction(actionType: $type) { actionType tier known } }';
const CHECK = `query ($input: CheckActionInput!) {
  checkAction(input: $input) { actionType tier allowed reason requiresHuman explanation }
}`;
const RULES =
  '{ guardrails { tiers { tier description actionTypes } gatedStages restrictedActionTypes { actionType tier reason } } }';

describe('the guardrails query', () => {
  it('lists every tier with its types, the gated stages, and each restricted type with its reason', async () => {
    const { data, errors } = await run(RULES);
    expect(errors).toBeUndefined();
    const rules = data?.guardrails as {
      tiers: { tier: string; description: string; actionTypes: string[] }[];
      gatedStages: string[];
      restrictedActionTypes: { actionType: string; tier: string; reason: string }[];
    };
    expect(rules.tiers.map(({ tier, actionTypes }) => [tier, [...actionTypes].sort()])).toEqual([
      ['AUTONOMOUS', AUTONOMOUS],
      ['APPROVAL_REQUIRED', APPROVAL_REQUIRED],
      ['HARD_STOP', HARD_STOP],
    ]);
    for (const tier of rules.tiers) expect(tier.description).toMatch(/^.{20,}\.$/);
    expect([...rules.gatedStages].sort()).toEqual(['CLOSED_LOST', 'CLOSED_WON', 'EVALUATION', 'NEGOTIATION']);
    const restricted = rules.restrictedActionTypes;
    expect(
      restricted
        .filter(({ tier }) => tier === 'APPROVAL_REQUIRED')
        .map((r) => r.actionType)
        .sort(),
    ).toEqual(APPROVAL_REQUIRED);
    expect(
      restricted
        .filter(({ tier }) => tier === 'HARD_STOP')
        .map((r) => r.actionType)
        .sort(),
    ).toEqual(HARD_STOP);
    for (const { reason } of restricted) expect(reason).toMatch(/^.{20,}\.$/);
  });
});

describe('the classifyAction query', () => {
  it.each([
    ['log_interaction', 'AUTONOMOUS', true],
    ['send_proposal', 'APPROVAL_REQUIRED', true],
    ['commit_pricing', 'HARD_STOP', true],
    ['constructor', 'APPROVAL_REQUIRED', false],
  ])('answers %s: %s, known %s', async (type, tier, known) => {
    const { data, errors } = await run(CLASSIFY, { type });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ classifyAction: { actionType: type, tier, known } });
  });

  it.each(REFUSED)('refuses %s, naming the argument', async (_what, type) => {
    const { data, errors } = await run(CLASSIFY, { type });
    expect(data).toBeNull();
    expect(errors?.[0]?.originalError).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { issues: [{ path: ['actionType'] }] },
    });
  });
});

describe('the checkAction query', () => {
  const reasonFor = (tier: string, gated: boolean) =>
    tier !== 'AUTONOMOUS' ? tier : gated ? 'STAGE_GATE' : 'AUTONOMOUS';
  const tiers = [
    ...AUTONOMOUS.map((type) => ({ type, tier: 'AUTONOMOUS' })),
    ...APPROVAL_REQUIRED.map((type) => ({ type, tier: 'APPROVAL_REQUIRED' })),
    ...HARD_STOP.map((type) => ({ type, tier: 'HARD_STOP' })),
  ];

  it.each(tiers)('decides $type at every stage', async ({ type, tier }) => {
    for (const { stage, gated } of STAGES) {
      const { data, errors } = await run(CHECK, {
        input: { actionType: type, dealStage: stage?.toUpperCase() ?? null },
      });
      expect(errors).toBeUndefined();
      const reason = reasonFor(tier, gated);
      const allowed = reason === 'AUTONOMOUS';
      expect(data?.checkAction).toEqual({
        actionType: type,
        tier,
        allowed,
        reason,
        requiresHuman: !allowed,
        explanation: expect.stringContaining(type),
      });
    }
  });

  it('takes a missing stage as being about no deal', async () => {
    const { data } = await run(CHECK, { input: { actionType: 'log_interaction' } });
    expect(data?.checkAction).toMatchObject({ allowed: true, reason: 'AUTONOMOUS' });
  });

  it('asks a person about an unknown type', async () => {
    const { data } = await run(CHECK, { input: { actionType: 'send_gift' } });
    expect(data?.checkAction).toMatchObject({
      tier: 'APPROVAL_REQUIRED',
      allowed: false,
      reason: 'UNKNOWN_ACTION_TYPE',
      requiresHuman: true,
    });
  });

  it.each(REFUSED)('refuses %s, naming the field', async (_what, actionType) => {
    const { data, errors } = await run(CHECK, { input: { actionType } });
    expect(data).toBeNull();
    expect(errors?.[0]?.originalError).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { issues: [{ path: ['input', 'actionType'] }] },
    });
  });

  it.each(['negotiation', 'NEGOTIATIONS', '', 4])('refuses the stage %j', async (dealStage) => {
    const { data, errors } = await run(CHECK, { input: { actionType: 'log_interaction', dealStage } });
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
  });
});

describe('who may read the guardrails', () => {
  const operations: [string, string, Record<string, unknown>][] = [
    ['guardrails', RULES, {}],
    ['classifyAction', CLASSIFY, { type: 'log_interaction' }],
    ['checkAction', CHECK, { input: { actionType: 'log_interaction' } }],
  ];

  it.each(operations)('%s: every role, and nobody who is not signed in', async (_name, source, variables) => {
    for (const role of ROLES) expect((await run(source, variables, signedInAs(role))).errors).toBeUndefined();
    const refused = await run(source, variables, anonymous('no token'));
    expect(refused.errors?.[0]?.originalError).toEqual(new DomainError('UNAUTHENTICATED', 'no token'));
    const powerless = await run(source, variables, signedInAs());
    expect(powerless.errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('asks who is calling before it looks at the input', async () => {
    const { errors } = await run(CLASSIFY, { type: 'Not A Type' }, anonymous('no token'));
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the schema', () => {
  it('describes every type, field, argument and enum value of the guardrails', () => {
    const own = Object.values(schema.getTypeMap()).filter((type) =>
      /^(Guardrail|ClassifiedAction|RestrictedAction|CheckAction|ActionTier|DealStage|Query)/.test(type.name),
    );
    expect(own).toHaveLength(10);
    const undescribed: string[] = [];
    const note = (name: string, { description }: { description?: string | null }) => {
      if (!description) undescribed.push(name);
    };
    for (const type of own) {
      if (type.name !== 'Query') note(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) note(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type)) for (const f of Object.values(type.getFields())) note(`${type.name}.${f.name}`, f);
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field);
        for (const argument of field.args) note(`${type.name}.${field.name}(${argument.name})`, argument);
      }
    }
    expect(undescribed).toEqual([]);
  });
});
