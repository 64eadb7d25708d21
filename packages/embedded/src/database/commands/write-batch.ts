import { createError, DatabaseError } from "../errors.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { MAX_WRITE_BATCH } from "../wire/limits.ts";

/** The statements of an insert, update or delete command. */
export function readStatements(value: unknown, field: string): readonly BsonDocument[] {
  if (!Array.isArray(value) || !value.every(isDocument)) {
    throw createError("TypeMismatch", `BSON field '${field}' must be an array of objects`);
  }
  if (value.length === 0 || value.length > MAX_WRITE_BATCH) {
    throw createError(
      "InvalidLength",
      `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${value.length} operations.`,
    );
  }
  return value;
}

/**
 * Runs one statement after the other. A failed one becomes an entry of `writeErrors` (the command itself is ok),
 * and stops the batch unless it is unordered.
 */
export function runBatch(
  statements: readonly BsonDocument[],
  isOrdered: boolean,
  run: (statement: BsonDocument, index: number) => void,
): { writeErrors?: BsonDocument[] } {
  const writeErrors: BsonDocument[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (isOrdered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

/** Refuses unknown fields inside one statement. */
export function checkStatement(statement: BsonDocument, name: string, known: readonly string[]): void {
  for (const field of Object.keys(statement)) {
    if (!known.includes(field)) {
      throw new DatabaseError(40415, "Location40415", `BSON field '${name}.${field}' is an unknown field.`);
    }
  }
}
