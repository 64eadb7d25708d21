import { Double, Int32, Long, Timestamp } from "bson";
import { createError } from "../errors.ts";

/** The value of a number that is exact as a JavaScript number or bigint; undefined for a decimal and non-numbers. */
export function readNumber(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Timestamp) return undefined;
  if (value instanceof Long) return value.toBigInt();
  if (value instanceof Double || value instanceof Int32) return value.valueOf();
  return undefined;
}

/** A whole number out of a command field, whichever numeric type it came in. */
export function readWholeNumber(value: unknown, field: string): number {
  const number = Number(readNumber(value) ?? Number.NaN);
  if (!Number.isSafeInteger(number)) {
    throw createError("TypeMismatch", `${field} must be a whole number`);
  }
  return number;
}

/** Like {@link readWholeNumber} for an optional field that must not be negative. */
export function readCount(value: unknown, field: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const number = readWholeNumber(value, field);
  if (number < 0) {
    throw createError("BadValue", `BSON field '${field}' value must be >= 0, actual value '${number}'`);
  }
  return number;
}

/** A whole number out of a query operator's operand. */
export function readWholeOperand(value: unknown, operator: string): number {
  const number = Number(readNumber(value) ?? Number.NaN);
  if (!Number.isSafeInteger(number)) {
    throw createError("BadValue", `Failed to parse ${operator}. Expected an integer`);
  }
  return number;
}
