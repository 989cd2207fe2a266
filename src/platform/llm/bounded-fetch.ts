/** Most that is read of an answer: far more than any answer that was asked for. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** An endpoint that does not stop answering would fill the memory. */
export class AnswerTooLong extends Error {
  constructor() {
    super(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
  }
}

/**
 * `fetch` that reads an answer whole, up to a limit, and follows no redirect: the key and what customers wrote go to
 * the address that the operator named, and nowhere else.
 *
 * @throws AnswerTooLong
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new AnswerTooLong();
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const isBodiless = status === 204 || status === 205 || status === 304;
  return new Response(isBodiless ? null : Buffer.concat(chunks), { status, statusText, headers });
};
