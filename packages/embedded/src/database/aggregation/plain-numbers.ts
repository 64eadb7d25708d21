import { type BSONRegExp, Decimal128, Double, Long, Timestamp } from "bson";
import { createUnsupportedError } from "../errors.ts";
import { isDocument } from "../values/types.ts";

/**
 * mingo computes with JavaScript numbers only. `exact` refuses every int64 and double that a JavaScript number
 * would turn into another BSON type: for updates, whose results are stored.
 */
export function unwrapNumbers(value: unknown, exact: boolean): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => unwrapNumbers(item, exact));
  if (value instanceof Decimal128) throw createUnsupportedError("Decimal128 in aggregation expressions");
  if (value instanceof Timestamp) return value;
  if (value instanceof Long) return unwrapLong(value, exact);
  if (value instanceof Double) {
    if (exact) throw createUnsupportedError("whole-number doubles in update pipelines");
    return value.valueOf();
  }
  if (!isDocument(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, unwrapNumbers(field, exact)]),
  );
}

function unwrapLong(value: Long, exact: boolean): number {
  if (exact) throw createUnsupportedError("int64 values in update pipelines");
  const number = value.toNumber();
  if (!Number.isSafeInteger(number)) {
    throw createUnsupportedError("int64 values beyond 2^53 in aggregation expressions");
  }
  return number;
}

/** `$regexMatch` of mingo wants JavaScript's own expressions. */
export function unwrapRegex(regex: BSONRegExp): RegExp {
  const flags = regex.options
    .split("")
    .filter((flag) => "ims".includes(flag))
    .join("");
  if (flags.length !== regex.options.length) {
    throw createUnsupportedError(`the regular expression options ${regex.options}`);
  }
  return new RegExp(regex.pattern, flags);
}
