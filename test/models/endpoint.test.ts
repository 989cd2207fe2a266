import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEndpoint, type EndpointOptions } from '../../src/platform/llm/endpoint.js';
import { freePort } from '../support/free-port.js';
import {
  type Answering,
  babbling,
  completion,
  failing,
  hangingUp,
  type ModelServer,
  saying,
  send,
  silent,
  startModelServer,
} from './model-server.js';

const FORM = { name: 'colour', schema: { type: 'object', properties: { colour: { type: 'string' } } } };
const REQUEST = { system: 'Name a colour.', user: '{"of":"the sky"}', form: FORM, maxOutputTokens: 50 };
const USED = { in: 100, out: 20 };

describe('a model’s endpoint', () => {
  let server: ModelServer;
  beforeAll(async () => {
    server = await startModelServer();
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.queue.length = 0;
    server.answering = saying({ colour: 'blue' });
  });
  afterAll(() => server.close());

  const ask = (given: Partial<EndpointOptions> = {}, signal = new AbortController().signal) =>
    createEndpoint({
      url: server.url,
      name: 'a-model',
      key: 'the-key',
      timeoutMs: 20_000,
      firstDelayMs: 1,
      ...given,
    }).ask({ ...REQUEST, signal });

  test('is asked by chat completions, in the demanded form, with the key', async () => {
    expect(await ask()).toEqual({ outcome: 'answered', answer: { colour: 'blue' }, used: USED });
    expect(server.asked).toMatchObject([
      {
        path: '/v1/chat/completions',
        authorization: 'Bearer the-key',
        system: 'Name a colour.',
        data: { of: 'the sky' },
        body: {
          model: 'a-model',
          max_tokens: 50,
          messages: [{ role: 'system' }, { role: 'user' }],
          response_format: { type: 'json_schema', json_schema: { name: 'colour', schema: FORM.schema } },
        },
      },
    ]);
    await ask({ key: undefined });
    expect(server.asked[1]?.authorization).toBeUndefined();
  });

  test('may say nothing about tokens, or nonsense', async () => {
    const withUsage =
      (usage: object | undefined): Answering =>
      (_asked, response) =>
        send(response, 200, JSON.stringify(completion('{}', usage)));
    server.queue.push((_asked, response) =>
      send(response, 200, JSON.stringify({ ...completion('{}'), usage: undefined })),
    );
    server.queue.push(withUsage({ prompt_tokens: -5, completion_tokens: 1 }));
    expect(await ask()).toMatchObject({ outcome: 'answered', used: 'unknown' });
    expect(await ask()).toMatchObject({ outcome: 'answered', used: 'unknown' });
  });

  const NONSENSE: Readonly<Record<string, Answering>> = {
    'words in place of JSON': babbling('I would rather talk about the weather.'),
    'half an object': babbling('{ "colour": "bl'),
    nothing: babbling(''),
    'an answer cut off': (_asked, response) => {
      const cut = completion('{ "colour": "bl');
      const choices = [{ ...cut.choices[0], finish_reason: 'length' }];
      send(response, 200, JSON.stringify({ ...cut, choices }));
    },
    'a page of HTML': (_asked, response) => send(response, 200, '<html><body>Sign in</body></html>', 'text/html'),
    'an empty body': (_asked, response) => send(response, 200, ''),
    'another object': (_asked, response) => send(response, 200, '{"choices":"none"}'),
    'a body without end': (_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const block = Buffer.alloc(64 * 1024, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(block)) {
          // Fills the socket, then waits until it has drained.
        }
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  };
  test.each(Object.entries(NONSENSE))(
    'that answers %s gives nonsense, and is not asked again',
    async (_name, answer) => {
      server.answering = answer;
      expect(await ask()).toMatchObject({ outcome: 'nonsense' });
      expect(server.asked).toHaveLength(1);
    },
  );

  test.each([429, 500, 503])('that answers %d twice is asked a third time', async (status) => {
    server.queue.push(failing(status), failing(status));
    expect(await ask()).toMatchObject({ outcome: 'answered' });
    expect(server.asked).toHaveLength(3);
    server.answering = failing(status);
    expect(await ask()).toEqual({ outcome: 'refused', reason: `answered ${status}`, used: 'none' });
    expect(server.asked).toHaveLength(6);
  });

  test.each([400, 401, 404])('that answers %d is not asked again', async (status) => {
    server.answering = failing(status);
    expect(await ask()).toEqual({ outcome: 'refused', reason: `answered ${status}`, used: 'none' });
    expect(server.asked).toHaveLength(1);
  });

  test('is not waited for longer than there is time, however late it wants to be asked again', async () => {
    server.answering = (_asked, response) => {
      response.setHeader('retry-after', '3600');
      return failing(429)(_asked, response);
    };
    expect(await ask()).toMatchObject({ outcome: 'refused', reason: 'answered 429' });
    expect(server.asked).toHaveLength(1);
  });

  test('that hangs up is asked again', async () => {
    server.queue.push(hangingUp, hangingUp);
    expect(await ask()).toMatchObject({ outcome: 'answered' });
    server.answering = hangingUp;
    expect(await ask()).toMatchObject({ outcome: 'unreachable', used: 'unknown' });
    expect(server.asked).toHaveLength(6);
  });

  test('that is not there costs nothing', async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1`;
    expect(await ask({ url })).toEqual({ outcome: 'unreachable', reason: 'ECONNREFUSED', used: 'none' });
  });

  test('leads nobody elsewhere: a redirect is a refusal', async () => {
    server.answering = (_asked, response) => {
      response.writeHead(307, { location: `${server.url}/elsewhere` }).end();
    };
    expect(await ask()).toMatchObject({ outcome: 'refused', reason: 'answered 307' });
    expect(server.asked).toHaveLength(1);
  });

  test('that does not answer in time is given up', async () => {
    server.answering = silent;
    expect(await ask({ timeoutMs: 1_000 })).toEqual({
      outcome: 'timed_out',
      reason: 'no answer within 1 s',
      used: 'unknown',
    });
    expect(server.asked).toHaveLength(1);
  });

  test('is given up at once when the server stops, before it answered and between two times', async () => {
    const stop = new AbortController();
    server.answering = () => stop.abort(new Error('the server stops'));
    await expect(ask({}, stop.signal)).rejects.toThrow('the server stops');
    const later = new AbortController();
    server.answering = (asked, response) => {
      void failing(500)(asked, response);
      response.once('finish', () => later.abort(new Error('the server stops')));
    };
    await expect(ask({ firstDelayMs: 10_000 }, later.signal)).rejects.toThrow('the server stops');
    expect(server.asked).toHaveLength(2);
  });
});
