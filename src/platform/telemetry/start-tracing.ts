import { NO_TRACING, type Tracing } from './tracing.js';

/**
 * Traces by OpenTelemetry, which is loaded only now: servers without it do not even read its files.
 *
 * @param url where traces go, by OTLP over HTTP as JSON; undefined: nowhere
 */
export async function startTracing(url: string | undefined): Promise<Tracing> {
  if (url === undefined) return NO_TRACING;
  const { traceByOpenTelemetry } = await import('./open-telemetry.js');
  return traceByOpenTelemetry(url);
}
