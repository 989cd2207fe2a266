import type { FastifyReply, FastifyRequest } from 'fastify';
import { inScope } from '../telemetry/scope.js';
import type { Tracing } from '../telemetry/tracing.js';
import { scopeOf } from './request-records.js';

/** Answers a GraphQL request within its scope and its trace: one span for the request, one for the operation. */
export function tracedRequest<Result>(
  tracing: Tracing,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: () => Promise<Result>,
): Promise<Result> {
  const { method, headers, id } = request;
  const attributes = { 'http.request.method': method, 'http.route': '/graphql', 'countersign.request_id': id };
  const scope = scopeOf(request);
  const operate = (): Promise<Result> =>
    tracing.within('graphql', {}, async (span) => {
      const result = await answer();
      const { type, operation, outcome } = scope;
      if (type !== undefined) span.rename(operation === undefined ? type : `${type} ${operation}`);
      span.describe({
        ...(type !== undefined && { 'graphql.operation.type': type }),
        ...(operation !== undefined && { 'graphql.operation.name': operation }),
      });
      if (outcome !== undefined && outcome !== 'OK') span.fail(outcome);
      return result;
    });
  return tracing.root(`${method} /graphql`, { headers, attributes }, (span) =>
    inScope(scope, async () => {
      const result = await operate();
      span.describe({ 'http.response.status_code': reply.statusCode });
      if (reply.statusCode >= 500) span.fail(String(reply.statusCode));
      return result;
    }),
  );
}
