import { createError, createLocationError, createUnsupportedError } from "../errors.ts";
import { formatValue } from "../values/format.ts";
import type { EvaluationScope } from "../aggregation/expressions.ts";
import type { Database, Store } from "../store/store.ts";
import { readNumber } from "../values/numbers.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import type { Cursors } from "./cursors.ts";

/** What a command works with. */
export interface CommandContext {
  readonly command: BsonDocument;
  /** The command's name as the client wrote it. */
  readonly name: string;
  readonly store: Store;
  readonly cursors: Cursors;
  readonly connectionId: number;
  /** `$db` */
  readonly database: Database;
  /** `let` and `$$NOW`. */
  readonly scope: EvaluationScope;
  readonly startedAtMillis: number;
  readonly connectionCount: () => number;
}

export interface CommandDefinition {
  /** Fields the command understands or may ignore without changing the result. */
  readonly fields: readonly string[];
  /** Fields MongoDB has that would change the result: refused when given (see `isHarmless`). */
  readonly unsupported?: readonly string[];
  /** Handshake commands take whatever drivers send along. */
  readonly acceptsAnyField?: boolean;
  readonly run: (context: CommandContext) => BsonDocument;
}

/** Fields every command takes. They have no effect on a single in-memory server. */
const GENERIC_FIELDS = new Set(
  "$db lsid $clusterTime $readPreference readConcern writeConcern maxTimeMS comment apiVersion apiStrict apiDeprecationErrors".split(
    " ",
  ),
);

/** Answered as a standalone MongoDB does. */
const TRANSACTION_FIELDS = ["txnNumber", "startTransaction", "autocommit"];

/** `false`, `null` and an empty document ask for nothing. */
function isHarmless(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return isDocument(value) && Object.keys(value).length === 0;
}

/** Refuses every field that is not understood. Throws a DatabaseError. */
export function checkFields(name: string, command: BsonDocument, definition: CommandDefinition): void {
  if (definition.acceptsAnyField) return;
  for (const [field, value] of Object.entries(command).slice(1)) {
    if (TRANSACTION_FIELDS.includes(field)) {
      throw createError(
        "IllegalOperation",
        "Transaction numbers are only allowed on a replica set member or mongos",
      );
    }
    if (GENERIC_FIELDS.has(field) || definition.fields.includes(field)) continue;
    if (definition.unsupported?.includes(field)) {
      if (isHarmless(value)) continue;
      throw createUnsupportedError(`the option '${field}' of ${name}`);
    }
    throw createLocationError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
  checkConcerns(command);
}

function checkConcerns({ readConcern, writeConcern }: BsonDocument): void {
  const level = isDocument(readConcern) ? (readConcern["level"] ?? "local") : "local";
  if (!["local", "available", "majority"].some((known) => known === level)) {
    throw createUnsupportedError(`the read concern level ${formatValue(level)}`);
  }
  const w = isDocument(writeConcern) ? Number(readNumber(writeConcern["w"]) ?? 1) : 1;
  if (w > 1) throw createError("BadValue", "cannot use 'w' > 1 when a host is not replicated");
}

/** The collection a command names as its first value. */
export function readCollectionName({ command, name, database }: CommandContext): string {
  const value = command[name];
  if (typeof value !== "string") {
    throw createError("BadValue", `collection name has invalid type ${typeof value}`);
  }
  if (value === "" || value.includes("\0")) {
    throw createError("InvalidNamespace", `Invalid namespace specified '${database.name}.${value}'`);
  }
  return value;
}
