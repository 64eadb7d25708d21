/** Of texts in what goes to Sentry, which may be longer than attributes: messages, source lines, bodies of breadcrumbs. */
export const MAX_SENTRY_TEXT_LENGTH = 16_384;

/** How far back the end of a text is looked at. */
const TAIL_LENGTH = 256;

/**
 * `text` in at most `maxLength` signs. Half a secret is not recognised as one, so a text that was cut, here or before,
 * loses its last word, and with it the groups of a number that may stand before it.
 */
export function cutText(text: string, maxLength: number): string {
  if (text.length < maxLength) return text;
  const end = Math.max(0, maxLength - TAIL_LENGTH);
  const tail = text.slice(end, maxLength);
  const lastBlank = tail.search(/\s\S*$/);
  if (lastBlank < 0) return text.slice(0, maxLength);
  const words = tail.slice(0, lastBlank + 1);
  return text.slice(0, end) + words.replace(/(?:(?<![A-Za-z0-9])[A-Z0-9]{1,6}[ -])+$/, "");
}
