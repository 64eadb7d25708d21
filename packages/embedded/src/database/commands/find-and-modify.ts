import { createError } from "../errors.ts";
import { findMatches, readFilter, readOptionalDocument } from "../read/match.ts";
import { createProjection } from "../read/projection.ts";
import { applyUpdate } from "../update/apply.ts";
import type { BsonDocument } from "../values/types.ts";
import { type CommandContext, type CommandDefinition, readCollectionName } from "./command.ts";
import { checkHintAndCollation } from "./hint.ts";
import { readArrayFilters } from "./writes.ts";

function checkCombination(command: BsonDocument): void {
  const isRemove = command["remove"] === true;
  const hasUpdate = command["update"] !== undefined && command["update"] !== null;
  if (!isRemove && !hasUpdate) {
    throw createError("FailedToParse", "Either an update or remove=true must be specified");
  }
  if (isRemove && hasUpdate) {
    throw createError("FailedToParse", "Cannot specify both an update and remove=true");
  }
  if (isRemove && command["upsert"] === true) {
    throw createError("FailedToParse", "Cannot specify both upsert=true and remove=true");
  }
  if (isRemove && command["new"] === true) {
    throw createError(
      "FailedToParse",
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
}

/** https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
function runFindAndModify(context: CommandContext): BsonDocument {
  const { command, database, scope } = context;
  checkCombination(command);
  const name = readCollectionName(context);
  const isUpsert = command["upsert"] === true;
  const collection = isUpsert ? database.ensure(name) : database.read(name);
  checkHintAndCollation(collection, command);
  const filter = readFilter(command["query"], "findAndModify.query");
  const sort = readOptionalDocument(command["sort"], "findAndModify.sort");
  const project = createProjection(readFilter(command["fields"], "findAndModify.fields"), "find", scope);
  const show = (document: BsonDocument | undefined): BsonDocument | null =>
    document ? project(document) : null;
  if (command["remove"] === true) {
    const [found] = findMatches(collection, filter, scope, { sort, limit: 1 });
    const value = show(found?.document);
    if (found) collection.remove(found.document);
    return { lastErrorObject: { n: found ? 1 : 0 }, value, ok: 1 };
  }
  const outcome = applyUpdate(
    collection,
    {
      filter,
      update: command["update"],
      isMulti: false,
      isUpsert,
      arrayFilters: readArrayFilters(command["arrayFilters"]),
      sort,
    },
    scope,
  );
  const { inserted, matched, before, after } = outcome;
  const lastErrorObject = inserted
    ? { n: 1, updatedExisting: false, upserted: inserted["_id"] }
    : { n: matched, updatedExisting: matched > 0 };
  return { lastErrorObject, value: show(command["new"] === true ? after : before), ok: 1 };
}

export const FIND_AND_MODIFY: CommandDefinition = {
  fields:
    "query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let".split(
      " ",
    ),
  run: runFindAndModify,
};
