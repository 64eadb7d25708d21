import { Long, UUID } from "mongodb";
import { type Check, failsWith } from "./check.ts";

export const SERVER_CHECKS: readonly Check[] = [
  { name: "ping answers", run: ({ database }) => database.command({ ping: 1 }), expect: { ok: 1 } },
  {
    name: "Command names are known in the spellings drivers use",
    run: async ({ database }) => {
      const replies = [await database.command({ buildinfo: 1 }), await database.command({ isMaster: 1 })];
      return replies.map(({ ok }): unknown => ok);
    },
    expect: [1, 1],
  },
  {
    name: "hello tells a writable server its limits",
    run: async ({ database }) => {
      const { isWritablePrimary, maxBsonObjectSize, maxWriteBatchSize, setName } = await database.command({
        hello: 1,
      });
      return { isWritablePrimary, maxBsonObjectSize, maxWriteBatchSize, setName };
    },
    expect: {
      isWritablePrimary: true,
      maxBsonObjectSize: 16_777_216,
      maxWriteBatchSize: 100_000,
      setName: undefined,
    },
  },
  {
    name: "buildInfo has a version of four numbers",
    run: async ({ database }) => {
      const { version, versionArray } = await database.admin().buildInfo();
      return [typeof version, versionArray.length];
    },
    expect: ["string", 4],
  },
  {
    name: "An unknown command is refused",
    run: ({ database }) => database.command({ frobnicate: 1 }),
    expect: failsWith(59, "CommandNotFound"),
  },
  {
    name: "A collection is created once",
    run: async ({ database }) => {
      await database.command({ create: "made" });
      return database.command({ create: "made" });
    },
    expect: failsWith(48, "NamespaceExists"),
  },
  {
    name: "Collections are listed and filtered by name",
    documents: [{ _id: 1 }],
    run: async ({ database }) => {
      await database.createCollection("more");
      const all = await database.listCollections({}, { nameOnly: true }).toArray();
      const one = await database.listCollections({ name: "more" }).toArray();
      return [all.map(({ name }) => name).toSorted(), one.map(({ name, type }) => [name, type])];
    },
    expect: [["more", "things"], [["more", "collection"]]],
  },
  {
    name: "A dropped collection is gone with its indexes",
    documents: [{ id: "a" }],
    run: async ({ collection, database }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      await collection.drop();
      return database.listCollections().toArray();
    },
    expect: [],
  },
  {
    name: "Dropping a collection that does not exist is no error",
    run: ({ collection }) => collection.drop(),
    expect: true,
  },
  {
    name: "Databases exist while they have collections",
    documents: [{ _id: 1 }],
    run: async ({ client, database }) => {
      const list = async () =>
        (await client.db().admin().listDatabases()).databases.some(
          ({ name }) => name === database.databaseName,
        );
      const before = await list();
      await database.dropDatabase();
      return [before, await list()];
    },
    expect: [true, false],
  },
  {
    name: "listDatabases belongs to the database admin",
    run: ({ database }) => database.command({ listDatabases: 1 }),
    expect: failsWith(13, "Unauthorized"),
  },
  {
    name: "A collection is renamed with what it holds",
    documents: [{ _id: 1 }],
    run: async ({ collection, database }) => {
      await collection.rename("other");
      return [await database.collection("other").countDocuments(), await collection.countDocuments()];
    },
    expect: [1, 0],
  },
  {
    name: "Renaming onto an existing collection is refused",
    documents: [{ _id: 1 }],
    run: async ({ collection, database }) => {
      await database.createCollection("other");
      return collection.rename("other");
    },
    expect: failsWith(48),
  },
  {
    name: "An invalid collection name is refused",
    run: ({ database }) => database.command({ insert: "bad$name", documents: [{ _id: 1 }] }),
    expect: failsWith(73, "InvalidNamespace"),
  },
  {
    name: "Sessions are accepted and end",
    run: ({ client, collection }) =>
      client.withSession(async (session) => {
        await collection.insertOne({ _id: 1 as never }, { session });
        return collection.countDocuments({}, { session });
      }),
    expect: 1,
  },
  {
    name: "Transactions are refused as on a standalone",
    run: ({ database }) =>
      database.command({
        insert: "things",
        documents: [{ _id: 1 }],
        lsid: { id: new UUID() },
        txnNumber: Long.fromNumber(1),
        startTransaction: true,
        autocommit: false,
      }),
    expect: failsWith(20, "IllegalOperation"),
  },
  {
    name: "Read and write concerns are accepted",
    run: async ({ collection }) => {
      await collection.insertOne({ _id: 1 as never }, { writeConcern: { w: "majority", journal: true } });
      return collection.find({}, { readConcern: { level: "majority" } }).toArray();
    },
    expect: [{ _id: 1 }],
  },
  {
    name: "Waiting for more servers than there are is refused",
    run: ({ database }) =>
      database.command({ insert: "things", documents: [{ _id: 1 }], writeConcern: { w: 2 } }),
    expect: failsWith(2),
  },
];
