import { Binary, BSONRegExp, type BSONSymbol, type Code, ObjectId, Timestamp } from "bson";
import { createUnsupportedError } from "../errors.ts";
import { readNumber } from "./numbers.ts";
import { type BsonDocument, isNumeric, type TypeName, typeOf } from "./types.ts";

/** https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/ */
const ORDER: Readonly<Record<TypeName, number>> = {
  minKey: -1,
  missing: 0,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  dbPointer: 55,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
};

/** Values of different brackets never compare in a query (`{ $gt: 1 }` does not find strings). */
export function typeBracket(value: unknown): number {
  const order = ORDER[typeOf(value)];
  return order === 0 ? ORDER.null : order;
}

/** True for query purposes when `value` is null or missing. */
export function isNullish(value: unknown): boolean {
  return value === null || value === undefined;
}

function compareSimple<T extends number | bigint | string | boolean>(left: T, right: T): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

const SURROGATES = /[\uD800-\uDFFF]/;

/** MongoDB compares UTF-8 bytes; JavaScript compares UTF-16 units, which differs only beside surrogates. */
function compareStrings(left: string, right: string): number {
  if (SURROGATES.test(left) || SURROGATES.test(right))
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return compareSimple(left, right);
}

function compareNumbers(left: unknown, right: unknown): number {
  const a = readNumber(left);
  const b = readNumber(right);
  if (a === undefined || b === undefined) {
    throw createUnsupportedError("comparing, sorting or indexing Decimal128 values");
  }
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

function compareDocuments(left: BsonDocument, right: BsonDocument): number {
  const leftKeys = Object.keys(left);
  const rightKeys = Object.keys(right);
  for (let i = 0; i < leftKeys.length && i < rightKeys.length; i++) {
    const a = leftKeys[i] ?? "";
    const b = rightKeys[i] ?? "";
    const order =
      compareSimple(ORDER[typeOf(left[a])], ORDER[typeOf(right[b])]) ||
      compareStrings(a, b) ||
      compareValues(left[a], right[b]);
    if (order !== 0) return order;
  }
  return compareSimple(leftKeys.length, rightKeys.length);
}

function compareArrays(left: readonly unknown[], right: readonly unknown[]): number {
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareValues(left[i], right[i]);
    if (order !== 0) return order;
  }
  return compareSimple(left.length, right.length);
}

function compareBinaries(left: Binary, right: Binary): number {
  return (
    compareSimple(left.length(), right.length()) ||
    compareSimple(left.sub_type, right.sub_type) ||
    Buffer.compare(left.value(), right.value())
  );
}

function readText(value: string | BSONSymbol): string {
  return typeof value === "string" ? value : value.valueOf();
}

/** The total order MongoDB sorts by. Negative, zero or positive, as for `Array.prototype.sort`. */
export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  const type = typeOf(left);
  const byType = compareSimple(ORDER[type], ORDER[typeOf(right)]);
  if (byType !== 0) return byType;
  if (isNumeric(type)) return compareNumbers(left, right);
  if (type === "bool") return compareSimple(Number(left), Number(right));
  if (type === "string" || type === "symbol") {
    return compareStrings(readText(left as string | BSONSymbol), readText(right as string | BSONSymbol));
  }
  if (Array.isArray(left)) return compareArrays(left, right as unknown[]);
  if (left instanceof Date) return compareSimple(left.getTime(), (right as Date).getTime());
  if (left instanceof ObjectId) return Buffer.compare(left.id, (right as ObjectId).id);
  if (left instanceof Timestamp) return left.compare(right as Timestamp);
  if (left instanceof Binary) return compareBinaries(left, right as Binary);
  if (left instanceof BSONRegExp) {
    const other = right as BSONRegExp;
    return compareStrings(left.pattern, other.pattern) || compareStrings(left.options, other.options);
  }
  if (type === "javascript" || type === "javascriptWithScope") {
    const [a, b] = [left as Code, right as Code];
    return compareStrings(a.code, b.code) || compareValues(a.scope ?? null, b.scope ?? null);
  }
  if (type === "object") return compareDocuments(left as BsonDocument, right as BsonDocument);
  return 0;
}

export function isSameValue(left: unknown, right: unknown): boolean {
  return compareValues(left, right) === 0;
}
