/** A JSON object whose fields are not known to be right yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function readFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The objects of a list; nothing for what is no list. */
export function readObjects(value: unknown): Fields[] {
  return readList(value).filter(isFields);
}

export function readString(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Levels of lists and objects within each other; no sender of telemetry comes near it. */
const maxNesting = 100;

/** Whatever passes here may be walked, copied and printed by recursive code without exhausting the stack. */
export function isNestedTooDeeply(value: unknown, levelsLeft = maxNesting): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  return levelsLeft === 0 || Object.values(value).some((inner) => isNestedTooDeeply(inner, levelsLeft - 1));
}

export function readNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/**
 * Seconds since 1970: a number or, as Sentry's SDKs for other languages and older versions of its API write it, an ISO
 * text, to the millisecond; in UTC also where it does not say so.
 */
export function readSeconds(value: unknown): number | undefined {
  if (typeof value !== "string") return readNumber(value);
  return readNumber(Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`) / 1000);
}
