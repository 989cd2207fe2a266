/** Request headers as the headers editor holds them; a value may be any JSON. */
export type Headers = Readonly<Record<string, unknown>>;

const AUTHORIZATION = 'authorization';

/** The value of the `authorization` header, whatever its spelling, or undefined. */
export function authorizationOf(headers: Headers | undefined): string | undefined {
  const entry = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === AUTHORIZATION);
  return entry === undefined ? undefined : String(entry[1]);
}

/** The token of a `Bearer` authorization in the headers editor's text, or undefined when there is none. */
export function tokenIn(editorText: string): string | undefined {
  return authorizationOf(parse(editorText))?.match(/^Bearer\s+(\S+)$/i)?.[1];
}

/** The headers editor's text with its authorization replaced and every other header kept. */
export function withToken(editorText: string, token: string): string {
  const others = Object.entries(parse(editorText) ?? {}).filter(([name]) => name.toLowerCase() !== AUTHORIZATION);
  return JSON.stringify({ [AUTHORIZATION]: `Bearer ${token}`, ...Object.fromEntries(others) }, null, 2);
}

/** While somebody is typing the text is often not JSON; that is no error here, there is just nothing to read yet. */
function parse(editorText: string): Headers | undefined {
  try {
    const value: unknown = JSON.parse(editorText);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
