import type { Span } from './own-words.js';

/**
 * How a phrase stands in its sentence: said; denied ("no budget freeze", "the freeze was lifted"); or left open, because
 * it is a condition, a question, or past.
 */
export type Standing = 'said' | 'denied' | 'open';

/** Sound like a denial and are none, or the other way round; looked away from, length kept. */
const IDIOMS =
  /\b(?:not (?:only|just|least|to mention)|no (?:later than|doubt|question|wonder|matter|sooner)|can(?:no|['’])t wait|cannot wait|nothing but|not without|no less)\b/gi;

const NEGATORS =
  /\b(?:no|not|never|none|neither|nor|nobody|nothing|without|cannot|hardly|unlikely|lacks?|lacking|lacked|denie[sd]|deny|den(?:ying|ial)|ruled? out|ruling out|far from|free of|instead of|rather than|avoid(?:s|ed|ing)?|no longer|unaware of|untouched by|unaffected by|yet to|fail(?:s|ed)? to|(?:stop(?:s|ped)?|quit) (?=\w+ing)|cease[sd]?)\b|n['’]t\b/gi;

/** What takes a bad thing away again. */
const LIFTERS =
  /\b(?:lift(?:s|ed|ing)?|ended|ending|end to|end of|rescind(?:s|ed|ing)?|revers(?:es|ed|ing)|revok(?:es|ed|ing)|overc[ao]me|surviv(?:es|ed)|unlike|rumou?rs? (?:of|about)|came out of|coming out of|withdr(?:ew|awn)|through with|since)\s+(?:\w+\s+){0,2}$/i;

/** Behind the phrase: it is said not to be so. */
const DENIED_AFTER =
  /^[^.!?;]{0,25}?\b(?:(?:is|are|was|were|has|have|had|does|do|did|will|would|could)(?:n['’]t|\s+not|\s+never)|(?:is|are|was|were|has been|have been|got|being)\s+(?:now\s+|finally\s+|since\s+|just\s+|recently\s+)?(?:lifted|over|off the table|denied|untrue|false|wrong|a rumou?r|unfounded|cancel+ed|reversed|resolved|behind (?:us|them)|ruled out|declined|rejected|refused|withdrawn|no issue|not an issue|unlikely))\b/i;

/** Where one statement ends and another begins. */
const CLAUSE_BREAK =
  /[;:]|,?\s\b(?:but|however|although|though|whereas|yet|nevertheless|except|and now|so now)\b|\s[–—-]\s/gi;

const CONDITION =
  /\b(?:if|unless|whether|in case|in the event|should (?:there|the|a|any|they|you|he|she|we)|would (?:be|have|need)|were to|might|hypothetical(?:ly)?|let (?:us|me) know (?:if|whether|who)|what happens when|suppose|imagine|wonder(?:s|ed|ing)?|asked (?:if|whether)|hop(?:e|es|ed|ing) (?:to|for|that)|example of|template|webinar|article|newsletter|blog)\b/i;

/** The phrase is about another time. */
const PAST =
  /\b(?:last (?:year|spring|summer|autumn|fall|winter|decade)|years? ago|back in (?:19|20)\d\d|previously|formerly|in the past|used to|historically|in (?:19|20)[01]\d|former)\b/i;

export interface Phrase {
  readonly sentence: string;
  /** Where in the sentence the phrase is. */
  readonly span: Span;
  /** Whether the phrase itself denies, so that no denial is looked for in front of it. */
  readonly isDenial: boolean;
  /** Whether a question with the phrase in it still says something: "how do you compare with …?" does. */
  readonly isSaidByAsking: boolean;
  /** Whether it is a bad thing, which can be lifted. */
  readonly isBad: boolean;
}

export function standingOf({ sentence, span, isDenial, isSaidByAsking, isBad }: Phrase): Standing {
  const masked = sentence.replace(IDIOMS, (idiom) => ' '.repeat(idiom.length));
  const clause = clauseAround(masked, span);
  const before = masked.slice(clause.start, span.start);
  const after = masked.slice(span.end, clause.end);
  if (PAST.test(before) || PAST.test(after)) return 'open';
  if (CONDITION.test(masked.slice(0, span.start)) && !/\bwhen\b/i.test(before)) return 'open';
  if (/^[^.!?;]{0,12}\b(?:if|unless)\b/i.test(after)) return 'open';
  if (!isSaidByAsking && sentence.trimEnd().endsWith('?')) return 'open';
  if (isBad && LIFTERS.test(before)) return 'denied';
  const isDenied = !isDenial && (before.match(NEGATORS)?.length ?? 0) % 2 === 1;
  const isDeniedAfter = DENIED_AFTER.test(after);
  return isDenied !== isDeniedAfter ? 'denied' : 'said';
}

function clauseAround(sentence: string, { start, end }: Span): Span {
  let from = 0;
  let to = sentence.length;
  for (const mark of sentence.matchAll(CLAUSE_BREAK)) {
    const markEnd = mark.index + mark[0].length;
    if (markEnd <= start) from = markEnd;
    else if (mark.index >= end) {
      to = mark.index;
      break;
    }
  }
  return { start: from, end: to };
}
