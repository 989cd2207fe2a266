/** A stretch of a text, by UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longer texts are read up to here: a pattern that shows only behind it is not worth the time of all others. */
export const READ_LENGTH = 50_000;

/** Longest stretch taken for one sentence; text without full stops is read in pieces of this length. */
const SENTENCE_LENGTH = 500;

/** From such a line on, the text is somebody's earlier message. */
const EARLIER_MESSAGE = [
  /^\s*-{2,}\s*(original message|forwarded (message|by)|ursprüngliche nachricht|message d'origine)\b/i,
  /^\s*begin forwarded message\b/i,
  /^\s*_{8,}\s*$/,
  /^\s*on\b.{4,120}\bwrote:\s*$/i,
  /^\s*am\b.{4,120}\bschrieb\b.{0,80}:\s*$/i,
  /^\s*le\b.{4,120}\ba écrit\s*:\s*$/i,
  /^\s*from:\s.{1,120}(<[^>]*>|@|\bsent:)/i,
];
const QUOTED_LINE = /^\s*(?:>|\|\s)/;
const SIGNATURE = /^--\s*$/;

/**
 * What the writer of a message says in it, sentence by sentence: without quoted lines, without what was forwarded or
 * stands below as an earlier message, without the signature. What a message repeats is not said anew.
 */
export function ownSentences(text: string): Span[] {
  const sentences: Span[] = [];
  const end = Math.min(text.length, READ_LENGTH);
  let lineStart = 0;
  while (lineStart < end) {
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    const line = text.slice(lineStart, lineEnd);
    if (SIGNATURE.test(line) || EARLIER_MESSAGE.some((begins) => begins.test(line))) break;
    if (!QUOTED_LINE.test(line)) sentences.push(...sentencesOf(line, lineStart));
    lineStart = lineEnd + 1;
  }
  return sentences;
}

/** A full stop, not behind a letter alone or an abbreviation, before a space or the end. */
const ENDING = /(?<!\b(?:vs|e\.g|i\.e|mr|mrs|ms|dr|inc|ltd|approx|no|p))[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]/gi;

function sentencesOf(line: string, offset: number): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const ending of line.matchAll(ENDING)) {
    const end = ending.index + ending[0].length;
    spans.push(...pieces(line, { start, end }, offset));
    start = end;
  }
  spans.push(...pieces(line, { start, end: line.length }, offset));
  return spans;
}

/** A sentence without the spaces around it, in pieces where it is too long; none cuts a character in two. */
function pieces(line: string, { start, end }: Span, offset: number): Span[] {
  const found: Span[] = [];
  for (let from = start; from < end; ) {
    let to = Math.min(end, from + SENTENCE_LENGTH);
    const last = line.charCodeAt(to - 1);
    if (to < end && last >= 0xd800 && last <= 0xdbff) to -= 1;
    const piece = line.slice(from, to);
    const trimmed = piece.trim();
    if (trimmed !== '') {
      const leading = piece.length - piece.trimStart().length;
      found.push({ start: offset + from + leading, end: offset + from + leading + trimmed.length });
    }
    from = to;
  }
  return found;
}
