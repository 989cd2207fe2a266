import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { z } from 'zod';
import type { Page, PageArgs } from '../../kernel/page.js';
import { parseInput } from './parse.js';

/** Most objects one page may hold. */
export const MAX_PAGE = 100;

@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many, from the start or behind \`after\`: 1 to ${MAX_PAGE}. 20 when neither \`first\` nor \`last\` is given.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Continue behind this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many, from the end or before \`before\`: 1 to ${MAX_PAGE}. Not together with \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Continue, backwards, before this cursor.' })
  before?: string | null;
}

const size = z.number().int().min(1, `expected 1 to ${MAX_PAGE}`).max(MAX_PAGE, `expected 1 to ${MAX_PAGE}`).optional();
const noSize = z.undefined('expected either first or last, not both');
const cursor = z.string().max(1_000, 'expected a cursor that this list gave out').optional();

/** @throws VALIDATION_FAILED naming the paging argument that is out of range */
export function parsePageArgs({ first, after, last, before }: ConnectionArgs): PageArgs {
  const given = {
    first: first ?? undefined,
    after: after ?? undefined,
    last: last ?? undefined,
    before: before ?? undefined,
  };
  return {
    first: parseInput(size, given.first, 'first'),
    after: parseInput(cursor, given.after, 'after'),
    last: parseInput(given.first === undefined ? size : noSize, given.last, 'last'),
    before: parseInput(cursor, given.before, 'before'),
  };
}

@ObjectType({ description: 'Where a page stands in its list, as in the Relay cursor connections specification.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow behind `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether more stand before `startCursor`.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null when the page is empty.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null when the page is empty.' })
  endCursor!: string | null;
}

/** What a connection resolver returns: the page, and how to count the whole list when somebody asks. */
export interface Connection<Node> {
  readonly edges: Page<Node>['edges'];
  readonly pageInfo: PageInfo;
  readonly count: () => Promise<number>;
}

export const toConnection = <Node>(page: Page<Node>, count: () => Promise<number>): Connection<Node> => ({
  edges: page.edges,
  pageInfo: {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: page.edges[0]?.cursor ?? null,
    endCursor: page.edges.at(-1)?.cursor ?? null,
  },
  count,
});

/** Makes the `…Edge` and `…Connection` object types for a node type. */
export function connectionOf<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list, and its place there.` })
  class Edge {
    @Field(() => String, { description: 'Opaque place in the list, for `after` and `before`.' })
    cursor!: string;

    @Field(node, { description: `The ${name}.` })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name} objects.` })
  class NodeConnection implements Connection<Node> {
    @Field(() => [Edge], { description: 'The page, in order.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
    pageInfo!: PageInfo;

    count!: () => Promise<number>;

    @Field(() => Int, { description: 'How many there are in the whole list; counted only when asked for.' })
    totalCount(): Promise<number> {
      return this.count();
    }
  }
  return NodeConnection;
}
