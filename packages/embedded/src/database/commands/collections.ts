import { formatValue } from "../values/format.ts";
import { createError, createUnsupportedError } from "../errors.ts";
import { createMatcher } from "../query/filter.ts";
import { readFilter } from "../read/match.ts";
import { checkCollation } from "../store/index-specification.ts";
import { readCount } from "../values/numbers.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { measureDocument } from "../wire/documents.ts";
import { type CommandContext, type CommandDefinition, readCollectionName } from "./command.ts";

const ALL_IN_ONE_BATCH = Number.MAX_SAFE_INTEGER;

export function readCursorBatchSize(cursor: unknown): number {
  return isDocument(cursor)
    ? readCount(cursor["batchSize"], "cursor.batchSize", ALL_IN_ONE_BATCH)
    : ALL_IN_ONE_BATCH;
}

function runCreate(context: CommandContext): BsonDocument {
  const { command, database } = context;
  const name = readCollectionName(context);
  checkCollation(command["collation"]);
  if (database.find(name)) {
    throw createError("NamespaceExists", `Collection ${database.namespaceOf(name)} already exists.`);
  }
  database.ensure(name);
  return { ok: 1 };
}

function runDrop(context: CommandContext): BsonDocument {
  const { database, cursors } = context;
  const name = readCollectionName(context);
  const collection = database.find(name);
  if (!collection) return { ok: 1 };
  database.drop(name);
  cursors.killNamespace((namespace) => namespace === collection.namespace);
  return { nIndexesWas: collection.indexes.length, ns: collection.namespace, ok: 1 };
}

function runDropDatabase({ database, store, cursors }: CommandContext): BsonDocument {
  const existed = database.size > 0;
  store.drop(database.name);
  cursors.killNamespace((namespace) => namespace.startsWith(`${database.name}.`));
  return { ...(existed ? { dropped: database.name } : {}), ok: 1 };
}

function runListCollections({ command, database, scope, cursors }: CommandContext): BsonDocument {
  const matches = createMatcher(readFilter(command["filter"], "listCollections.filter"), scope);
  const documents = database
    .list()
    .map(([name, { uuid }]): BsonDocument => ({
      name,
      type: "collection",
      options: {},
      info: { readOnly: false, uuid },
      idIndex: { v: 2, key: { _id: 1 }, name: "_id_" },
    }))
    .filter((document) => matches(document))
    .map((document) =>
      command["nameOnly"] === true ? { name: document["name"], type: "collection" } : document,
    );
  const batchSize = readCursorBatchSize(command["cursor"]);
  return cursors.start({ namespace: `${database.name}.$cmd.listCollections`, documents, batchSize });
}

function runListDatabases({ command, store, scope }: CommandContext): BsonDocument {
  const matches = createMatcher(readFilter(command["filter"], "listDatabases.filter"), scope);
  const databases = store
    .list()
    .map((database) => ({ name: database.name, sizeOnDisk: 0, empty: false }))
    .filter((entry) => matches(entry));
  if (command["nameOnly"] === true) return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
  return { databases, totalSize: 0, totalSizeMb: 0, ok: 1 };
}

function splitNamespace(value: unknown): [database: string, collection: string] {
  const dot = typeof value === "string" ? value.indexOf(".") : -1;
  if (typeof value !== "string" || dot < 1) {
    throw createError("InvalidNamespace", `Invalid namespace specified '${formatValue(value)}'`);
  }
  return [value.slice(0, dot), value.slice(dot + 1)];
}

function runRenameCollection({ command, store, cursors }: CommandContext): BsonDocument {
  const [fromDatabase, fromName] = splitNamespace(command["renameCollection"]);
  const [toDatabase, toName] = splitNamespace(command["to"]);
  if (fromDatabase !== toDatabase) throw createUnsupportedError("renaming into another database");
  const database = store.database(fromDatabase);
  const collection = database.find(fromName);
  if (!collection) {
    throw createError("NamespaceNotFound", `Source collection ${fromDatabase}.${fromName} does not exist`);
  }
  if (fromName === toName) {
    throw createError("IllegalOperation", "Can't rename a collection to itself");
  }
  if (database.find(toName) && command["dropTarget"] !== true) {
    throw createError("NamespaceExists", "target namespace exists");
  }
  const affected = [collection.namespace, database.namespaceOf(toName)];
  database.put(toName, collection);
  database.drop(fromName);
  cursors.killNamespace((namespace) => affected.includes(namespace));
  return { ok: 1 };
}

function runDbStats({ database }: CommandContext): BsonDocument {
  const collections = database.list().map(([, collection]) => collection);
  const objects = collections.reduce((total, { size }) => total + size, 0);
  const dataSize = collections
    .flatMap((collection) => [...collection.documents()])
    .reduce((total, document) => total + measureDocument(document), 0);
  const indexes = collections.reduce((total, collection) => total + collection.indexes.length, 0);
  return { db: database.name, collections: collections.length, views: 0, objects, dataSize, indexes, ok: 1 };
}

export const COLLECTION_COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  create: {
    fields: ["collation", "autoIndexId"],
    unsupported:
      "capped size max validator validationLevel validationAction timeseries clusteredIndex expireAfterSeconds viewOn pipeline storageEngine indexOptionDefaults changeStreamPreAndPostImages encryptedFields".split(
        " ",
      ),
    run: runCreate,
  },
  drop: { fields: [], run: runDrop },
  dropdatabase: { fields: [], run: runDropDatabase },
  listcollections: {
    fields: ["filter", "nameOnly", "cursor", "authorizedCollections"],
    run: runListCollections,
  },
  listdatabases: { fields: ["filter", "nameOnly", "authorizedDatabases"], run: runListDatabases },
  renamecollection: { fields: ["to", "dropTarget"], run: runRenameCollection },
  dbstats: { fields: ["scale", "freeStorage"], run: runDbStats },
};
