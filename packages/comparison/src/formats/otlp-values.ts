import type { Attributes, AttributeValue } from "../model.ts";

/** An AnyValue of OTLP/JSON. */
type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { bytesValue: string }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } }
  | Record<string, never>;

export interface KeyValue {
  key: string;
  value: AnyValue;
}

export function writeAttributes(attributes: Attributes): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: writeValue(value) }));
}

function writeValue(value: AttributeValue): AnyValue {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (isList(value)) return { arrayValue: { values: value.map(writeValue) } };
  const intValue = readLargeInteger(value);
  if (intValue !== undefined) return { intValue };
  const bytesValue = readBase64(value);
  if (bytesValue !== undefined) return { bytesValue };
  return { kvlistValue: { values: writeAttributes(value) } };
}

/** The digits of the model's `{ intValue }`: a 64-bit integer that a number cannot hold. */
export function readLargeInteger(value: AttributeValue): string | undefined {
  const digits = readOnly(value, "intValue");
  if (digits === undefined || !/^-?[1-9]\d{15,18}$/.test(digits)) return undefined;
  const integer = BigInt(digits);
  return integer === BigInt.asIntN(64, integer) && !Number.isSafeInteger(Number(digits)) ? digits : undefined;
}

/** The base64 of the model's `{ bytesValue }`. */
export function readBase64(value: AttributeValue): string | undefined {
  const text = readOnly(value, "bytesValue");
  return text !== undefined && Buffer.from(text, "base64").toString("base64") === text ? text : undefined;
}

/** The text of an object that has this one field. */
function readOnly(value: AttributeValue, key: string): string | undefined {
  if (typeof value !== "object" || value === null || isList(value)) return undefined;
  const text = value[key];
  return typeof text === "string" && Object.keys(value).length === 1 ? text : undefined;
}

/** `Array.isArray` alone does not see read-only lists in a union. */
export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
