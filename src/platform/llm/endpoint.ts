import { setTimeout as pause } from 'node:timers/promises';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, jsonSchema, NoObjectGeneratedError, NoOutputGeneratedError, Output } from 'ai';
import type { JsonObject } from '../../kernel/json.js';
import { AnswerTooLong, boundedFetch } from './bounded-fetch.js';

/** How to reach a model. */
export interface EndpointOptions {
  /** The base address, up to and without `/chat/completions`. */
  readonly url: string;
  /** The model's name there. */
  readonly name: string;
  /** Sent as a bearer token; undefined: none. */
  readonly key: string | undefined;
  /** For one question, repetitions and pauses between them included, in milliseconds. */
  readonly timeoutMs: number;
  /** Pause before the first repetition, doubled before the second, in milliseconds. Left out: a quarter of a second. */
  readonly firstDelayMs?: number;
}

export interface EndpointRequest {
  /** What is to be done; never holds anything that others wrote. */
  readonly system: string;
  /** What it is to be done with, as JSON. */
  readonly user: string;
  /** The form of the answer, as a JSON schema. */
  readonly form: { readonly name: string; readonly schema: JsonObject };
  readonly maxOutputTokens: number;
  /** Ends the question, and `ask` then throws its reason. */
  readonly signal: AbortSignal;
}

/** Tokens as the endpoint counted them. */
export interface UsedTokens {
  readonly in: number;
  readonly out: number;
}

/**
 * What came of a question. `used`: what the endpoint says that it cost; `none`: surely nothing; `unknown`: it may have
 * cost something, and nobody said how much.
 */
export type EndpointReply =
  | { readonly outcome: 'answered'; readonly answer: unknown; readonly used: UsedTokens | 'unknown' }
  | {
      /** Nonsense: it answered, but not with JSON. Refused: it answered with an error. */
      readonly outcome: 'nonsense' | 'refused' | 'unreachable' | 'timed_out';
      readonly reason: string;
      readonly used: UsedTokens | 'unknown' | 'none';
    };

export interface Endpoint {
  /** Never throws but for the signal's reason. */
  ask(request: EndpointRequest): Promise<EndpointReply>;
}

const REPETITIONS = 2;
const FIRST_DELAY_MS = 250;
/** Where the connection was never made, nothing was read and nothing can have been charged. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Asks a model behind any address that speaks OpenAI's chat completions. Opens no connection before it is asked. */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { url, name, key, timeoutMs, firstDelayMs = FIRST_DELAY_MS } = options;
  const provider = createOpenAICompatible({
    name: 'model',
    baseURL: url,
    ...(key !== undefined && { apiKey: key }),
    fetch: boundedFetch,
    supportsStructuredOutputs: true,
  });
  const model = provider.chatModel(name);
  // The library would write its remarks to the terminal, between the lines of the log.
  globalThis.AI_SDK_LOG_WARNINGS = false;

  const once = async ({ system, user, form, maxOutputTokens }: EndpointRequest, signal: AbortSignal) => {
    const result = await generateText({
      model,
      system,
      messages: [{ role: 'user', content: user }],
      output: Output.object({ schema: jsonSchema<unknown>(() => form.schema), name: form.name }),
      maxOutputTokens,
      temperature: 0,
      // Repeated here, so that pauses count into the time, and end with it.
      maxRetries: 0,
      abortSignal: signal,
    });
    const used = tokensOf(result.usage);
    try {
      return { outcome: 'answered', answer: result.output, used: used ?? 'unknown' } as const;
    } catch (error) {
      if (!NoOutputGeneratedError.isInstance(error)) throw error;
      const reason = `the answer was cut off (${result.finishReason})`;
      return { outcome: 'nonsense', reason, used: used ?? 'unknown' } as const;
    }
  };

  return {
    async ask(request) {
      const late = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([request.signal, late]);
      for (let repetition = 0; ; repetition += 1) {
        try {
          return await once(request, signal);
        } catch (error) {
          request.signal.throwIfAborted();
          if (late.aborted) return timedOut(timeoutMs);
          const { reply, isPassing, afterMs } = judge(error);
          const delayMs = Math.max(firstDelayMs * 2 ** repetition, afterMs);
          if (!isPassing || repetition === REPETITIONS || delayMs >= timeoutMs) return reply;
          await pause(delayMs, undefined, { signal }).catch(() => {});
          request.signal.throwIfAborted();
          if (late.aborted) return reply;
        }
      }
    },
  };
}

const timedOut = (timeoutMs: number): EndpointReply => ({
  outcome: 'timed_out',
  reason: `no answer within ${timeoutMs / 1_000} s`,
  used: 'unknown',
});

/** What a failure means, whether asking again may help, and after how long at the earliest. */
function judge(error: unknown): { reply: EndpointReply; isPassing: boolean; afterMs: number } {
  if (NoObjectGeneratedError.isInstance(error)) {
    const used = error.usage && tokensOf(error.usage);
    return final({ outcome: 'nonsense', reason: 'the answer was not JSON', used: used ?? 'unknown' });
  }
  if (error instanceof AnswerTooLong) return final({ outcome: 'nonsense', reason: error.message, used: 'unknown' });
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    const { statusCode, responseHeaders } = error;
    if (statusCode < 300) return final({ outcome: 'nonsense', reason: 'not a chat completion', used: 'unknown' });
    const isPassing = statusCode === 429 || statusCode >= 500;
    const seconds = Number(responseHeaders?.['retry-after']);
    const afterMs = Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 0;
    const reply = { outcome: 'refused', reason: `answered ${statusCode}`, used: 'none' } as const;
    return { reply, isPassing, afterMs };
  }
  const code = codeOf(error);
  const used = NEVER_CONNECTED.includes(code) ? 'none' : 'unknown';
  return {
    reply: { outcome: 'unreachable', reason: code || messageOf(error), used },
    isPassing: true,
    afterMs: 0,
  };
}

const final = (reply: EndpointReply) => ({ reply, isPassing: false, afterMs: 0 });

/** The code of the innermost cause that has one, such as ECONNREFUSED. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = codeOf(error instanceof AggregateError ? error.errors[0] : error.cause);
  return inner || ('code' in error && typeof error.code === 'string' ? error.code : '');
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Undefined where the endpoint does not say, which the library gives as 0, or says what cannot be. */
function tokensOf(usage: {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}): UsedTokens | undefined {
  const { inputTokens, outputTokens } = usage;
  const isCount = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  return isCount(inputTokens) && isCount(outputTokens) && inputTokens > 0
    ? { in: inputTokens, out: outputTokens }
    : undefined;
}
