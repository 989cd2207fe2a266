import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP } from './rules-as-agreed.js';

/** A name that somebody could try to pass off for another, and the trick it plays. */
export interface Confusable {
  readonly trick: string;
  readonly text: string;
}

/** Letters that look like an ASCII one, from other scripts and blocks. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аɑαａ𝐚𝑎⍺ａ',
  b: 'Ьｂ𝐛ƅ',
  c: 'сϲⅽｃ𝐜',
  d: 'ԁⅾｄ𝐝',
  e: 'еҽ℮ｅ𝐞',
  f: 'ｆ𝐟ſ',
  g: 'ɡցｇ𝐠',
  h: 'һհｈ𝐡',
  i: 'іıɩⅰｉ𝐢',
  k: 'κкｋ𝐤',
  l: 'ⅼӏｌ𝐥|1I',
  m: 'ⅿｍ𝐦',
  n: 'ոｎ𝐧',
  o: 'оοօ०ｏ𝐨0',
  p: 'рρｐ𝐩',
  q: 'ԛｑ𝐪',
  r: 'гｒ𝐫',
  s: 'ѕꜱｓ𝐬ſ',
  t: 'тｔ𝐭',
  u: 'υսｕ𝐮',
  v: 'ѵνⅴｖ𝐯',
  x: 'хⅹｘ𝐱',
  y: 'уүｙ𝐲',
  _: '＿‗̲-‑–—﹍. ',
};

/** What is not seen, or changes how its neighbours are shown. */
export const UNSEEN = [
  ...'\u0000\u0007\b\t\n\v\f\r\u001b\u007f\u0085\u00a0\u00ad\u034f\u061c\u115f\u1680\u180e',
  ...'\u2000\u2003\u2007\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f',
  ...'\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206f\u3000\u3164\ufe00\ufe0f\ufeff\uffa0',
  ...'\ufff9\ufffb\ufffc\ufffd',
  '\ud800',
  '\udfff',
  '\u{e0001}',
  '\u{e0061}',
  '\u{1f3fb}',
];

const MARKS = [
  ...'\u0300\u0301\u0304\u0307\u0308\u030a\u0323\u0327\u0328\u0332\u0335\u0338\u20d0\u20dd\u0483\u05b0\u064b\u0e31',
];
const ASCII = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));

/** Put into, and in the place of, each letter: all of ASCII, look-alikes, marks and what is not seen. */
export const WIDE_ALPHABET: readonly string[] = [
  ...new Set([...ASCII, ...Object.values(LOOK_ALIKES).flatMap((letters) => [...letters]), ...UNSEEN, ...MARKS]),
];

/** Every string one edit away: a letter left out, put in, exchanged, or swapped with the next. */
export function* neighbours(word: string, alphabet: readonly string[]): Generator<Confusable> {
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (after !== '') yield { trick: 'a letter left out', text: before + after.slice(1) };
    if (after.length > 1) yield { trick: 'two letters swapped', text: before + after[1] + after[0] + after.slice(2) };
    for (const letter of alphabet) {
      yield { trick: 'a letter put in', text: before + letter + after };
      if (after !== '') yield { trick: 'a letter exchanged', text: before + letter + after.slice(1) };
    }
  }
}

/** The word in letters of other scripts: each one letter, all of them at once, and in whole styles. */
export function* lookAlikes(word: string): Generator<Confusable> {
  const letters = [...word];
  for (let style = 0; style < 8; style += 1) {
    const all = letters.map((letter) => [...(LOOK_ALIKES[letter] ?? letter)][style] ?? letter).join('');
    yield { trick: 'look-alike letters', text: all };
    for (let from = 0; from < letters.length; from += 1) {
      const some = letters.map((letter, at) =>
        at < from ? letter : ([...(LOOK_ALIKES[letter] ?? letter)][style] ?? letter),
      );
      yield { trick: 'look-alike letters', text: some.join('') };
    }
  }
  for (const [first, trick] of [
    [0x1d400, 'mathematical letters'],
    [0x1d5a0, 'mathematical letters'],
    [0x1d670, 'mathematical letters'],
    [0x24b6, 'circled letters'],
    [0xff21, 'full-width letters'],
  ] as const) {
    const styled = letters.map((letter) =>
      /[a-z]/.test(letter) ? String.fromCodePoint(first + 26 + letter.charCodeAt(0) - 97) : letter,
    );
    yield { trick, text: styled.join('') };
  }
  for (const form of ['NFD', 'NFKD'] as const) {
    for (const mark of MARKS) yield { trick: 'marks', text: letters.join(mark).normalize(form) };
  }
}

