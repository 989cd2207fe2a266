import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTONOMOUS } from './guardrails/rules-as-agreed.js';
import { HOSTILE_STRINGS } from './support/hostile-strings.js';
import { type Reply, startTestServer, type TestServer } from './support/server.js';

const EXPECTED_CODES = ['VALIDATION_FAILED', 'NOT_FOUND', 'CURSOR_INVALID', 'HARD_STOP', 'BAD_REQUEST'];
/** Of these kinds every one goes everywhere; of the others every tenth, where one rule reads many places. */
const ALWAYS = ['empty or blank', 'half characters', 'very long', 'with an end in the middle'];
const SAMPLE = HOSTILE_STRINGS.filter(({ kind }, at) => ALWAYS.includes(kind) || at % 10 === 0);
/** Sent at once. */
const TOGETHER = 8;
/** A signed text is what was sent; texts that people read are taken without the space around them. */
const exactly = (text: string) => text;
const trimmed = (text: string) => text.trim();

/** One place where a text goes in, and where it comes out again. */
interface Place {
  send(text: string): Promise<Reply>;
  /** What came back of it; undefined: nothing does. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  back(data: any): unknown;
  readonly as: (text: string) => string;
  /** Which texts; left out: a sample. */
  readonly all?: true;
  /** One by one: they would meet each other. */
  readonly alone?: true;
  /** How many must be taken at least; left out: half of them. */
  readonly leastTaken?: number;
}

