/** What was read is no trace in a format that is known here; the message says what was expected and what was found. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}

const maxShownLength = 60;

/** What something is, in a few words: its kind and how it begins, without what could steer a terminal. */
export function describeFound(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value))
    return value.length === 0 ? "an empty list" : `a list of ${describeKind(value[0])}`;
  if (typeof value === "object") {
    const keys = Object.keys(value).slice(0, 5);
    return keys.length === 0 ? "an empty object" : `an object with ${quote(keys.join(", "))}`;
  }
  return typeof value === "string" ? quote(value) : `a ${typeof value}`;
}

/** Text in quotes, cut short. */
export function quote(text: string): string {
  const shown = text.slice(0, maxShownLength).replaceAll(/\p{C}/gu, " ");
  return JSON.stringify(shown.length < text.length ? `${shown}…` : shown);
}

function describeKind(value: unknown): string {
  if (Array.isArray(value)) return "lists";
  if (typeof value === "object" && value !== null)
    return `objects with ${quote(Object.keys(value).slice(0, 5).join(", "))}`;
  return value === null ? "nothing" : `${typeof value}s`;
}
