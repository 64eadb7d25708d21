import { Double, Long } from "bson";
import { createError, createUnsupportedError } from "../errors.ts";
import { readNumber } from "./numbers.ts";
import { isNumeric, typeOf } from "./types.ts";

const INT32_MIN = -0x80000000n;
const INT32_MAX = 0x7fffffffn;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** A double that stays one: bson would write a JavaScript number like 2 as an int32. */
function createDouble(value: number): number | Double {
  return typeOf(value) === "int" ? new Double(value) : value;
}

/**
 * Adds or multiplies as `$inc` and `$mul` do: a double with anything is a double, int32 grows into int64,
 * int64 does not overflow. Both operands must be numbers.
 */
export function calculate(operation: "add" | "multiply", left: unknown, right: unknown): unknown {
  const types = [typeOf(left), typeOf(right)];
  if (!types.every(isNumeric)) throw new TypeError("calculate needs two numbers");
  const [a, b] = [readNumber(left), readNumber(right)];
  if (a === undefined || b === undefined) throw createUnsupportedError("arithmetic with Decimal128");
  if (types.includes("double")) {
    return createDouble(operation === "add" ? Number(a) + Number(b) : Number(a) * Number(b));
  }
  const result = operation === "add" ? BigInt(a) + BigInt(b) : BigInt(a) * BigInt(b);
  if (result < INT64_MIN || result > INT64_MAX) {
    throw createError(
      "BadValue",
      `Failed to apply $${operation === "add" ? "inc" : "mul"}: integer overflow`,
    );
  }
  const isInt32 = !types.includes("long") && result >= INT32_MIN && result <= INT32_MAX;
  return isInt32 ? Number(result) : Long.fromBigInt(result);
}
