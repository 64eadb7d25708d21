import { MongoBulkWriteError, ObjectId } from "mongodb";
import { type Check, failsWith, idsOf } from "./check.ts";

const OUTBOX = [
  { _id: 1, id: "a", outboxDueAt: new Date(3000), outbox: [{ m: 1 }] },
  { _id: 2, id: "b", outboxDueAt: new Date(1000), outbox: [{ m: 2 }, { m: 3 }] },
  { _id: 3, id: "c", outbox: [] },
  { _id: 4, id: "d", outboxDueAt: new Date(9000), outbox: [{ m: 4 }] },
];

const INSERT_CHECKS: readonly Check[] = [
  {
    name: "An insert without an _id gets an ObjectId in front",
    run: async ({ database, collection }) => {
      await database.command({ insert: "things", documents: [{ a: 1 }] });
      const stored = await collection.findOne();
      return [Object.keys(stored ?? {}), stored?.["_id"] instanceof ObjectId];
    },
    expect: [["_id", "a"], true],
  },
  {
    name: "An _id is unique",
    documents: [{ _id: 1 }],
    run: ({ collection }) => collection.insertOne({ _id: 1 as never }),
    expect: failsWith(11000),
  },
  {
    name: "An _id is moved to the front",
    run: async ({ database, collection }) => {
      await database.command({ insert: "things", documents: [{ a: 1, _id: 5 }] });
      return Object.keys((await collection.findOne()) ?? {});
    },
    expect: ["_id", "a"],
  },
  {
    name: "An array is no _id",
    run: ({ collection }) => collection.insertOne({ _id: [1] as never }),
    expect: failsWith(53),
  },
  {
    name: "An ordered batch stops at the first error",
    run: async ({ collection }) => {
      try {
        await collection.insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never);
        return "no error";
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError)) throw error;
        return [error.insertedCount, await collection.countDocuments()];
      }
    },
    expect: [1, 1],
  },
  {
    name: "An unordered batch goes on after an error",
    run: async ({ collection }) => {
      try {
        await collection.insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never, { ordered: false });
        return "no error";
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError)) throw error;
        return [error.insertedCount, [error.writeErrors].flat().map(({ index, code }) => [index, code])];
      }
    },
    expect: [2, [[1, 11000]]],
  },
  {
    name: "An empty batch is refused",
    run: ({ database }) => database.command({ insert: "things", documents: [] }),
    expect: failsWith(16, "InvalidLength"),
  },
  {
    name: "A bulk write mixes operations",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ],
    run: async ({ collection }) => {
      const result = await collection.bulkWrite([
        { insertOne: { document: { _id: 3 as never, a: 1 } } },
        { updateMany: { filter: { a: 1 }, update: { $set: { a: 2 } } } },
        { deleteOne: { filter: { a: 2 } } },
        { replaceOne: { filter: { _id: 9 as never }, replacement: { a: 5 }, upsert: true } },
      ]);
      const { insertedCount, modifiedCount, deletedCount, upsertedCount } = result;
      return { insertedCount, modifiedCount, deletedCount, upsertedCount };
    },
    expect: { insertedCount: 1, modifiedCount: 3, deletedCount: 1, upsertedCount: 1 },
  },
  {
    name: "deleteOne takes one and deleteMany all",
    documents: [{ a: 1 }, { a: 1 }, { a: 1 }, { a: 2 }],
    run: async ({ collection }) => [
      (await collection.deleteOne({ a: 1 })).deletedCount,
      (await collection.deleteMany({ a: 1 })).deletedCount,
      await collection.countDocuments(),
    ],
    expect: [1, 2, 1],
  },
  {
    name: "Unacknowledged writes arrive",
    run: async ({ collection }) => {
      await collection.insertOne({ _id: 1 as never }, { writeConcern: { w: 0 } });
      const deadline = Date.now() + 5000;
      while ((await collection.countDocuments()) === 0 && Date.now() < deadline);
      return collection.countDocuments();
    },
    expect: 1,
  },
];

const UPSERT_CHECKS: readonly Check[] = [
  {
    name: "An upsert starts from the equalities of its filter",
    run: async ({ collection }) => {
      await collection.updateOne(
        { id: { $eq: "a" }, "at.day": 1, n: { $gt: 3 }, $and: [{ b: 2 }] },
        { $set: { status: "create" }, $setOnInsert: { first: true } },
        { upsert: true },
      );
      const { _id: _, ...stored } = (await collection.findOne()) ?? { _id: null };
      return stored;
    },
    expect: { id: "a", at: { day: 1 }, b: 2, status: "create", first: true },
  },
  {
    name: "An upsert reports the new _id",
    run: async ({ collection }) => {
      const result = await collection.updateOne({ _id: 7 as never }, { $inc: { n: 1 } }, { upsert: true });
      return [result.matchedCount, result.upsertedCount, result.upsertedId];
    },
    expect: [0, 1, 7],
  },
  {
    name: "An upsert that matches updates",
    documents: [{ _id: 1, n: 1 }],
    run: async ({ collection }) => {
      const result = await collection.updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { upsert: true });
      return [result.matchedCount, result.upsertedCount, await collection.find().toArray()];
    },
    expect: [1, 0, [{ _id: 1, n: 2 }]],
  },
  {
    name: "A replacing upsert takes only the _id from its filter",
    run: async ({ collection }) => {
      await collection.replaceOne({ _id: 3 as never, a: 1 }, { b: 2 }, { upsert: true });
      return collection.find().toArray();
    },
    expect: [{ _id: 3, b: 2 }],
  },
  {
    name: "An upsert whose guard fails raises a duplicate key",
    documents: [{ _id: 1, id: "a", status: "finished" }],
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      return collection.updateOne(
        { id: { $eq: "a" }, status: { $in: ["create", "making"] } },
        { $set: { status: "making" } },
        { upsert: true },
      );
    },
    expect: failsWith(11000),
  },
  {
    name: "Twenty upserts at once make one document",
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      const upserts = Array.from({ length: 20 }, () =>
        collection.updateOne({ id: "a" }, { $inc: { n: 1 } }, { upsert: true }),
      );
      await Promise.all(upserts);
      return (await collection.find({}, { projection: { _id: 0 } }).toArray()).map((document) => ({
        ...document,
      }));
    },
    expect: [{ id: "a", n: 20 }],
  },
];

