import { Long } from "mongodb";
import { type Check, failsWith, idsOf } from "./check.ts";

const MIXED = [
  { _id: 1, a: "text" },
  { _id: 2, a: 3 },
  { _id: 3, a: null },
  { _id: 4 },
  { _id: 5, a: [1, 9] },
  { _id: 6, a: true },
  { _id: 7, a: { x: 1 } },
  { _id: 8, a: new Date(0) },
  { _id: 9, a: [] },
];
const ORDER = {
  _id: 1,
  id: "a",
  status: "done",
  lines: [
    { sku: "x", n: 1 },
    { sku: "y", n: 2 },
  ],
  at: { day: 1, hour: 2 },
};
const MANY = Array.from({ length: 250 }, (_, index) => ({ _id: index }));

const PROJECTIONS: readonly (readonly [
  name: string,
  projection: Record<string, unknown>,
  expected: unknown,
])[] = [
  ["An inclusion keeps _id", { status: 1 }, { _id: 1, status: "done" }],
  ["An inclusion may leave _id out", { _id: 0, status: 1 }, { status: "done" }],
  ["An exclusion keeps the rest", { lines: 0, at: 0 }, { _id: 1, id: "a", status: "done" }],
  [
    "A dotted inclusion reaches into arrays",
    { "lines.sku": 1 },
    { _id: 1, lines: [{ sku: "x" }, { sku: "y" }] },
  ],
  [
    "A dotted exclusion reaches into documents",
    { "at.day": 0, lines: 0 },
    { _id: 1, id: "a", status: "done", at: { hour: 2 } },
  ],
  [
    "$slice cuts an array and keeps the rest",
    { lines: { $slice: -1 }, at: 0 },
    { _id: 1, id: "a", status: "done", lines: [{ sku: "y", n: 2 }] },
  ],
  [
    "$elemMatch keeps the first element that matches",
    { lines: { $elemMatch: { n: { $gt: 1 } } } },
    { _id: 1, lines: [{ sku: "y", n: 2 }] },
  ],
  [
    "An expression computes a field",
    { _id: 0, label: { $concat: ["$id", "-", "$status"] } },
    { label: "a-done" },
  ],
  ["Inclusion and exclusion do not mix", { status: 1, lines: 0 }, failsWith(31254)],
  ["Paths that collide are refused", { at: 1, "at.day": 1 }, failsWith(31249)],
];

