import { type ApolloServer, type BaseContext, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';

export interface Sent {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** Headers of a request with a JSON body, and more. */
export const headersOf = (more: Readonly<Record<string, string>> = {}): HeaderMap =>
  new HeaderMap(Object.entries({ 'content-type': 'application/json', ...more }));

/** What a server answers by HTTP: status, headers, and the answer itself. */
export async function send<Context extends BaseContext>(
  apollo: ApolloServer<Context>,
  body: Sent,
  by: Context,
  request: Partial<HTTPGraphQLRequest> = {},
) {
  const {
    status,
    headers,
    body: answer,
  } = await apollo.executeHTTPGraphQLRequest({
    context: async () => by,
    httpGraphQLRequest: { method: 'POST', headers: headersOf(), search: '', body, ...request },
  });
  if (answer.kind !== 'complete') throw new Error('expected one answer');
  return { status: status ?? 200, headers: Object.fromEntries(headers), ...JSON.parse(answer.string) };
}