describe('texts that have broken programs', () => {
  let server: TestServer;
  const tokens: Record<string, string> = {};
  let keys = 0;
  beforeAll(async () => {
    server = await startTestServer({ kind: 'postgres', config: { rateLimits: { perPrincipal: 0, perAddress: 0 } } });
    for (const role of ['agent', 'approver', 'manager', 'admin'] as const) tokens[role] = await server.token(role);
  });
  afterAll(() => server.close());

  const call = (role: string, operation: string, selection: string) => (input: object) => {
    const type = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`;
    return server.request(tokens[role], `mutation ($input: ${type}!) { ${operation}(input: $input) ${selection} }`, {
      input,
    });
  };
  const propose = call(
    'agent',
    'proposeAction',
    '{ action { id payload displayPayload rationale } approval { id digest } }',
  );
  const asked = async () => {
    const { data } = await propose({ actionType: 'send_proposal', payload: {}, idempotencyKey: `asked ${keys++}` });
    return { actionId: data.proposeAction.action.id, ...data.proposeAction.approval };
  };
  const claimed = async () => {
    const input = { actionType: 'create_briefing', payload: {}, idempotencyKey: `claimed ${keys++}` };
    const actionId = (await propose(input)).data.proposeAction.action.id;
    const { data } = await call('agent', 'claimAction', '{ leaseEpoch }')({ actionId });
    return { actionId, leaseEpoch: data.claimAction.leaseEpoch };
  };

  const PLACES: Readonly<Record<string, Place>> = {
    'a value of a payload': {
      send: (text) =>
        propose({ actionType: 'send_proposal', payload: { text, deep: [{ text }] }, idempotencyKey: `p ${keys++}` }),
      back: ({ proposeAction: { action } }) => {
        expect(JSON.parse(action.displayPayload)).toEqual(action.payload);
        expect(action.payload.deep[0].text).toBe(action.payload.text);
        return action.payload.text;
      },
      as: exactly,
      all: true,
    },
    'a key of a payload': {
      send: (text) => propose({ actionType: 'send_proposal', payload: { [text]: 1 }, idempotencyKey: `p ${keys++}` }),
      back: (data) => Object.keys(data.proposeAction.action.payload)[0],
      as: exactly,
      all: true,
    },
    'a rationale': {
      send: (rationale) =>
        propose({ actionType: 'send_proposal', payload: {}, idempotencyKey: `p ${keys++}`, rationale }),
      back: (data) => data.proposeAction.action.rationale,
      as: trimmed,
    },
    'an idempotency key': {
      send: (idempotencyKey) => propose({ actionType: 'send_proposal', payload: {}, idempotencyKey }),
      back: () => undefined,
      as: exactly,
    },
    'a comment on an approval': {
      send: async (comment) => {
        const { id: approvalId, digest } = await asked();
        return call('approver', 'approveAction', '{ comment }')({ approvalId, digest, comment });
      },
      back: (data) => data.approveAction.comment,
      as: trimmed,
    },
    'the reason of a rejection': {
      send: async (reason) =>
        call('approver', 'rejectAction', '{ comment }')({ approvalId: (await asked()).id, reason }),
      back: (data) => data.rejectAction.comment,
      as: trimmed,
    },
    'an edit and its comment': {
      send: async (text) => {
        const { id: approvalId, digest } = await asked();
        const input = { approvalId, digest, payload: { text }, comment: text };
        return call('approver', 'editAction', '{ action { payload revisions { comment } } }')(input);
      },
      back: ({ editAction: { action } }) => {
        expect(action.payload.text.trim()).toBe(action.revisions[0].comment);
        return action.revisions[0].comment;
      },
      as: trimmed,
    },
    'the reason of taking back': {
      send: async (reason) =>
        call('agent', 'cancelAction', '{ endedReason }')({ actionId: (await asked()).actionId, reason }),
      back: (data) => data.cancelAction.endedReason.slice('agent-one took it back: '.length, -1),
      as: trimmed,
    },
    'a failure': {
      send: async (error) => call('agent', 'failAction', '{ failure }')({ ...(await claimed()), error }),
      back: (data) => data.failAction.failure,
      as: trimmed,
    },
    'a result': {
      send: async (text) =>
        call('agent', 'completeAction', '{ outcome }')({ ...(await claimed()), result: { text, [`k${text}`]: text } }),
      back: ({ completeAction: { outcome } }) => {
        expect(outcome[`k${outcome.text}`]).toBe(outcome.text);
        return outcome.text;
      },
      as: exactly,
    },
    'the name of an account': {
      send: (name) => call('manager', 'upsertAccount', '{ account { name sector } }')({ name, sector: name }),
      back: ({ upsertAccount: { account } }) => {
        expect(account.sector).toBe(account.name);
        return account.name;
      },
      as: trimmed,
      all: true,
    },
    'an external id': {
      send: (externalId) => call('manager', 'upsertAccount', '{ account { externalId } }')({ externalId, name: 'A' }),
      back: (data) => data.upsertAccount.account.externalId,
      as: exactly,
    },
    'what was said': {
      send: (content) =>
        call(
          'agent',
          'recordInteraction',
          '{ interaction { content } }',
        )({
          channel: 'EMAIL',
          direction: 'INBOUND',
          occurredAt: '2026-03-02T09:00:00Z',
          content,
        }),
      back: (data) => data.recordInteraction.interaction.content,
      as: exactly,
      all: true,
    },
    'the reason of a pause': {
      send: async (reason) => {
        const reply = await call('manager', 'pauseAutonomy', '{ pauses { reason } }')({ reason });
        await call('manager', 'resumeAutonomy', '{ paused }')({});
        return reply;
      },
      back: (data) => data.pauseAutonomy.pauses[0].reason,
      as: trimmed,
      alone: true,
    },
    'a search': {
      send: (search) =>
        server.request(tokens.agent, 'query ($search: String) { accounts(search: $search, first: 1) { totalCount } }', {
          search,
        }),
      back: () => undefined,
      as: exactly,
    },
    'a cursor': {
      send: (after) =>
        server.request(tokens.agent, 'query ($after: String) { actions(first: 1, after: $after) { totalCount } }', {
          after,
        }),
      back: () => undefined,
      as: exactly,
      leastTaken: 0,
    },
    'an id': {
      send: (id) => server.request(tokens.agent, 'query ($id: ID!) { action(id: $id) { id } }', { id }),
      back: () => undefined,
      as: exactly,
      leastTaken: 0,
    },
  };

  test('there are about two hundred of them', () => {
    expect(HOSTILE_STRINGS.length).toBeGreaterThan(200);
  });

  test.each(Object.entries(PLACES))(
    'as %s come back as they were sent, or are refused in so many words',
    async (_, place) => {
      const wrong: unknown[] = [];
      let taken = 0;
      const go = async ({ kind, text }: (typeof HOSTILE_STRINGS)[number]) => {
        const { status, data, errors } = await place.send(text);
        if (errors) {
          const [{ message, extensions }] = errors;
          if (status >= 500 || !EXPECTED_CODES.includes(extensions.code)) wrong.push({ kind, text, status, message });
          return;
        }
        taken += 1;
        const back = place.back(data);
        if (back !== undefined && back !== place.as(text)) wrong.push({ kind, text, back });
      };
      const texts = place.all ? HOSTILE_STRINGS : SAMPLE;
      const together = place.alone ? 1 : TOGETHER;
      for (let from = 0; from < texts.length; from += together) {
        await Promise.all(texts.slice(from, from + together).map(go));
      }
      expect(wrong).toEqual([]);
      expect(taken).toBeGreaterThanOrEqual(place.leastTaken ?? texts.length / 2);
    },
  );

  test('as an action type are refused or taken exactly, and none of them may run alone', async () => {
    const document = `mutation ($input: ProposeActionInput!) { proposeAction(input: $input) {
      decision { allowed } action { actionType status } } }`;
    const wrong: unknown[] = [];
    for (const { text } of HOSTILE_STRINGS) {
      if (AUTONOMOUS.some((type) => type === text)) continue;
      const input = { actionType: text, payload: {}, idempotencyKey: `type ${keys++}` };
      const { status, data, errors } = await server.request(tokens.agent, document, { input });
      if (errors) {
        if (status >= 500 || errors[0].extensions.code !== 'VALIDATION_FAILED') wrong.push({ text, errors });
      } else if (data.proposeAction.decision.allowed || data.proposeAction.action.actionType !== text) {
        wrong.push({ text, data });
      }
    }
    expect(wrong).toEqual([]);
  });
});
