import { inspect } from "node:util";

/** A test's output has room for so many lines of a list, so many characters of a line and of a value. */
const maxLines = 10;
const maxLineLength = 300;
const maxValueLength = 100;

/** A value on one line, cut when it is long. */
export function print(value: unknown): string {
  if (typeof value === "string") return cut(JSON.stringify(value), maxValueLength);
  if (isNamedMatcher(value)) return value.toAsymmetricMatcher();
  return cut(inspect(value, { breakLength: Infinity }), maxValueLength);
}

/** `expect.any(Number)` and its like can name themselves. */
function isNamedMatcher(value: unknown): value is { toAsymmetricMatcher(): string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "toAsymmetricMatcher" in value &&
    typeof value.toAsymmetricMatcher === "function"
  );
}

/** Lines below a message: equal ones once, with their number; the first ten, then how many more there are. */
export function listLines(lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  const shown = [...counts].slice(0, maxLines);
  const left = [...counts].slice(maxLines).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...shown.map(([line, count]) => `\n  ${cut(line, maxLineLength)}${count > 1 ? ` (${count} times)` : ""}`),
    ...(left > 0 ? [`\n  and ${left} more`] : []),
  ].join("");
}

/** The text on one line, of so many characters at most. */
export function cut(text: string, maxLength: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
