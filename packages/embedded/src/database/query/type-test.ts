import { createError } from "../errors.ts";
import { readNumber } from "../values/numbers.ts";
import { isNumeric, TYPE_NUMBERS, type TypeName, typeOf } from "../values/types.ts";

const NAMES = new Map(Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name]));

function readTypeName(operand: unknown): string {
  if (typeof operand === "string") {
    if (operand === "number" || Object.hasOwn(TYPE_NUMBERS, operand)) return operand;
    throw createError("BadValue", `Unknown type name alias: ${operand}`);
  }
  const number = readNumber(operand);
  const name = number === undefined ? undefined : NAMES.get(Number(number));
  if (name === undefined) throw createError("BadValue", `Invalid numerical type code: ${String(operand)}`);
  return name;
}

/** `$type` with one or several names or numbers. */
export function createTypeTest(operand: unknown): (value: unknown) => boolean {
  const operands: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (operands.length === 0) throw createError("FailedToParse", "$type must match at least one type");
  const names = new Set(operands.map(readTypeName));
  return (value) => {
    const type: TypeName = typeOf(value);
    return names.has(type) || (names.has("number") && isNumeric(type));
  };
}
