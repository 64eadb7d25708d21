import { isFields, type Fields } from "@tracebridge/receivers";

/** The entries of a list that has nothing but objects: anything else is an empty one, which is counted as broken. */
export function readEntries(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map((entry) => (isFields(entry) ? entry : {})) : [];
}

/** An id in small letters, of that many hexadecimal digits; undefined for anything else and for "none", all zeros. */
export function readHexId(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== "string" || value.length !== digits) return undefined;
  return /^[0-9a-f]+$/i.test(value) && /[^0]/.test(value) ? value.toLowerCase() : undefined;
}
