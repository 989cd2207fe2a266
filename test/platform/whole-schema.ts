import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect, vi } from 'vitest';
import type { TestServer } from '../support/server.js';

/** What each root field needs that cannot be left out. */
export type Samples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Something of everything, so that no list is empty. */
export async function fill({ token, data }: TestServer): Promise<Samples> {
  const [agent, approver, admin] = await Promise.all([token('agent'), token('approver'), token('admin')]);
  const id = async (mutation: string, input: string, path: string): Promise<string> => {
    const answer = await data(admin, `mutation { ${mutation}(input: { ${input} }) { ${path} { id } } }`);
    return answer[mutation][path].id;
  };
  const account = await id('upsertAccount', 'externalId: "A-1", name: "Brightwater", employees: 7', 'account');
  await id('upsertContact', `externalId: "C-1", accountId: "${account}", name: "Orla"`, 'contact');
  const deal = await id(
    'upsertDeal',
    `externalId: "D-1", accountId: "${account}", name: "One", stage: DISCOVERY`,
    'deal',
  );
  await id(
    'recordInteraction',
    `accountId: "${account}", channel: EMAIL, status: COMPLETED, occurredAt: "2026-02-11T00:00:00Z", content: "Hello"`,
    'interaction',
  );
  const { createGoal } = await data(
    admin,
    `mutation { createGoal(input: { type: REVENUE, title: "More", target: 10.5,
       periodStart: "2026-01-01T00:00:00Z", periodEnd: "2026-12-31T00:00:00Z" }) { id } }`,
  );
  await data(admin, 'mutation { setUser(input: { name: "ben", roles: [APPROVER] }) { id } }');
  await data(
    admin,
    'mutation { delegateApprovals(input: { to: "ben", until: "2026-03-20T00:00:00Z", reason: "Holiday" }) { id } }',
  );
  await data(admin, 'mutation { createApiKey(input: { name: "nightly", agent: "agent-two" }) { secret } }');
  const policy = {
    rules: [
      {
        actionType: 'log_interaction',
        tier: 'APPROVAL_REQUIRED',
        quorum: 2,
        gates: { stages: ['DISCOVERY'], dealValueAbove: 9.5 },
      },
    ],
    budgets: [{ name: 'each', scope: 'TENANT', period: 'WEEK', limit: 3 }],
  };
  await data(admin, 'mutation ($input: SetPolicyInput!) { setPolicy(input: $input) { version } }', {
    input: { policy, reason: 'To begin with', expectedVersion: 0 },
  });
  const approvals: { id: string; digest: string }[] = [];
  const actions: string[] = [];
  for (const [index, actionType] of [
    'send_proposal',
    'discuss_pricing',
    'create_briefing',
    'approve_discount',
  ].entries()) {
    const { proposeAction } = await data(
      agent,
      `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } approval { id digest } } }`,
      {
        input: {
          actionType,
          payload: { text: 'a\u2028b', n: [1, null, { x: 'é' }] },
          idempotencyKey: `k-${index}`,
          accountId: account,
          rationale: 'Because.',
        },
      },
    );
    actions.push(proposeAction.action.id);
    if (proposeAction.approval) approvals.push(proposeAction.approval);
  }
  const { id: approvalId, digest } = approvals[1] ?? { id: '', digest: '' };
  await data(approver, 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { id } }', {
    input: { approvalId, digest, comment: 'Fine' },
  });
  await data(admin, 'mutation { runJob(input: { name: PATTERN_SCAN }) { run { id } } }');
  const insight = await vi.waitFor(async () => {
    const { jobs, insights } = await data(admin, '{ jobs { lastRun { id } } insights { edges { node { id } } } }');
    expect(jobs.filter(({ lastRun }: { lastRun: unknown }) => lastRun !== null)).toHaveLength(1);
    expect(insights.edges).not.toEqual([]);
    return insights.edges[0].node.id;
  }, 20_000);
  return {
    account: { id: account },
    action: { id: actions[0] },
    approval: { id: approvalId },
    auditTrail: { subjectId: actions[0] },
    classifyAction: { actionType: 'send_proposal' },
    customerView: { accountId: account },
    deal: { id: deal },
    goal: { id: createGoal.id },
    insight: { id: insight },
    policyVersion: { version: 1 },
  };
}

/** A query of one root field that selects everything below it, as deep as the bound on compiled fields allows. */
export function wholeQuery(field: GraphQLField<unknown, unknown>, depth: number): string {
  const required = field.args.filter(isRequiredArgument);
  const definitions = required.map(({ name, type }: GraphQLArgument) => `$${name}: ${type}`).join(', ');
  const given = required.map(({ name }) => `${name}: $${name}`).join(', ');
  const type = getNamedType(field.type);
  const below = isObjectType(type) ? everythingIn(type, depth) : '';
  return `query Whole${definitions && `(${definitions})`} { ${field.name}${given && `(${given})`} ${below} }`;
}

function everythingIn(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).filter((field) => !field.args.some(isRequiredArgument));
  const chosen = fields.flatMap((field) => {
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) return [field.name];
    return depth > 1 && isObjectType(inner) ? [`${field.name} ${everythingIn(inner, depth - 1)}`] : [];
  });
  return `{ __typename ${chosen.join(' ')} }`;
}