const FIND_AND_MODIFY_CHECKS: readonly Check[] = [
  {
    name: "findOneAndUpdate returns the document before",
    documents: [{ _id: 1, n: 1 }],
    run: ({ collection }) => collection.findOneAndUpdate({ n: 1 }, { $inc: { n: 1 } }),
    expect: { _id: 1, n: 1 },
  },
  {
    name: "findOneAndUpdate returns the document after",
    documents: [{ _id: 1, n: 1 }],
    run: ({ collection }) =>
      collection.findOneAndUpdate({ n: 1 }, { $inc: { n: 1 } }, { returnDocument: "after" }),
    expect: { _id: 1, n: 2 },
  },
  {
    name: "A guard that does not hold changes nothing",
    documents: [{ _id: 1, id: "a", status: "finished" }],
    run: async ({ collection }) => [
      await collection.findOneAndUpdate(
        { id: { $eq: "a" }, status: { $in: ["create"] } },
        { $set: { status: "making" } },
      ),
      await collection.findOne({}, { projection: { _id: 0, status: 1 } }),
    ],
    expect: [null, { status: "finished" }],
  },
  {
    name: "A sweeper claims the entry that is due first",
    documents: OUTBOX,
    run: async ({ collection }) => {
      await collection.createIndex(
        { outboxDueAt: 1 },
        { partialFilterExpression: { outboxDueAt: { $exists: true } } },
      );
      const claim = () =>
        collection.findOneAndUpdate(
          { outboxDueAt: { $lte: new Date(5000) } },
          { $set: { outboxDueAt: new Date(10_000) } },
          { sort: { outboxDueAt: 1 }, projection: { id: 1, _id: 0 } },
        );
      return [await claim(), await claim(), await claim()];
    },
    expect: [{ id: "b" }, { id: "a" }, null],
  },
  {
    name: "Claims at once never take the same document",
    documents: OUTBOX,
    run: async ({ collection }) => {
      const claims = await Promise.all(
        Array.from({ length: 8 }, () =>
          collection.findOneAndUpdate(
            { outboxDueAt: { $lte: new Date(9000) } },
            { $set: { outboxDueAt: new Date(99_000) } },
            { sort: { outboxDueAt: 1 } },
          ),
        ),
      );
      return claims
        .flatMap((document) => (document ? [Number(document["_id"])] : []))
        .toSorted((a, b) => a - b);
    },
    expect: [1, 2, 4],
  },
  {
    name: "An outbox entry is pulled, and the due time goes with the last one",
    documents: OUTBOX,
    run: async ({ collection }) => {
      await collection.updateOne({ id: "b" }, { $pull: { outbox: { m: 2 } as never } });
      const early = await collection.updateOne(
        { id: "b", outbox: { $size: 0 } },
        { $unset: { outboxDueAt: "" } },
      );
      await collection.updateOne({ id: "b" }, { $pull: { outbox: { m: 3 } as never } });
      const late = await collection.updateOne(
        { id: "b", outbox: { $size: 0 } },
        { $unset: { outboxDueAt: "" } },
      );
      return [early.matchedCount, late.matchedCount, await collection.findOne({ id: "b" })];
    },
    expect: [0, 1, { _id: 2, id: "b", outbox: [] }],
  },
  {
    name: "findOneAndUpdate upserts",
    run: async ({ collection }) => {
      const options = { upsert: true, returnDocument: "after", includeResultMetadata: true } as const;
      const result = await collection.findOneAndUpdate({ _id: 4 as never }, { $set: { a: 1 } }, options);
      return [result.value, result.lastErrorObject];
    },
    expect: [
      { _id: 4, a: 1 },
      { n: 1, updatedExisting: false, upserted: 4 },
    ],
  },
  {
    name: "findOneAndDelete takes the first in the order asked for",
    documents: [
      { _id: 1, n: 2 },
      { _id: 2, n: 1 },
    ],
    run: async ({ collection }) => [
      await collection.findOneAndDelete({}, { sort: { n: 1 } }),
      idsOf(await collection.find().toArray()),
    ],
    expect: [{ _id: 2, n: 1 }, [1]],
  },
  {
    name: "findOneAndReplace replaces",
    documents: [{ _id: 1, n: 2 }],
    run: ({ collection }) => collection.findOneAndReplace({ n: 2 }, { m: 1 }, { returnDocument: "after" }),
    expect: { _id: 1, m: 1 },
  },
  {
    name: "findAndModify without update or remove is refused",
    run: ({ database }) => database.command({ findAndModify: "things", query: {} }),
    expect: failsWith(9, "FailedToParse"),
  },
];

export const WRITE_CHECKS: readonly Check[] = [...INSERT_CHECKS, ...UPSERT_CHECKS, ...FIND_AND_MODIFY_CHECKS];
