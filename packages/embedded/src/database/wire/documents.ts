import { Binary, calculateObjectSize, DBRef, deserialize, Double, Int32, serialize } from "bson";
import { createError, createUnsupportedError } from "../errors.ts";
import type { BsonDocument } from "../values/types.ts";
import { MAX_NESTING } from "./limits.ts";

/** Keeps the exact numeric types; `readValue` then unwraps those that survive as JavaScript numbers. */
const DESERIALIZE = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };
const SERIALIZE = { ignoreUndefined: true, checkKeys: false };

/**
 * Reads one BSON document. Throws bson's own error for malformed bytes, a DatabaseError for what is well-formed
 * but not accepted.
 */
export function readDocument(bytes: Uint8Array): BsonDocument {
  return readFields(deserialize(bytes, DESERIALIZE), 1);
}

function readFields(document: BsonDocument, depth: number): BsonDocument {
  if (depth > MAX_NESTING) {
    throw createError("Overflow", `BSONObj exceeded maximum nested object depth: ${MAX_NESTING}`);
  }
  for (const name of Object.keys(document)) {
    if (name === "__proto__") throw createUnsupportedError("the field name '__proto__'");
    document[name] = readValue(document[name], depth);
  }
  return document;
}

function readValue(value: unknown, depth: number): unknown {
  if (value === undefined) throw createUnsupportedError("the deprecated BSON type undefined");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    if (depth >= MAX_NESTING) {
      throw createError("Overflow", `BSONObj exceeded maximum nested object depth: ${MAX_NESTING}`);
    }
    return value.map((item) => readValue(item, depth + 1));
  }
  if (value instanceof Int32) return value.valueOf();
  if (value instanceof Double) return readDouble(value);
  if (value instanceof DBRef) return readFields(readReference(value), depth + 1);
  if (value instanceof Binary) return copyBinary(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) {
    throw createUnsupportedError("dates beyond the range of JavaScript's");
  }
  if (value.constructor === Object) return readFields(value as BsonDocument, depth + 1);
  return value;
}

/** Without the wrapper, bson would write a double like 2.0 as an int32. */
function readDouble(value: Double): number | Double {
  const number = value.valueOf();
  const looksLikeInt32 = Number.isInteger(number) && Math.abs(number) <= 0x80000000 && !Object.is(number, -0);
  return looksLikeInt32 ? value : number;
}

/** `{ $ref, $id }` is an ordinary document to a server. */
function readReference(reference: DBRef): BsonDocument {
  const document: BsonDocument = { $ref: reference.collection, $id: reference.oid };
  if (reference.db !== undefined) document["$db"] = reference.db;
  return Object.assign(document, reference.fields);
}

/** bson points into the received message; a copy lets the (up to 48 MB large) message go. */
function copyBinary(value: Binary): Binary {
  return new Binary(Buffer.from(value.value()), value.sub_type);
}

export function writeDocument(document: BsonDocument): Uint8Array {
  return serialize(document, SERIALIZE);
}

/** Bytes the document takes as BSON. */
export function measureDocument(document: BsonDocument): number {
  return calculateObjectSize(document, SERIALIZE);
}
