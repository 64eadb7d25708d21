const MARK = " is not valid JSON";

/**
 * V8 repeats a part of the text that `JSON.parse` could not read, with any sign in it: `Unexpected token 'p', "password
 * is hun"... is not valid JSON`. What stays is that it was none.
 */
export function scrubJsonExcerpts(text: string): string {
  // Most texts are shorter than such a message.
  if (text.length <= MARK.length || !text.includes(MARK)) return text;
  const parts = text.split(MARK);
  const last = parts.pop() ?? "";
  return [...parts.map(cutAtQuote), last].join(MARK);
}

function cutAtQuote(part: string): string {
  const quote = part.indexOf('"');
  return quote < 0 ? part : `${part.slice(0, quote)}"?"`;
}
