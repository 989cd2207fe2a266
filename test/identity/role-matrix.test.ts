import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLES, type Role } from '../../src/kernel/actor.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { errorsOf } from './access.js';

const EVERYBODY = ROLES;
const DECIDERS = ['approver', 'manager', 'admin'] as const;
const WORKERS = ['agent', 'manager', 'admin'] as const;
const MANAGERS = ['manager', 'admin'] as const;

/** Who may call what. A new root field needs a line here: think about who, write it down, then make it so. */
const MATRIX: Readonly<Record<string, readonly Role[]>> = {
  'query account': EVERYBODY,
  'query accounts': EVERYBODY,
  'query action': EVERYBODY,
  'query actions': EVERYBODY,
  'query apiKeys': ['admin'],
  'query approval': EVERYBODY,
  'query approvals': EVERYBODY,
  'query autonomyStatus': EVERYBODY,
  'query auditHead': MANAGERS,
  'query auditTrail': EVERYBODY,
  'query budgetUse': EVERYBODY,
  'query checkAction': EVERYBODY,
  'query classifyAction': EVERYBODY,
  'query clones': EVERYBODY,
  'query customerView': EVERYBODY,
  'query dailyDigest': EVERYBODY,
  'query connectors': ['admin'],
  'query deal': EVERYBODY,
  'query deals': EVERYBODY,
  'query delegations': DECIDERS,
  'query events': EVERYBODY,
  'query goal': EVERYBODY,
  'query goalStatuses': EVERYBODY,
  'query goals': EVERYBODY,
  'query guardrails': EVERYBODY,
  'query insight': EVERYBODY,
  'query insights': EVERYBODY,
  'query interactions': EVERYBODY,
  'query jobRuns': EVERYBODY,
  'query jobs': EVERYBODY,
  'query metrics': EVERYBODY,
  'query modelUsage': ['admin'],
  'query competitors': EVERYBODY,
  'query patternThresholds': EVERYBODY,
  'query policy': EVERYBODY,
  'query policyVersion': EVERYBODY,
  'query policyVersions': EVERYBODY,
  'query simulatePolicy': MANAGERS,
  'query users': ['admin'],
  'query verifyAudit': ['admin'],
  'query viewer': EVERYBODY,
  'mutation approveAction': DECIDERS,
  'mutation cancelAction': EVERYBODY,
  'mutation cancelGoal': MANAGERS,
  'mutation claimAction': ['agent'],
  'mutation completeAction': ['agent'],
  'mutation createApiKey': ['admin'],
  'mutation createClone': MANAGERS,
  'mutation createGoal': MANAGERS,
  'mutation decideActions': DECIDERS,
  'mutation delegateApprovals': DECIDERS,
  'mutation dismissInsight': DECIDERS,
  'mutation editAction': DECIDERS,
  'mutation executeAction': WORKERS,
  'mutation failAction': ['agent'],
  'mutation giveInsightFeedback': DECIDERS,
  'mutation importRecords': MANAGERS,
  'mutation pauseAutonomy': DECIDERS,
  'mutation planProactiveActions': MANAGERS,
  'mutation proposeAction': WORKERS,
  'mutation resumeAutonomy': MANAGERS,
  'mutation reconcileAction': DECIDERS,
  'mutation recordInteraction': WORKERS,
  'mutation reinstateUser': ['admin'],
  'mutation rejectAction': DECIDERS,
  'mutation renewClaim': ['agent'],
  'mutation retryAction': MANAGERS,
  'mutation revokeApiKey': ['admin'],
  'mutation runJob': MANAGERS,
  'mutation revokeDelegation': DECIDERS,
  'mutation setCompetitors': MANAGERS,
  'mutation setPolicy': ['admin'],
  'mutation setConnector': ['admin'],
  'mutation setUser': ['admin'],
  'mutation suspendUser': ['admin'],
  'mutation updateClone': MANAGERS,
  'mutation updateGoalProgress': WORKERS,
  'mutation upsertAccount': WORKERS,
  'mutation upsertContact': WORKERS,
  'mutation upsertDeal': MANAGERS,
  'subscription actionChanged': EVERYBODY,
  'subscription approvalRequested': EVERYBODY,
  'subscription approvalResolved': EVERYBODY,
  'subscription autonomyChanged': EVERYBODY,
  'subscription goalChanged': EVERYBODY,
  'subscription insightRaised': EVERYBODY,
  'subscription jobProgressed': EVERYBODY,
};

