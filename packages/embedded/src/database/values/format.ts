import { Binary, BSONRegExp, Decimal128, Double, Long, ObjectId, Timestamp } from "bson";
import { isDocument, typeOf } from "./types.ts";

/** A value as MongoDB prints it inside error messages: `{ id: "a", at: new Date(0) }`. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Timestamp) return `Timestamp(${value.high}, ${value.low})`;
  if (value instanceof Long) return value.toString();
  if (value instanceof Double) return formatDouble(value.valueOf());
  if (value instanceof Decimal128) return `Decimal128('${value.toString()}')`;
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString("hex").toUpperCase()})`;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(formatValue).join(", ")} ]`;
  if (isDocument(value)) return formatDocument(value);
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  return JSON.stringify(value) ?? typeOf(value);
}

function formatDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function formatDocument(document: Readonly<Record<string, unknown>>): string {
  const fields = Object.keys(document).map((name) => `${name}: ${formatValue(document[name])}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
