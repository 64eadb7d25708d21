/**
 * Whether `text` is what `pattern` says, where `*` stands for any number of characters, also none. Takes no longer than
 * the product of both lengths: paths come from strangers.
 */
export function matchesText(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) return pattern === text;
  return matchesSequence(pattern.split(""), text.split(""), "*", (wanted, found) => wanted === found);
}

/**
 * Whether the path `path`, without its query, is what `pattern` says: `*` stands for characters within one part, a part
 * `**` for any number of parts, also none. A slash at the end changes nothing.
 */
export function matchesPath(pattern: string, path: string): boolean {
  return matchesSequence(splitPath(pattern), splitPath(path), "**", matchesText);
}

function splitPath(path: string): string[] {
  const parts = path.split("/");
  if (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}

/** One mark to go back to is enough: what the last `any` can take makes up for all that those before it could. */
function matchesSequence(
  pattern: readonly string[],
  found: readonly string[],
  any: string,
  matches: (wanted: string, found: string) => boolean,
): boolean {
  let wantedAt = 0;
  let foundAt = 0;
  let mark: { wanted: number; found: number } | undefined;
  while (foundAt < found.length) {
    const wanted = pattern[wantedAt];
    if (wanted === any) {
      wantedAt += 1;
      mark = { wanted: wantedAt, found: foundAt };
    } else if (wanted !== undefined && matches(wanted, found[foundAt] ?? "")) {
      wantedAt += 1;
      foundAt += 1;
    } else if (mark) {
      mark.found += 1;
      wantedAt = mark.wanted;
      foundAt = mark.found;
    } else return false;
  }
  return pattern.slice(wantedAt).every((wanted) => wanted === any);
}
