import { readObjects } from "@tracebridge/receivers";
import type { Attributes, AttributeValue } from "../model.ts";
import { isList, readBase64, readLargeInteger } from "./otlp-values.ts";

/** A tag of a span or process, or a field of a log. */
export interface JaegerTag {
  key: string;
  type: "string" | "bool" | "int64" | "float64" | "binary";
  value: unknown;
}

export interface ReadTag {
  key: string;
  value: AttributeValue;
}

export function readTags(list: unknown): ReadTag[] {
  return readObjects(list).flatMap(({ key, type, value }) =>
    typeof key === "string" ? [{ key, value: readTagValue(type, value) }] : [],
  );
}

/** Of a key that is there twice the last value is kept, as OTLP's readers do it. */
export function toAttributes(tags: readonly ReadTag[]): Attributes {
  // `fromEntries` makes a plain field of every key, of `__proto__` too.
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

function readTagValue(type: unknown, value: unknown): AttributeValue {
  if (type === "binary") return { bytesValue: readBytes(value) };
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  // Jaeger has an empty text for nothing, and neither lists nor objects.
  if (typeof value !== "string") return "";
  if (type === "int64" && /^-?\d{1,19}$/.test(value)) return readInteger(value);
  return value;
}

/** Written again as every writer of base64 has it. */
function readBytes(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : "", "base64").toString("base64");
}

function readInteger(digits: string): AttributeValue {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number + 0 : { intValue: BigInt(digits).toString() };
}

export function writeTags(attributes: Attributes): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]) => writeTag(key, value));
}

export function writeTag(key: string, value: AttributeValue): JaegerTag {
  if (value === null) return { key, type: "string", value: "" };
  if (typeof value === "string") return { key, type: "string", value };
  if (typeof value === "boolean") return { key, type: "bool", value };
  if (typeof value === "number") {
    return { key, type: Number.isSafeInteger(value) ? "int64" : "float64", value };
  }
  const integer = readLargeInteger(value);
  if (integer !== undefined) return { key, type: "int64", value: integer };
  const bytes = readBase64(value);
  // Jaeger writes null where there are no bytes.
  if (bytes !== undefined) return { key, type: "binary", value: bytes || null };
  return { key, type: "string", value: writeJson(value) };
}

/** JSON as Go writes it, of which Jaeger is made: keys in order, integers with all their digits, `<`, `>` and `&` escaped. */
function writeJson(value: AttributeValue): string {
  if (typeof value !== "object" || value === null) return escapeAsGo(JSON.stringify(value));
  if (isList(value)) return `[${value.map(writeJson).join(",")}]`;
  const integer = readLargeInteger(value);
  if (integer !== undefined) return integer;
  const bytes = readBase64(value);
  if (bytes !== undefined) return JSON.stringify(bytes);
  const fields = Object.entries(value).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${fields.map(([key, inner]) => `${escapeAsGo(JSON.stringify(key))}:${writeJson(inner)}`).join(",")}}`;
}

function escapeAsGo(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
