import { buildSchema, type GraphQLSchema, isScalarType } from 'graphql';
import type { Fixture } from './fixture.js';

/** The same API as a plain schema, the way each peer likes it best: no resolver but the one of the list. */
export function plainSchema({ sdl, data }: Fixture): GraphQLSchema {
  const schema = buildSchema(sdl);
  const dateTime = schema.getType('DateTime');
  if (!isScalarType(dateTime)) throw new Error('the API has no DateTime');
  dateTime.serialize = (value) => (value as Date).toISOString();
  const { edges, pageInfo } = data.approvals;
  const approvals = {
    pageInfo,
    edges: edges.map(({ node }) => ({
      node: { ...node, requestedAt: new Date(node.requestedAt), expiresAt: new Date(node.expiresAt) },
    })),
  };
  const field = schema.getQueryType()?.getFields().approvals;
  if (!field) throw new Error('the API has no approvals');
  field.resolve = async () => approvals;
  return schema;
}
