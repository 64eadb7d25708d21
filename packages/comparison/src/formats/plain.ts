/** A JSON object whose fields are not known to be right yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing for what is no list. */
export function readObjects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The entries of a list that has nothing but objects: anything else is an empty one, which is counted as broken. */
export function readEntries(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map((entry) => (isFields(entry) ? entry : {})) : [];
}

/** A text that says something. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An id in small letters, of that many hexadecimal digits; undefined for anything else and for "none", all zeros. */
export function readHexId(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== "string" || value.length !== digits) return undefined;
  return /^[0-9a-f]+$/i.test(value) && /[^0]/.test(value) ? value.toLowerCase() : undefined;
}
