const MAX_TEXTS = 500;
const MAX_LENGTH = 128;

/** Short texts that come again are not scrubbed again. What is kept is a copy: a text may be cut from a large one. */
export function rememberTexts(scrub: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const scrubbed = scrub(text);
    if (text.length > MAX_LENGTH) return scrubbed;
    if (known.size >= MAX_TEXTS) known.clear();
    known.set(copyText(text), scrubbed);
    return scrubbed;
  };
}

/** The same text without what it may have been cut from, which it would keep alive. */
export function copyText(text: string): string {
  // A part of the text that this makes is all that is kept.
  return ` ${text}`.slice(1);
}
