import { runPipeline } from "../aggregation/pipeline.ts";
import { createError } from "../errors.ts";
import { findMatches, readFilter, readOptionalDocument } from "../read/match.ts";
import { createProjection } from "../read/projection.ts";
import { createKey } from "../values/key.ts";
import { readCount, readWholeNumber } from "../values/numbers.ts";
import { reachValues } from "../values/path.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { type CommandContext, type CommandDefinition, readCollectionName } from "./command.ts";
import { readCursorId } from "./cursors.ts";
import { checkHintAndCollation } from "./hint.ts";
import { readSession } from "./session.ts";

function readBatchSize(value: unknown, field: string): number | undefined {
  return value === undefined ? undefined : readCount(value, field, 0);
}

function runFind(context: CommandContext): BsonDocument {
  const { command, database, scope, cursors } = context;
  const collection = database.read(readCollectionName(context));
  checkHintAndCollation(collection, command);
  const project = createProjection(readFilter(command["projection"], "find.projection"), "find", scope);
  const matches = findMatches(collection, readFilter(command["filter"], "find.filter"), scope, {
    sort: readOptionalDocument(command["sort"], "find.sort"),
    skip: readCount(command["skip"], "skip", 0),
    limit: readCount(command["limit"], "limit", 0),
  });
  return cursors.start({
    namespace: collection.namespace,
    documents: matches.map(({ document, element }) => project(document, element)),
    batchSize: readBatchSize(command["batchSize"], "batchSize"),
    isSingleBatch: command["singleBatch"] === true,
    session: readSession(command["lsid"]),
  });
}

function runGetMore({ command, database, cursors }: CommandContext): BsonDocument {
  const { collection } = command;
  if (typeof collection !== "string") throw createError("TypeMismatch", "getMore needs a collection name");
  const batchSize = readBatchSize(command["batchSize"], "batchSize");
  return cursors.next(readCursorId(command["getMore"]), database.namespaceOf(collection), batchSize);
}

function runKillCursors({ command, cursors }: CommandContext): BsonDocument {
  const ids: unknown = command["cursors"];
  if (!Array.isArray(ids)) throw createError("TypeMismatch", "killCursors needs an array of cursor ids");
  const killed = ids.map((id: unknown) => [id, cursors.kill(readCursorId(id))] as const);
  return {
    cursorsKilled: killed.flatMap(([id, isKilled]) => (isKilled ? [id] : [])),
    cursorsNotFound: killed.flatMap(([id, isKilled]) => (isKilled ? [] : [id])),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
}

function runAggregate(context: CommandContext): BsonDocument {
  const { command, database, scope, cursors } = context;
  const { pipeline, cursor } = command;
  if (!Array.isArray(pipeline)) {
    throw createError("TypeMismatch", "'pipeline' option must be specified as an array");
  }
  if (!isDocument(cursor)) {
    throw createError(
      "FailedToParse",
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  }
  const collection = database.read(readCollectionName(context));
  checkHintAndCollation(collection, command);
  const documents = runPipeline(collection, pipeline, {
    ...scope,
    collection: (name) => database.read(name),
  });
  return cursors.start({
    namespace: collection.namespace,
    documents,
    batchSize: readBatchSize(cursor["batchSize"], "cursor.batchSize"),
    session: readSession(command["lsid"]),
  });
}

function runCount(context: CommandContext): BsonDocument {
  const { command, database, scope } = context;
  const collection = database.read(readCollectionName(context));
  checkHintAndCollation(collection, command);
  const limit = command["limit"] === undefined ? 0 : Math.abs(readWholeNumber(command["limit"], "limit"));
  const matches = findMatches(collection, readFilter(command["query"], "count.query"), scope, {
    skip: readCount(command["skip"], "skip", 0),
    limit,
  });
  return { n: matches.length, ok: 1 };
}

function runDistinct(context: CommandContext): BsonDocument {
  const { command, database, scope } = context;
  const { key } = command;
  if (typeof key !== "string")
    throw createError("TypeMismatch", "BSON field 'distinct.key' must be a string");
  const collection = database.read(readCollectionName(context));
  checkHintAndCollation(collection, command);
  const values = new Map<string, unknown>();
  for (const { document } of findMatches(collection, readFilter(command["query"], "distinct.query"), scope)) {
    const reached = reachValues(document, key).flatMap(({ value }) => value);
    for (const value of reached) if (value !== undefined) values.set(createKey(value), value);
  }
  return { values: [...values.values()], ok: 1 };
}

export const READ_COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  find: {
    fields:
      "filter projection sort skip limit batchSize singleBatch hint collation let noCursorTimeout allowDiskUse allowPartialResults".split(
        " ",
      ),
    unsupported: "tailable awaitData oplogReplay min max returnKey showRecordId explain".split(" "),
    run: runFind,
  },
  getmore: { fields: ["collection", "batchSize"], run: runGetMore },
  killcursors: { fields: ["cursors"], run: runKillCursors },
  aggregate: {
    fields: "pipeline cursor hint collation let allowDiskUse bypassDocumentValidation".split(" "),
    unsupported: ["explain"],
    run: runAggregate,
  },
  count: { fields: "query limit skip hint collation fields".split(" "), run: runCount },
  distinct: { fields: "key query hint collation".split(" "), run: runDistinct },
};
