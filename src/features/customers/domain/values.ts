/** A value in the form in which it is kept, or what was expected instead. */
export type Checked<T> = { readonly value: T } | { readonly expected: string };
export type Check<T> = (value: T) => Checked<T>;

/** Largest amount of money, in whole units of the currency. */
export const MAX_AMOUNT = 1e12;
/** Most employees of one company. */
export const MAX_EMPLOYEES = 10_000_000;
export const MAX_EXTERNAL_ID = 200;
export const MAX_TEXT = 300;
export const MAX_SUBJECT = 500;
export const MAX_CONTENT = 20_000;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;

// PostgreSQL stores neither NUL nor half a surrogate pair.
const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/** Text of 1 to `most` characters once the white space around it is dropped. */
export const text =
  (most: number): Check<string> =>
  (value) => {
    const trimmed = value.trim();
    return trimmed.length >= 1 && trimmed.length <= most && isPlain(trimmed)
      ? { value: trimmed }
      : { expected: `1 to ${most} characters of plain Unicode text` };
  };

/** Text as it was written, 0 to `most` characters. */
export const writing =
  (most: number): Check<string> =>
  (value) =>
    value.length <= most && isPlain(value)
      ? { value }
      : { expected: `at most ${most} characters of plain Unicode text` };

/** Another system's id, kept and compared exactly as it is written there. */
export const externalId: Check<string> = (value) =>
  value.trim() !== '' && value.length <= MAX_EXTERNAL_ID && isPlain(value)
    ? { value }
    : { expected: `1 to ${MAX_EXTERNAL_ID} characters of plain Unicode text` };

/** An amount of money: 0 or more, in hundredths at the finest. Finer ones are refused, not rounded. */
export const money: Check<number> = (value) =>
  value >= 0 && value <= MAX_AMOUNT && Math.round(value * 100) / 100 === value
    ? { value }
    : { expected: `an amount from 0 to ${MAX_AMOUNT} with at most two decimals` };

export const wholeNumber =
  (most: number): Check<number> =>
  (value) =>
    Number.isInteger(value) && value >= 0 && value <= most
      ? { value }
      : { expected: `a whole number from 0 to ${most}` };

/** An instant in a year in which business data can lie; others come from a misread date. */
export const instant: Check<Date> = (value) => {
  const year = value.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR
    ? { value }
    : { expected: `a date in the years ${FIRST_YEAR} to ${LAST_YEAR}` };
};

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host name such as `example.com`, kept in lower case. Nothing else is corrected: it is compared exactly. */
export const domainName: Check<string> = (value) => {
  const name = value.toLowerCase();
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  const isHost = name.length <= 253 && labels.length >= 2 && labels.every((label) => LABEL.test(label));
  return isHost && /^[a-z].*[a-z0-9]$/.test(top)
    ? { value: name }
    : { expected: 'a host name such as example.com, without protocol, path or user' };
};

/** An email address by its form, kept in lower case; whether anybody reads it is not for us to say. */
export const emailAddress: Check<string> = (value) => {
  const address = value.trim().toLowerCase();
  return address.length <= MAX_TEXT && isPlain(address) && /^[^\s@]+@[^\s@]+$/.test(address)
    ? { value: address }
    : { expected: `an email address of at most ${MAX_TEXT} characters, such as ana@example.com` };
};

export const trueOrFalse: Check<boolean> = (value) => ({ value });

export const oneOf =
  <T extends string>(values: readonly T[]): Check<T> =>
  (value) =>
    values.includes(value) ? { value } : { expected: `one of ${values.join(', ')}` };