export const READ_CHECKS: readonly Check[] = [
  ...PROJECTIONS.map(([name, projection, expect]): Check => ({
    name,
    documents: [ORDER],
    run: ({ collection }) => collection.findOne({}, { projection }),
    expect,
  })),
  {
    name: "The positional projection keeps the element the query matched",
    documents: [ORDER],
    run: ({ collection }) => collection.findOne({ "lines.sku": "y" }, { projection: { "lines.$": 1 } }),
    expect: { _id: 1, lines: [{ sku: "y", n: 2 }] },
  },
  {
    name: "Sorting follows the BSON type order and the smallest array element",
    documents: MIXED,
    run: async ({ collection }) => idsOf(await collection.find().sort({ a: 1, _id: 1 }).toArray()),
    expect: [9, 3, 4, 5, 2, 1, 7, 6, 8],
  },
  {
    name: "Sorting downwards takes the largest array element",
    documents: MIXED,
    run: async ({ collection }) => idsOf(await collection.find().sort({ a: -1, _id: 1 }).toArray()),
    expect: [8, 6, 7, 1, 5, 2, 3, 4, 9],
  },
  {
    name: "Skip and limit apply after the sort",
    documents: MANY,
    run: async ({ collection }) =>
      idsOf(await collection.find().sort({ _id: -1 }).skip(2).limit(3).toArray()),
    expect: [247, 246, 245],
  },
  {
    name: "A bad sort direction is refused",
    documents: MANY,
    run: ({ database }) => database.command({ find: "things", sort: { a: 2 } }),
    expect: failsWith(15975),
  },
  {
    name: "The first batch holds 101 documents unless told otherwise",
    documents: MANY,
    run: async ({ database }) => {
      const { cursor } = await database.command({ find: "things" });
      return [
        cursor.firstBatch.length,
        cursor.ns.endsWith(".things"),
        Long.isLong(cursor.id) || cursor.id > 0,
      ];
    },
    expect: [101, true, true],
  },
  {
    name: "getMore delivers the rest in batches",
    documents: MANY,
    run: async ({ collection }) => (await collection.find({}, { batchSize: 7 }).toArray()).length,
    expect: 250,
  },
  {
    name: "A batch of zero opens a cursor without documents",
    documents: MANY,
    run: async ({ database }) => {
      const first = await database.command({ find: "things", batchSize: 0 }, { promoteLongs: false });
      const id: unknown = first["cursor"].id;
      const more = await database.command({ getMore: id, collection: "things", batchSize: 5 });
      return [first["cursor"].firstBatch.length, more["cursor"].nextBatch.length];
    },
    expect: [0, 5],
  },
  {
    name: "Batches end at 16 MiB",
    run: async ({ collection, database }) => {
      const filler = "x".repeat(6 * 1024 * 1024);
      for (const _id of [1, 2, 3, 4]) await collection.insertOne({ _id: _id as never, filler });
      const { cursor } = await database.command({ find: "things" });
      return [cursor.firstBatch.length, (await collection.find().toArray()).length];
    },
    expect: [2, 4],
  },
  {
    name: "singleBatch leaves no cursor open",
    documents: MANY,
    run: async ({ database }) => {
      const { cursor } = await database.command({ find: "things", batchSize: 3, singleBatch: true });
      return [cursor.firstBatch.length, Number(cursor.id)];
    },
    expect: [3, 0],
  },
  {
    name: "A killed cursor is gone",
    documents: MANY,
    run: async ({ database }) => {
      const { cursor } = await database.command({ find: "things", batchSize: 3 }, { promoteLongs: false });
      await database.command({ killCursors: "things", cursors: [cursor.id] });
      return database.command({ getMore: cursor.id, collection: "things" });
    },
    expect: failsWith(43, "CursorNotFound"),
  },
  {
    name: "A cursor keeps what it saw when documents are deleted behind it",
    documents: MANY.slice(0, 3),
    run: async ({ collection }) => {
      const cursor = collection.find({}, { batchSize: 3 });
      const first = await cursor.next();
      await collection.deleteMany({});
      return [first?.["_id"], (await cursor.toArray()).length];
    },
    expect: [0, 2],
  },
  {
    name: "A collection that does not exist is empty",
    run: async ({ collection }) => [await collection.find().toArray(), await collection.countDocuments()],
    expect: [[], 0],
  },
  {
    name: "count takes filter, skip and limit",
    documents: MANY,
    run: ({ collection }) =>
      collection.countDocuments({ _id: { $lt: 100 as never } }, { skip: 20, limit: 50 }),
    expect: 50,
  },
  {
    name: "estimatedDocumentCount counts everything",
    documents: MANY,
    run: ({ collection }) => collection.estimatedDocumentCount(),
    expect: 250,
  },
  {
    name: "distinct fans arrays out and finds each value once",
    documents: [{ a: [1, 2] }, { a: 2 }, { b: 1 }, { a: 3 }],
    run: async ({ collection }) => (await collection.distinct("a")).toSorted((left, right) => left - right),
    expect: [1, 2, 3],
  },
  {
    name: "distinct takes an array inside an array as a value",
    documents: [{ a: [[1], 2] }, { a: [] }],
    run: async ({ collection }) => {
      const values: unknown[] = await collection.distinct("a");
      return values.map((value) => JSON.stringify(value)).toSorted();
    },
    expect: ["2", "[1]"],
  },
  {
    name: "Sorting by two arrays at once is refused",
    documents: [{ a: [1, 2], b: [1, 2] }],
    run: ({ collection }) => collection.find().sort({ a: 1, b: 1 }).toArray(),
    expect: failsWith(2),
  },
  {
    name: "An unknown option of find is refused",
    run: ({ database }) => database.command({ find: "things", frobnicate: 1 }),
    expect: failsWith(40415),
  },
  {
    name: "Numbers come back with the type they came with",
    run: async ({ collection }) => {
      await collection.insertOne({ _id: 1 as never, long: Long.fromNumber(7), int: 7, half: 0.5 });
      const types = ["long", "int", "half"].map(async (field) => {
        const names = ["int", "long", "double"];
        const found = await Promise.all(
          names.map((name) => collection.countDocuments({ [field]: { $type: name } })),
        );
        return names.filter((_, index) => found[index] === 1);
      });
      return Promise.all(types);
    },
    expect: [["long"], ["int"], ["double"]],
  },
];
