import { z } from 'zod';
import { isId } from '../../kernel/ids.js';

/**
 * An id in an input, as this server gives them out. Lower-cased, because the database reads both cases as the same
 * id, and a signed text must not depend on which one was typed.
 *
 * Ids of what an operation is about, given as an argument of their own, are answered NOT_FOUND when malformed; inside
 * an input a malformed one is VALIDATION_FAILED with its path.
 */
export const idInput = z
  .string()
  .refine(isId, 'expected an id that this server gave out')
  .transform((id) => id.toLowerCase());

/** A text that people read: trimmed, not empty, well-formed, without NUL, which no database column takes. */
export const textInput = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'expected some text')
    .max(most, `expected at most ${most} characters`)
    .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'expected plain Unicode text');
