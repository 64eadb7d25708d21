import type { Attributes, AttributeValue } from "./model.ts";

/** What decoders yield, as JSON can hold it; what JSON has no word for becomes text, or null. */
export function readAttributes(values: Readonly<Record<string, unknown>>): Attributes {
  // `fromEntries` makes a plain field of every key, of `__proto__` too.
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, readValue(value)]])),
  );
}

export function readValue(value: unknown): AttributeValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  // Adding 0 makes 0 of -0, which JSON cannot tell apart in every writer.
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value === "bigint") return { intValue: value.toString() };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(readValue);
  return typeof value === "object" && value !== null ? readAttributes({ ...value }) : null;
}
