import fc from 'fast-check';
import { type ConnectionArguments, connectionFromArray, offsetToCursor } from 'graphql-relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './support/server.js';

/** One page, with cursors translated to places in the whole list. */
interface PlacedPage {
  readonly ids: readonly string[];
  readonly more: boolean;
}

describe('connections agree with graphql-relay', () => {
  let server: TestServer;
  let admin: string;
  /** The whole list, and the cursor of each place in it. */
  let ids: string[] = [];
  let cursors: string[] = [];
  const SIZE = 23;

  beforeAll(async () => {
    server = await startTestServer();
    admin = await server.token('admin');
    for (let index = 0; index < SIZE; index += 1) {
      const input = { actionType: 'send_proposal', payload: { index }, idempotencyKey: `k${index}` };
      await server.data(admin, 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { replayed } }', {
        input,
      });
    }
  });
  afterAll(() => server.close());

  describe.each(['actions', 'approvals'])('%s', (field) => {
    beforeAll(async () => {
      const all = (await server.data(admin, `{ ${field}(first: 100) { totalCount edges { cursor node { id } } } }`))[
        field
      ];
      expect(all.totalCount).toBe(SIZE);
      ids = all.edges.map((edge: { node: { id: string } }) => edge.node.id);
      cursors = all.edges.map((edge: { cursor: string }) => edge.cursor);
      expect(new Set(ids).size).toBe(SIZE);
    });

    const place = fc.option(fc.nat(SIZE - 1), { nil: undefined });
    const direction = fc.oneof(
      fc.record({ first: fc.integer({ min: 1, max: 30 }), after: place, before: place }),
      fc.record({ last: fc.integer({ min: 1, max: 30 }), after: place, before: place }),
    );

    test('for any window', async () => {
      await fc.assert(
        fc.asyncProperty(direction, async ({ after, before, ...size }) => {
          expect(await ours(size, after, before)).toEqual(oracle(size, after, before));
        }),
        { numRuns: 100 },
      );
    });

    async function ours(size: ConnectionArguments, after?: number, before?: number): Promise<PlacedPage> {
      const variables = {
        ...size,
        after: after === undefined ? undefined : cursors[after],
        before: before === undefined ? undefined : cursors[before],
      };
      const document = `query ($first: Int, $last: Int, $after: String, $before: String) {
        page: ${field}(first: $first, last: $last, after: $after, before: $before) {
          edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
      const { page } = await server.data(admin, document, variables);
      expect([page.pageInfo.startCursor, page.pageInfo.endCursor]).toEqual([
        page.edges[0]?.cursor ?? null,
        page.edges.at(-1)?.cursor ?? null,
      ]);
      for (const edge of page.edges) expect(edge.cursor).toBe(cursors[ids.indexOf(edge.node.id)]);
      return {
        ids: page.edges.map((edge: { node: { id: string } }) => edge.node.id),
        more: size.first ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage,
      };
    }

    function oracle(size: ConnectionArguments, after?: number, before?: number): PlacedPage {
      const window = {
        ...size,
        after: after === undefined ? null : offsetToCursor(after),
        before: before === undefined ? null : offsetToCursor(before),
      };
      const { edges, pageInfo } = connectionFromArray(ids, window);
      // Only the flag of the paging direction: of the other one the specification asks nothing.
      return {
        ids: edges.map((edge) => edge.node),
        more: size.first ? pageInfo.hasNextPage : pageInfo.hasPreviousPage,
      };
    }
  });
});
