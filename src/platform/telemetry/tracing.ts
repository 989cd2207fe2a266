/** What may be said of a piece of work in a trace. Never payloads, never what callers wrote. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work while it is under way. */
export interface Span {
  describe(attributes: Attributes): void;
  /** Under another name than it began with, once that is known. */
  rename(name: string): void;
  /** It did not go well. @param code a word of ours, never a message */
  fail(code: string): void;
}

export interface SpanOptions {
  /** Headers of the request that it answers, which may name the trace that it belongs to. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly attributes?: Attributes;
}

/** Traces of what this process does. */
export interface Tracing {
  /** Work for somebody outside, or begun by a timer: the root of what this process adds to a trace. */
  root<Result>(name: string, options: SpanOptions, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** Work within other work; not traced where nothing around it is. */
  within<Result>(name: string, attributes: Attributes, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** Sends what is still to be sent. */
  stop(): Promise<void>;
}

/** For work that nobody traces. */
export const UNSEEN: Span = { describe() {}, rename() {}, fail() {} };

/** Traces nothing and costs nothing. */
export const NO_TRACING: Tracing = {
  root: (_name, _options, work) => work(UNSEEN),
  within: (_name, _attributes, work) => work(UNSEEN),
  async stop() {},
};
