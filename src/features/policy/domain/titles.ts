/**
 * Whether a contact's title has the wanted words in it, one behind the other. Case, accents, full-width and invisible
 * letters make no difference, nor do the dots of an abbreviation: whoever fills in titles must not be able to slip
 * past a gate by how they are spelt.
 */
export const titleNames = (title: string, wanted: string): boolean =>
  readings(title).some((words) => readings(wanted).some((sought) => hasRun(words, sought)));

/** Whether there is a word in it that could be looked for. */
export const hasWords = (text: string): boolean => wordsOf(folded(text)).length > 0;

/** `C.E.O.` is read both as three letters and as one word. */
function readings(text: string): readonly (readonly string[])[] {
  const plain = folded(text);
  return [plain, plain.replaceAll('.', '')].map(wordsOf).filter((words) => words.length > 0);
}

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f\p{Cf}]/gu, '')
    // Upper-case first: only then do ß and ss, ı and i, and the two small sigmas meet.
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ');

const wordsOf = (text: string): readonly string[] => text.split(/[^\p{L}\p{M}\p{N}]/u).filter((word) => word !== '');

const hasRun = (words: readonly string[], sought: readonly string[]): boolean =>
  words.some((_, start) => sought.every((word, offset) => words[start + offset] === word));
