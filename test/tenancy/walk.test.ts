import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { idPlaces, sitesOf } from './api-walk.js';
import { columnOf } from './fillers.js';
import { answerOf, tracesIn, twinOf, withoutSent } from './traces.js';

describe('the walk through the schema', () => {
  const schema = buildSchema(`
    type Query { things(widgetId: ID, name: String): Things  gadget(input: GadgetInput): String }
    type Things { parts(first: Int, after: String, widget: ID!): String }
    input GadgetInput { inner: [InnerInput!] }
    input InnerInput { widgetId: ID }
  `);
  const sites = sitesOf(schema);

  test('finds every place, also inside of inputs, lists and fields below the root', () => {
    expect(sites.map(({ name }) => name)).toEqual(['Query.things', 'Query.gadget', 'Query.things.parts']);
    expect(sites.flatMap(({ positions }) => positions.map(({ key, kind }) => `${key} ${kind}`))).toEqual([
      'Query.things.widgetId id',
      'Query.things.name text',
      'InnerInput.widgetId id',
      'Things.parts.after cursor',
      'Things.parts.widget id',
    ]);
    expect(idPlaces(schema).sort()).toEqual(['InnerInput.widgetId', 'Query.things.widgetId', 'Things.parts.widget']);
  });

  test('stops at a place that nobody has said anything about', () => {
    for (const position of sites.flatMap(({ positions }) => positions).filter(({ kind }) => kind === 'id'))
      expect(() => columnOf(position)).toThrow(`${position.key} is new: say in test/tenancy/fillers.ts`);
    expect(() => columnOf({ key: 'Query.things.wish', name: 'wish', kind: 'text' })).toThrow(
      'or that it names nothing',
    );
  });
});

describe('the look for traces', () => {
  const id = '019ca945-0a2e-75fb-9981-8e9af4932c33';
  const other = '019ca945-0a27-732a-846c-53708d80de3b';
  const cursorOf = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const secret = new Set([id]);

  test('finds an id, a marked text, and both inside of a cursor', () => {
    expect(tracesIn(`{"id":"${id}"}`, 'zqbeta', secret)).toEqual([id]);
    expect(tracesIn('{"message":"suspended by zqbeta-boss"}', 'zqbeta', secret)).toEqual(['zqbeta']);
    expect(tracesIn(`{"endCursor":"${cursorOf('deal:id', id)}"}`, 'zqbeta', secret)).toEqual([id]);
    expect(tracesIn(`{"endCursor":"${cursorOf('account:name,id', 'Zq zqbeta', other)}"}`, 'zqbeta', secret)).toEqual([
      'zqbeta',
    ]);
    expect(tracesIn(`{"id":"${other}","name":"alpha"}`, 'zqbeta', secret)).toEqual([]);
  });

  test('takes no repetition of what was sent for a trace', () => {
    expect(tracesIn(withoutSent(`There is no deal with id "${id}".`, id), 'zqbeta', secret)).toEqual([]);
    const cursor = cursorOf('account:name,id', 'a long name of zqbeta', id);
    expect(tracesIn(withoutSent(`got "${cursor.slice(0, 40)}".`, cursor), 'zqbeta', secret)).toEqual([]);
  });

  test('compares answers by all but what was sent and what was drawn', () => {
    const answer = (code: string, sent: string, made: string) =>
      answerOf(
        { data: { made, secret: made.slice(1) }, errors: [{ message: `no ${sent}`, extensions: { code } }] },
        sent,
      );
    expect(answer('NOT_FOUND', id, other)).toBe(answer('NOT_FOUND', twinOf(id), twinOf(other)));
    expect(answer('NOT_FOUND', id, other)).not.toBe(answer('FORBIDDEN', twinOf(id), other));
  });

  test('makes twins of the same form that are never the same', () => {
    const cursor = cursorOf('deal:id', id);
    expect(twinOf(id)).toMatch(/^019ca945-0a2e-75fb-9981-8e9af4932[\da-f]{3}$/);
    expect(new Set(Array.from({ length: 50 }, () => twinOf(id))).add(id).size).toBe(51);
    expect(JSON.parse(Buffer.from(twinOf(cursor), 'base64url').toString())).toEqual([
      'deal:id',
      expect.not.stringMatching(id),
    ]);
    expect(twinOf('zqbeta-account-1')).toMatch(/^zqbeta-account?/);
  });
});
