import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";

/**
 * A BSON document in memory. Numbers: an int32 is a JavaScript number, a double is a JavaScript number
 * unless it has an int32's value (then it stays a `Double`), an int64 is a `Long`. So every value goes back
 * over the wire with the type it came with.
 */
export type BsonDocument = Record<string, unknown>;

/** Names as in MongoDB's `$type`: https://www.mongodb.com/docs/manual/reference/bson-types/ */
export type TypeName =
  | "missing"
  | "minKey"
  | "null"
  | "int"
  | "long"
  | "double"
  | "decimal"
  | "string"
  | "symbol"
  | "object"
  | "array"
  | "binData"
  | "objectId"
  | "bool"
  | "date"
  | "timestamp"
  | "regex"
  | "dbPointer"
  | "javascript"
  | "javascriptWithScope"
  | "maxKey";

/** Alias → number, as `$type` accepts both. `number` means any of the four numeric types. */
export const TYPE_NUMBERS: Readonly<Partial<Record<TypeName, number>>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

function typeOfNumber(value: number): TypeName {
  const isInt32 = Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff;
  return isInt32 && !Object.is(value, -0) ? "int" : "double";
}

function typeOfObject(value: object): TypeName {
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  if (value instanceof ObjectId) return "objectId";
  if (value instanceof Timestamp) return "timestamp"; // before Long, which it extends
  if (value instanceof Long) return "long";
  if (value instanceof Double) return "double";
  if (value instanceof Int32) return "int";
  if (value instanceof Decimal128) return "decimal";
  if (value instanceof Binary) return "binData";
  if (value instanceof BSONRegExp) return "regex";
  if (value instanceof Code) return value.scope ? "javascriptWithScope" : "javascript";
  if (value instanceof BSONSymbol) return "symbol";
  if (value instanceof MinKey) return "minKey";
  if (value instanceof MaxKey) return "maxKey";
  if (value instanceof DBRef) return "object";
  return "object";
}

export function typeOf(value: unknown): TypeName {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return typeOfNumber(value);
  if (typeof value === "boolean") return "bool";
  if (typeof value === "object") return typeOfObject(value);
  throw new TypeError(`not a BSON value: ${typeof value}`);
}

export function isNumeric(type: TypeName): boolean {
  return type === "int" || type === "long" || type === "double" || type === "decimal";
}

export function isDocument(value: unknown): value is BsonDocument {
  return typeof value === "object" && value !== null && typeOfObject(value) === "object";
}

/** `{ $gt: 1 }` and the like: a document whose first field name starts with a dollar sign. */
export function isOperatorDocument(value: unknown): value is BsonDocument {
  return isDocument(value) && (Object.keys(value)[0] ?? "").startsWith("$");
}

/** An own field or undefined, so that `toString` and `constructor` are ordinary field names. */
export function readField(document: BsonDocument, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}