/** The word in other cases. */
export function* cases(word: string): Generator<Confusable> {
  const camel = word.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const styles = [word.toUpperCase(), camel, camel[0]?.toUpperCase() + camel.slice(1)];
  for (const text of [...styles, word.replaceAll('_', '-'), word.replaceAll('_', ''), word.replaceAll('_', '__')])
    yield { trick: 'case', text };
  for (let at = 0; at < word.length; at += 1) {
    for (let to = at + 1; to <= word.length; to += 1) {
      yield { trick: 'case', text: word.slice(0, at) + word.slice(at, to).toUpperCase() + word.slice(to) };
    }
  }
}

/** The word with something around it, or wrapped as another notation would. */
export function* wrapped(word: string): Generator<Confusable> {
  for (const one of UNSEEN) {
    for (const two of ['', ...UNSEEN]) yield { trick: 'unseen around it', text: one + word + two };
    yield { trick: 'unseen between', text: [...word].join(one) };
  }
  const quoted = [`"${word}"`, `'${word}'`, `\`${word}\``, `[${word}]`, `{"${word}"}`, `(${word})`, `<${word}>`];
  const coded = [encodeURIComponent(` ${word}`), `${word}%00`, `${word}\\u0000`, `&${word};`, `\\${word}`, `/${word}`];
  const code = [
    `\${${word}}`,
    `{{${word}}}`,
    `${word};--`,
    `${word}' or '1'='1`,
    `${word}\u0000hard_stop`,
    `${word}()`,
  ];
  const lists = AUTONOMOUS.flatMap((other) => [
    `${word},${other}`,
    `${word}${other}`,
    `${word}_${other}`,
    `${word} ${other}`,
  ]);
  for (const text of [...quoted, ...coded, ...code, ...lists]) yield { trick: 'wrapped', text };
  for (const length of [63, 64, 65, 66, 200, 10_000]) {
    yield { trick: 'long', text: word.padEnd(length, '_') };
    yield { trick: 'long', text: word.padEnd(length, 'x') };
    yield { trick: 'long', text: word.padStart(length, 'a') };
  }
}

/** Names that mean something to a language, a database or a protocol. */
export const SPECIAL: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'tostring', 'valueOf', 'value_of', 'hasOwnProperty'],
  ...[
    '__defineGetter__',
    '__lookupSetter__',
    'isPrototypeOf',
    'toJSON',
    'then',
    'length',
    'name',
    'size',
    'get',
    'has',
  ],
  ...[
    '',
    ' ',
    '\n',
    '\u0000',
    'null',
    'undefined',
    'NaN',
    'true',
    'false',
    '0',
    '-1',
    '1e309',
    '[]',
    '{}',
    '*',
    '%',
    '?',
  ],
  ...['.*', '^.*$', '..', '../autonomous', 'autonomous', 'AUTONOMOUS', 'hard_stop', 'approval_required', 'any', 'all'],
  ...['default', 'system', 'admin', "'; drop table action; --", '<script>', '#{7*7}', '{{7*7}}', '%s%n', '\\', '\\\\'],
  ...[
    '\ud800',
    '\udc00',
    '\ufeff',
    '\u202e',
    '👩‍👩‍👧',
    'ﬀ',
    'ß',
    'İ',
    'ı',
    'ǅ',
    'K',
    'Å',
    'ﷺ',
    'ｃｒｅａｔｅ＿ｂｒｉｅｆｉｎｇ',
  ],
  ...['x'.repeat(64), 'x'.repeat(65), 'x'.repeat(100_000), '_'.repeat(64), 'a_'.repeat(32), '\u0301'.repeat(64)],
];

function* everyTrick(): Generator<Confusable> {
  for (const word of [...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP]) {
    yield* neighbours(word, WIDE_ALPHABET);
    yield* lookAlikes(word);
    yield* cases(word);
    yield* wrapped(word);
  }
  for (const text of SPECIAL) yield { trick: 'special', text };
}

/**
 * Every trick on every built-in type, and the names that mean something elsewhere; always the same, each text once.
 * A trick that gives the very name of an autonomous type (two equal letters swapped) is none.
 */
export const allConfusables = (): Confusable[] =>
  [...new Map([...everyTrick()].map((each) => [each.text, each])).values()].filter(
    ({ text }) => !AUTONOMOUS.includes(text),
  );
