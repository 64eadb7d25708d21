import { BSONRegExp } from "bson";
import { DatabaseError } from "../errors.ts";
import { cloneValue } from "../values/clone.ts";
import { type BsonDocument, isDocument, isOperatorDocument } from "../values/types.ts";
import { readAt, writeAt } from "./paths.ts";

/**
 * What an upsert starts from when nothing matched: the fields the filter gives one value for.
 * https://www.mongodb.com/docs/manual/reference/method/db.collection.updateOne/#upsert-with-operator-expressions
 */
export function createUpsertSeed(filter: BsonDocument): BsonDocument {
  const seed: BsonDocument = {};
  collect(filter, seed);
  return seed;
}

function collect(filter: BsonDocument, seed: BsonDocument): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === "$and" || (name === "$or" && Array.isArray(operand) && operand.length === 1)) {
      for (const clause of operand as unknown[]) if (isDocument(clause)) collect(clause, seed);
    } else if (!name.startsWith("$")) {
      const value = readOnlyValue(operand);
      if (value !== undefined) addField(seed, name, value);
    }
  }
}

/** The single value an operand allows, or undefined. */
function readOnlyValue(operand: unknown): unknown {
  if (operand instanceof BSONRegExp) return undefined;
  if (!isOperatorDocument(operand)) return operand;
  if (Object.hasOwn(operand, "$eq")) return operand["$eq"];
  for (const name of ["$in", "$all"]) {
    const list = operand[name];
    if (!Array.isArray(list) || list.length !== 1) continue;
    const only: unknown = list[0];
    return only instanceof BSONRegExp || isOperatorDocument(only) ? undefined : only;
  }
  return undefined;
}

function addField(seed: BsonDocument, path: string, value: unknown): void {
  const parts = path.split(".");
  if (readAt(seed, parts) !== undefined) {
    throw new DatabaseError(
      54,
      "NotSingleValueField",
      `cannot infer query fields to set, path '${path}' is matched twice`,
    );
  }
  writeAt(seed, parts, cloneValue(value));
}
