import { createError } from "../errors.ts";
import type { Collection } from "../store/collection.ts";
import { readIndexSpecification } from "../store/index-specification.ts";
import { createKey } from "../values/key.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { readCursorBatchSize } from "./collections.ts";
import { type CommandContext, type CommandDefinition, readCollectionName } from "./command.ts";

function runCreateIndexes(context: CommandContext): BsonDocument {
  const { command, database } = context;
  const { indexes } = command;
  if (!Array.isArray(indexes) || indexes.length === 0) {
    throw createError("BadValue", "Must specify at least one index to create");
  }
  const specifications = indexes.map(readIndexSpecification);
  const name = readCollectionName(context);
  const createdCollectionAutomatically = database.find(name) === undefined;
  const collection = database.ensure(name);
  const numIndexesBefore = collection.indexes.length;
  createAll(collection, specifications);
  const numIndexesAfter = collection.indexes.length;
  const note = numIndexesAfter === numIndexesBefore ? { note: "all indexes already exist" } : {};
  return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ...note, ok: 1 };
}

/** All or none. */
function createAll(
  collection: Collection,
  specifications: readonly ReturnType<typeof readIndexSpecification>[],
): void {
  const created: string[] = [];
  try {
    for (const specification of specifications) {
      if (collection.createIndex(specification)) created.push(specification.name);
    }
  } catch (error) {
    for (const name of created) collection.dropIndex(name);
    throw error;
  }
}

function readExisting(context: CommandContext): Collection {
  const name = readCollectionName(context);
  const collection = context.database.find(name);
  if (collection) return collection;
  throw createError("NamespaceNotFound", `ns does not exist: ${context.database.namespaceOf(name)}`);
}

function runListIndexes(context: CommandContext): BsonDocument {
  const collection = readExisting(context);
  return context.cursors.start({
    namespace: collection.namespace,
    documents: collection.indexes.map(({ specification }) => specification.description),
    batchSize: readCursorBatchSize(context.command["cursor"]),
  });
}

function readIndexNames(collection: Collection, wanted: unknown): string[] {
  if (wanted === "*") {
    return collection.indexes
      .map(({ specification }) => specification.name)
      .filter((name) => name !== "_id_");
  }
  if (Array.isArray(wanted)) return wanted.flatMap((item: unknown) => readIndexNames(collection, item));
  if (typeof wanted === "string") return [wanted];
  if (!isDocument(wanted))
    throw createError("TypeMismatch", "BSON field 'dropIndexes.index' is the wrong type");
  const found = collection.indexes.find(
    ({ specification }) => createKey(specification.key) === createKey(wanted),
  );
  if (!found) {
    throw createError("IndexNotFound", `can't find index with key: ${JSON.stringify(wanted)}`);
  }
  return [found.specification.name];
}

function runDropIndexes(context: CommandContext): BsonDocument {
  const collection = readExisting(context);
  const nIndexesWas = collection.indexes.length;
  const names = readIndexNames(collection, context.command["index"]);
  const existing = collection.indexes.map(({ specification }) => specification.name);
  for (const name of names) {
    if (!existing.includes(name)) throw createError("IndexNotFound", `index not found with name [${name}]`);
  }
  for (const name of names) collection.dropIndex(name);
  return { nIndexesWas, ok: 1 };
}

const dropIndexes: CommandDefinition = { fields: ["index"], run: runDropIndexes };

export const INDEX_COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  createindexes: {
    fields: ["indexes", "commitQuorum"],
    unsupported: ["ignoreUnknownIndexOptions"],
    run: runCreateIndexes,
  },
  listindexes: { fields: ["cursor"], run: runListIndexes },
  dropindexes: dropIndexes,
  deleteindexes: dropIndexes,
};
