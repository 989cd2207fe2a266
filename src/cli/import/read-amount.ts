export const DECIMAL_SEPARATORS = ['.', ','] as const;
export type DecimalSeparator = (typeof DECIMAL_SEPARATORS)[number];

export type ReadNumber =
  | { readonly ok: true; readonly number: number }
  | { readonly ok: false; readonly reason: string };

/** No single deal, revenue or price is larger. In whole units of the currency. */
export const MAX_AMOUNT = 1e12;
/** More than any company has; the API's own limit. */
export const MAX_EMPLOYEES = 10_000_000;

export interface AmountFormat {
  readonly decimalSeparator: DecimalSeparator;
  /** ISO 4217. Its code or symbol may stand before or behind the figure; another one may not. */
  readonly currency: string;
  /** What one unit in the cell stands for, e.g. 1,000,000 where a column is in millions. */
  readonly unit: number;
}

const SPACES = /[\s\u00a0\u202f]/g;
/** Whole figures with or without groups of three, then decimals; checked after the separators became `,` and `.`. */
const FIGURE = /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/;
/** `1.234`: one and a bit where the point marks decimals, over a thousand where it marks groups. */
const AMBIGUOUS = /^[1-9]\d{0,2}\.\d{3}$/;

/** Reads money that cannot be negative, and rounds it to hundredths, which is what the store keeps. */
export function readAmount(text: string, format: AmountFormat): ReadNumber {
  const bare = stripCurrency(text, format.currency).replace(SPACES, '');
  if (/^[-−(].*\d/.test(bare) || /\d[-−]$/.test(bare))
    return bad('expected an amount of 0 or more, got a negative one');
  const figure = format.decimalSeparator === '.' ? bare : swapSeparators(bare);
  if (!FIGURE.test(figure)) {
    const example = format.decimalSeparator === '.' ? '1234.50 or 1,234.50' : '1234,50 or 1.234,50';
    return bad(`expected an amount in ${format.currency} such as ${example}`);
  }
  if (format.unit === 1 && AMBIGUOUS.test(figure)) {
    return bad(`expected at most two decimals; set "decimalSeparator" in the mapping if this is a whole amount`);
  }
  const number = Math.round(Number(figure.replaceAll(',', '')) * format.unit * 100) / 100;
  if (!(number <= MAX_AMOUNT)) return bad(`expected an amount of at most ${MAX_AMOUNT}`);
  return { ok: true, number };
}

/** Reads a count of people: a whole number, with or without groups of three. */
export function readCount(text: string, decimalSeparator: DecimalSeparator): ReadNumber {
  const bare = text.replace(SPACES, '');
  const figure = decimalSeparator === '.' ? bare : swapSeparators(bare);
  const number = FIGURE.test(figure) ? Number(figure.replaceAll(',', '')) : Number.NaN;
  if (Number.isInteger(number) && number <= MAX_EMPLOYEES) return { ok: true, number };
  return bad(`expected a whole number from 0 to ${MAX_EMPLOYEES}`);
}

const swapSeparators = (text: string): string => text.replace(/[.,]/g, (separator) => (separator === '.' ? ',' : '.'));

function stripCurrency(text: string, currency: string): string {
  for (const mark of [currency, currencySymbol(currency)]) {
    if (text.startsWith(mark)) return text.slice(mark.length).trim();
    if (text.startsWith(`-${mark}`)) return `-${text.slice(mark.length + 1).trim()}`;
    if (text.endsWith(mark)) return text.slice(0, -mark.length).trim();
  }
  return text;
}

// Building a formatter takes longer than reading a row.
const symbols = new Map<string, string>();

function currencySymbol(currency: string): string {
  const known = symbols.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const symbol = format.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency;
  symbols.set(currency, symbol);
  return symbol;
}

const bad = (reason: string): ReadNumber => ({ ok: false, reason });
