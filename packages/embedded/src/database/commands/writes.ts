import { createError } from "../errors.ts";
import { findMatches, readFilter } from "../read/match.ts";
import { applyUpdate } from "../update/apply.ts";
import { readWholeNumber } from "../values/numbers.ts";
import type { BsonDocument } from "../values/types.ts";
import { type CommandContext, type CommandDefinition, readCollectionName } from "./command.ts";
import { checkHintAndCollation } from "./hint.ts";
import { checkStatement, readStatements, runBatch } from "./write-batch.ts";

function isOrdered(command: BsonDocument): boolean {
  return command["ordered"] !== false;
}

const BATCH_FIELDS = ["ordered", "bypassDocumentValidation", "let"];

function runInsert(context: CommandContext): BsonDocument {
  const { command, database } = context;
  const statements = readStatements(command["documents"], "insert.documents");
  const collection = database.ensure(readCollectionName(context));
  let n = 0;
  const errors = runBatch(statements, isOrdered(command), (document) => {
    collection.insert(document);
    n += 1;
  });
  return { n, ...errors, ok: 1 };
}

const UPDATE_FIELDS = ["q", "u", "multi", "upsert", "arrayFilters", "collation", "hint"];

export function readArrayFilters(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw createError("TypeMismatch", "BSON field 'arrayFilters' is the wrong type, expected type 'array'");
  }
  return value;
}

function runUpdate(context: CommandContext): BsonDocument {
  const { command, database, scope } = context;
  const statements = readStatements(command["updates"], "update.updates");
  const name = readCollectionName(context);
  const upserted: BsonDocument[] = [];
  let n = 0;
  let nModified = 0;
  const errors = runBatch(statements, isOrdered(command), (statement, index) => {
    checkStatement(statement, "update.updates", UPDATE_FIELDS);
    const isUpsert = statement["upsert"] === true;
    const collection = isUpsert ? database.ensure(name) : database.read(name);
    checkHintAndCollation(collection, statement);
    const outcome = applyUpdate(
      collection,
      {
        filter: readFilter(statement["q"], "update.updates.q"),
        update: statement["u"],
        isMulti: statement["multi"] === true,
        isUpsert,
        arrayFilters: readArrayFilters(statement["arrayFilters"]),
      },
      scope,
    );
    n += outcome.inserted ? 1 : outcome.matched;
    nModified += outcome.modified;
    if (outcome.inserted) upserted.push({ index, _id: outcome.inserted["_id"] });
  });
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors, ok: 1 };
}

const DELETE_FIELDS = ["q", "limit", "collation", "hint"];

function runDelete(context: CommandContext): BsonDocument {
  const { command, database, scope } = context;
  const statements = readStatements(command["deletes"], "delete.deletes");
  const collection = database.read(readCollectionName(context));
  let n = 0;
  const errors = runBatch(statements, isOrdered(command), (statement) => {
    checkStatement(statement, "delete.deletes", DELETE_FIELDS);
    checkHintAndCollation(collection, statement);
    const limit = readWholeNumber(statement["limit"], "delete.deletes.limit");
    if (limit !== 0 && limit !== 1) {
      throw createError("FailedToParse", `The limit field in delete objects must be 0 or 1. Got ${limit}`);
    }
    const filter = readFilter(statement["q"], "delete.deletes.q");
    for (const { document } of findMatches(collection, filter, scope, { limit })) {
      collection.remove(document);
      n += 1;
    }
  });
  return { n, ...errors, ok: 1 };
}

export const WRITE_COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  insert: { fields: ["documents", ...BATCH_FIELDS], run: runInsert },
  update: { fields: ["updates", ...BATCH_FIELDS], run: runUpdate },
  delete: { fields: ["deletes", ...BATCH_FIELDS], run: runDelete },
};
