import { setTimeout as wait } from 'node:timers/promises';
import {
  context,
  type Span as OpenTelemetrySpan,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { type Span, type Tracing, UNSEEN } from './tracing.js';

const NAME = 'countersign';
/** How long the last traces may take to be sent at the end, in milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Traces of this process. It is the process's: libraries that speak OpenTelemetry join in. What is not set here comes
 * from the standard settings (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, OTEL_BSP_*,
 * OTEL_EXPORTER_OTLP_HEADERS, …), which the packages read by themselves.
 */
export function traceByOpenTelemetry(url: string): Tracing {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': NAME }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  const tracer = trace.getTracer(NAME);

  return {
    root(name, { headers, attributes }, work) {
      const parent = headers ? propagation.extract(ROOT_CONTEXT, headers) : ROOT_CONTEXT;
      const kind = headers ? SpanKind.SERVER : SpanKind.INTERNAL;
      const options = { kind, ...(attributes && { attributes }) };
      return tracer.startActiveSpan(name, options, parent, (span) => finish(span, () => work(spanOf(span))));
    },
    within(name, attributes, work) {
      if (!trace.getActiveSpan()) return work(UNSEEN);
      const kind = 'db.system.name' in attributes ? SpanKind.CLIENT : SpanKind.INTERNAL;
      return tracer.startActiveSpan(name, { kind, attributes }, (span) => finish(span, () => work(spanOf(span))));
    },
    async stop() {
      trace.disable();
      context.disable();
      propagation.disable();
      // A collector that does not answer must not keep the server from ending.
      const sent = provider.shutdown().catch(() => {});
      await Promise.race([sent, wait(PATIENCE_MS)]);
    },
  };
}

const spanOf = (span: OpenTelemetrySpan): Span => ({
  describe: (attributes) => void span.setAttributes(attributes),
  rename: (name) => void span.updateName(name),
  fail(code) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    span.setAttribute('error.type', code);
  },
});

/** Ends the span with the work. Of an error only its kind is kept: messages quote what callers wrote. */
async function finish<Result>(span: OpenTelemetrySpan, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    spanOf(span).fail(error instanceof Error ? error.name : typeof error);
    throw error;
  } finally {
    span.end();
  }
}
