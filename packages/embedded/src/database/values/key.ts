import type { Binary, BSONSymbol, ObjectId, Timestamp } from "bson";
import { createUnsupportedError } from "../errors.ts";
import { readNumber } from "./numbers.ts";
import { type BsonDocument, isNumeric, type TypeName, typeOf } from "./types.ts";

function createNumberKey(value: unknown): string {
  const number = readNumber(value);
  if (number === undefined) throw createUnsupportedError("comparing, sorting or indexing Decimal128 values");
  if (typeof number === "bigint") return `#${number}`;
  return Number.isInteger(number) ? `#${BigInt(number)}` : `#${number}`;
}

/**
 * A string that is the same for two values exactly when MongoDB calls them equal: 1, 1.0 and Long(1) agree,
 * a missing value and null agree (as in a unique index).
 */
export function createKey(value: unknown): string {
  const type = typeOf(value);
  if (type === "missing" || type === "null") return "n";
  if (isNumeric(type)) return createNumberKey(value);
  const create = OTHER_KEYS[type];
  return create ? create(value) : `${type}:${JSON.stringify(value)}`;
}

const OTHER_KEYS: Readonly<Partial<Record<TypeName, (value: unknown) => string>>> = {
  string: (value) => `s${JSON.stringify(value)}`,
  symbol: (value) => `s${JSON.stringify((value as BSONSymbol).valueOf())}`,
  bool: (value) => (value === true ? "t" : "f"),
  date: (value) => `d${(value as Date).getTime()}`,
  objectId: (value) => `o${(value as ObjectId).toHexString()}`,
  timestamp: (value) => `T${(value as Timestamp).toBigInt()}`,
  array: (value) => `[${(value as unknown[]).map(createKey).join(",")}]`,
  object: (value) => createDocumentKey(value as BsonDocument),
  binData: (value) => `x${(value as Binary).sub_type}:${(value as Binary).toString("hex")}`,
};

function createDocumentKey(document: BsonDocument): string {
  return `{${Object.keys(document)
    .map((name) => `${JSON.stringify(name)}:${createKey(document[name])}`)
    .join(",")}}`;
}
