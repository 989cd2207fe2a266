/**
 * Characters that a reader does not see, or that change how others are shown: what controls the direction of writing,
 * what joins, separates or selects without a sign of its own, fillers, every space but the ordinary one, and what no
 * font has a sign for.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** The text with each such character as `\uXXXX`, by its UTF-16 units, as JSON would escape it. */
export const visible = (text: string): string => text.replaceAll(UNSEEN, escaped);

/** The same of JSON, and with no character in it that HTML gives a meaning to. It parses to what it did before. */
export const visibleJson = (json: string): string => visible(json).replaceAll(/[<>&]/g, escaped);

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).toUpperCase();
    return `\\u${unit.padStart(4, '0')}`;
  }).join('');