let server: TestServer;
let schema: GraphQLSchema;
beforeAll(async () => {
  server = await startTestServer();
  schema = buildClientSchema(await server.data(await server.token('admin'), getIntrospectionQuery()));
});
afterAll(() => server.close());

type Kind = 'query' | 'mutation' | 'subscription';

const fieldsOf = (kind: Kind): readonly GraphQLField<unknown, unknown>[] => {
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return Object.values(root[kind]?.getFields() ?? {});
};

/** Asks for one root field with some values, so that the request gets as far as the resolver. */
function documentFor(kind: Kind, field: GraphQLField<unknown, unknown>) {
  const isCursor = (name: string) => kind === 'subscription' && name === 'after';
  const given = field.args.filter((argument) => isRequiredArgument(argument) || isCursor(argument.name));
  const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isCompositeType(getNamedType(field.type)) ? '{ __typename }' : '';
  const query = `${kind} ${declared && `(${declared})`} { ${field.name} ${passed && `(${passed})`} ${selection} }`;
  // A malformed cursor: a subscription that is allowed is answered too, instead of staying open.
  const values = given.map(({ name, type }) => [name, isCursor(name) ? '!' : someValue(type)]);
  return { query, variables: Object.fromEntries(values) };
}

function someValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return someValue(type.ofType);
  if (isListType(type)) return [];
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, someValue(field.type)]));
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  const values: Readonly<Record<string, unknown>> = {
    Int: 1,
    Float: 1,
    Boolean: true,
    DateTime: '2026-01-01T00:00:00Z',
    JSONObject: {},
  };
  return values[type.name] ?? 'text';
}

async function refusalOf(kind: Kind, field: GraphQLField<unknown, unknown>, token: string | undefined) {
  const { query, variables } = documentFor(kind, field);
  if (kind !== 'subscription') return (await server.request(token, query, variables)).errors?.[0].extensions;
  return (await errorsOf(server.subscribe(token, query, variables)))?.[0].extensions;
}

test('the table names every root field, and no other', () => {
  const named = (['query', 'mutation', 'subscription'] as const).flatMap((kind) =>
    fieldsOf(kind).map(({ name }) => `${kind} ${name}`),
  );
  expect(named.sort()).toEqual(Object.keys(MATRIX).sort());
});

test.each(['query', 'mutation', 'subscription'] as const)(
  'each %s is for the roles that the table says, for each role alone, and for nobody without a token',
  async (kind) => {
    const tokens = await Promise.all(
      ROLES.map(async (role) => [role, await server.token(role, `${role}-only`)] as const),
    );
    for (const field of fieldsOf(kind)) {
      const allowed = MATRIX[`${kind} ${field.name}`] ?? [];
      expect((await refusalOf(kind, field, undefined))?.code, field.name).toBe('UNAUTHENTICATED');
      for (const [role, token] of tokens) {
        const refusal = await refusalOf(kind, field, token);
        const isRefused = refusal?.requiredRoles !== undefined;
        expect({ role, isRefused }, `${kind} ${field.name}`).toEqual({ role, isRefused: !allowed.includes(role) });
        if (!isRefused) continue;
        expect(refusal.code).toBe('FORBIDDEN');
        expect([...refusal.requiredRoles].sort(), field.name).toEqual(allowed.map((role) => role.toUpperCase()).sort());
      }
    }
  },
);
