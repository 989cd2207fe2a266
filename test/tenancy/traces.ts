import type { Reply } from '../support/server.js';

let twins = 0;

/** A value of the same form that names nothing, another one each time: its last signs are replaced. */
export function twinOf(value: string): string {
  const parts = partsOf(value);
  if (parts) {
    const last = String(parts.at(-1));
    return Buffer.from(JSON.stringify([...parts.slice(0, -1), twinOf(last)])).toString('base64url');
  }
  twins = (twins + 1) % 0x1000;
  const twin = `${value.slice(0, -3)}${twins.toString(16).padStart(3, '0')}`;
  return twin === value ? twinOf(value) : twin;
}

/** What is inside a cursor; undefined for what is none. */
function partsOf(text: string): unknown[] | undefined {
  if (!/^[\w-]{8,}$/.test(text)) return undefined;
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

/** How much of a cursor error messages repeat. */
const REPEATED = 40;

/** An answer in which what was sent looks the same whatever it was, and so does what the server drew at random. */
export function answerOf(reply: Pick<Reply, 'data' | 'errors'> & { readonly status?: number }, sent: string): string {
  const text = withoutSent(JSON.stringify(reply), sent);
  const numbers = new Map<string, number>();
  return text
    .replace(/"(secret|publicId)":"[^"]+"/g, '"$1":"drawn"')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      return `id ${numbers.get(id)}`;
    })
    .replace(/(?<=")[\w-]{8,}(?=")/g, (word) => (partsOf(word) ? 'a cursor' : word));
}

export const withoutSent = (text: string, sent: string): string =>
  text.replaceAll(sent, '(sent)').replaceAll(sent.slice(0, Math.max(REPEATED, 8)), '(sent)');

/**
 * What in a text belongs to somebody, cursors opened. `belongings` are whole words, `mark` is looked for anywhere.
 */
export function tracesIn(text: string, mark: string, belongings: ReadonlySet<string>): string[] {
  const words = text.match(/[\w-]{8,}/g) ?? [];
  const found = words.filter((word) => belongings.has(word));
  const inside = words.flatMap(
    (word) => partsOf(word)?.flatMap((part) => tracesIn(String(part), mark, belongings)) ?? [],
  );
  return [...new Set([...found, ...inside, ...(text.includes(mark) ? [mark] : [])])];
}
