import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../src/config.js';

/** What reached the endpoint. */
export interface AskedOfModel {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly system: string;
  /** The user message, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at questions of many shapes
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at questions of many shapes
  readonly body: any;
  /** The form that is asked for. */
  readonly form: string;
}

/** How to answer one question. Not answering keeps the caller waiting. */
export type Answering = (asked: AskedOfModel, response: ServerResponse) => void | Promise<void>;

export interface ModelServer {
  readonly url: string;
  /** All questions, in the order in which they came. */
  readonly asked: AskedOfModel[];
  /** Used for questions for which nothing else is queued. */
  answering: Answering;
  /** For the next questions, one each. */
  readonly queue: Answering[];
  close(): Promise<void>;
}

export const USED = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** An answer as OpenAI's endpoint gives it. */
export const completion = (content: string, usage: object | undefined = USED) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'a-model',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  ...(usage && { usage }),
});

export const send = (response: ServerResponse, status: number, text: string, type = 'application/json'): void => {
  response.writeHead(status, { 'content-type': type }).end(text);
};

/** Answers with this object, as it stands or made from the question. */
export const saying =
  (answer: object | ((asked: AskedOfModel) => object), usage?: object): Answering =>
  (asked, response) =>
    send(
      response,
      200,
      JSON.stringify(completion(JSON.stringify(typeof answer === 'function' ? answer(asked) : answer), usage)),
    );

/** Answers with this text in place of an object. */
export const babbling =
  (content: string): Answering =>
  (_asked, response) =>
    send(response, 200, JSON.stringify(completion(content)));

export const failing =
  (status: number): Answering =>
  (_asked, response) =>
    send(response, status, JSON.stringify({ error: { message: 'no' } }));

export const hangingUp: Answering = (_asked, response) => {
  response.socket?.destroy();
};

/** Keeps the caller waiting for ever. */
export const silent: Answering = () => {};

/** The settings of a server that asks this model. */
export const modelAt = ({ url }: Pick<ModelServer, 'url'>, timeoutSeconds = 20): NonNullable<Config['model']> => ({
  url: new URL(url),
  name: 'a-model',
  key: undefined,
  timeoutSeconds,
  tokensPerDay: 10_000_000,
  prices: { in: 0, out: 0 },
});

/** A server on this machine that speaks chat completions; what it says is up to the test. */
export async function startModelServer(answering: Answering = saying({})): Promise<ModelServer> {
  const read = async (request: IncomingMessage): Promise<AskedOfModel> => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    const contentOf = (role: string) =>
      body.messages.find((message: { role: string }) => message.role === role).content;
    return {
      path: request.url ?? '',
      authorization: request.headers.authorization,
      system: contentOf('system'),
      data: JSON.parse(contentOf('user')),
      body,
      form: body.response_format.json_schema.name,
    };
  };
  const http = createServer(async (request, response) => {
    const asked = await read(request);
    on.asked.push(asked);
    await (on.queue.shift() ?? on.answering)(asked, response);
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const on: ModelServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    asked: [],
    answering,
    queue: [],
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
  return on;
}
