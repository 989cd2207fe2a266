import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTracing } from '../../src/platform/telemetry/start-tracing.js';
import { NO_TRACING } from '../../src/platform/telemetry/tracing.js';
import { ask } from '../instances/agent.js';
import { createPostgresDatabase, DATABASES } from '../support/database.js';
import { type CompiledServer, compileServer } from '../support/process.js';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

/** Takes traces as a collector does: OTLP over HTTP, as JSON. */
async function startReceiver() {
  const spans: ReceivedSpan[] = [];
  const services = new Set<unknown>();
  const bodies: string[] = [];
  const paths = new Set<string | undefined>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      paths.add(`${request.method} ${request.url} ${request.headers['content-type']}`);
      bodies.push(body);
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        for (const { key, value } of resource.attributes) if (key === 'service.name') services.add(value.stringValue);
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    spans,
    services,
    paths,
    text: () => bodies.join('\n'),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const MARK = 'zebra-payload-4711';
const PROPOSE = `mutation Offer($key: String!) { proposeAction(input: {
  actionType: "send_proposal", payload: { text: "${MARK}" }, idempotencyKey: $key }) { action { id } } }`;

describe.each(DATABASES)('traces on %s', (kind) => {
  let compiled: CompiledServer;
  beforeAll(() => {
    compiled = compileServer();
  }, 120_000);
  afterAll(() => compiled.remove());

  test('tell of request, operation, database and background rounds, within the trace that came in, and of no payload', {
    timeout: 60_000,
  }, async () => {
    const receiver = await startReceiver();
    const server = compiled.start({
      COUNTERSIGN_JWT_SECRET: 'long enough to be a secret of a server',
      COUNTERSIGN_DATA_DIR: join(compiled.folder, `traced-${kind}`),
      ...(kind === 'postgres' && { DATABASE_URL: await createPostgresDatabase() }),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    const url = await server.ready;
    const token = await server.token('agent');
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
        'x-request-id': 'traced-1',
      },
      body: JSON.stringify({ query: PROPOSE, variables: { key: MARK } }),
    });
    expect(response.status).toBe(200);
    await ask({ url, token }, `mutation { approveAction(input: { approvalId: "${MARK}", digest: "${MARK}" }) { id } }`);

    const ours = () => receiver.spans.filter((span) => span.traceId === traceId);
    await expect.poll(() => ours().map(({ name }) => name)).toContain('POST /graphql');
    const request = ours().find(({ name }) => name === 'POST /graphql');
    const operation = ours().find(({ name }) => name === 'mutation Offer');
    expect(request).toMatchObject({
      parentSpanId: '00f067aa0ba902b7',
      kind: 2,
      attributes: expect.arrayContaining([
        { key: 'http.response.status_code', value: { intValue: 200 } },
        { key: 'countersign.request_id', value: { stringValue: 'traced-1' } },
      ]),
    });
    expect(operation?.parentSpanId).toBe(request?.spanId);
    const database = ours().filter(({ name }) => name === 'database transaction');
    expect(database.length).toBeGreaterThan(0);
    for (const span of database) expect(span).toMatchObject({ kind: 3, parentSpanId: operation?.spanId });
    await expect.poll(() => receiver.spans.find(({ name }) => name === 'round seal_log')).toBeDefined();
    await expect
      .poll(() => receiver.spans.find(({ name, status }) => name === 'mutation' && status.code === 2))
      .toMatchObject({ status: { message: 'FORBIDDEN' } });

    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    await receiver.close();
    expect([...receiver.paths]).toEqual(['POST /v1/traces application/json']);
    expect([...receiver.services]).toEqual(['countersign']);
    expect(receiver.text()).not.toContain(MARK);
    expect(receiver.text()).not.toContain(token);
  });

  test('that nobody receives harm nothing, and hold up the end no longer than its time', {
    timeout: 60_000,
  }, async () => {
    const server = compiled.start({
      COUNTERSIGN_JWT_SECRET: 'long enough to be a secret of a server',
      COUNTERSIGN_DATA_DIR: join(compiled.folder, `untraced-${kind}`),
      ...(kind === 'postgres' && { DATABASE_URL: await createPostgresDatabase() }),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    });
    const url = await server.ready;
    const answer = await ask({ url, token: await server.token('agent') }, PROPOSE, { key: 'x' });
    expect(answer.data.proposeAction.action.id).toBeTruthy();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});

test('without the setting, nothing of OpenTelemetry is loaded', async () => {
  expect(await startTracing(undefined)).toBe(NO_TRACING);
});
