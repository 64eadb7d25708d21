import { type Document, Double, Long } from "mongodb";
import { type Check, failsWith } from "./check.ts";

type Row = readonly [
  name: string,
  document: Document,
  update: Document | Document[],
  expected: unknown,
  options?: { filter?: Document; arrayFilters?: Document[] },
];

const ROWS: readonly Row[] = [
  ["$set creates nested documents", { _id: 1 }, { $set: { "a.b": 1 } }, { _id: 1, a: { b: 1 } }],
  [
    "$set adds new fields in lexicographic order",
    { _id: 1 },
    { $set: { z: 1, b: 2 } },
    { _id: 1, b: 2, z: 1 },
  ],
  [
    "$set writes into an array by index",
    { _id: 1, a: [1, 2] },
    { $set: { "a.3": 9 } },
    { _id: 1, a: [1, 2, null, 9] },
  ],
  ["$set cannot go through a number", { _id: 1, a: 1 }, { $set: { "a.b": 1 } }, failsWith(28)],
  ["$set cannot go through null", { _id: 1, a: null }, { $set: { "a.b": 1 } }, failsWith(28)],
  ["$unset removes a field", { _id: 1, a: 1, b: 2 }, { $unset: { a: "" } }, { _id: 1, b: 2 }],
  [
    "$unset makes an array element null",
    { _id: 1, a: [1, 2] },
    { $unset: { "a.0": 1 } },
    { _id: 1, a: [null, 2] },
  ],
  ["$inc starts from nothing", { _id: 1 }, { $inc: { n: 2 } }, { _id: 1, n: 2 }],
  ["$inc adds a negative number", { _id: 1, n: 1 }, { $inc: { n: -3 } }, { _id: 1, n: -2 }],
  ["$inc refuses text", { _id: 1, n: "x" }, { $inc: { n: 1 } }, failsWith(14)],
  ["$inc refuses to add text", { _id: 1, n: 1 }, { $inc: { n: "x" } }, failsWith(14)],
  [
    "$mul multiplies, and a missing field becomes 0",
    { _id: 1, a: 3 },
    { $mul: { a: 2, b: 5 } },
    { _id: 1, a: 6, b: 0 },
  ],
  [
    "$min and $max keep the smaller and the larger",
    { _id: 1, a: 5, b: 5 },
    { $min: { a: 3 }, $max: { b: 3 } },
    { _id: 1, a: 3, b: 5 },
  ],
  ["$rename moves a field", { _id: 1, a: 1 }, { $rename: { a: "b.c" } }, { _id: 1, b: { c: 1 } }],
  [
    "$setOnInsert does nothing on an update",
    { _id: 1 },
    { $setOnInsert: { a: 1 }, $set: { b: 1 } },
    { _id: 1, b: 1 },
  ],
  ["$push appends", { _id: 1, a: [1] }, { $push: { a: 2 } }, { _id: 1, a: [1, 2] }],
  ["$push creates the array", { _id: 1 }, { $push: { a: { k: 1 } } }, { _id: 1, a: [{ k: 1 }] }],
  ["$push refuses a field that is no array", { _id: 1, a: 1 }, { $push: { a: 2 } }, failsWith(2)],
  [
    "$push $each with $slice keeps the last",
    { _id: 1, a: [1, 2, 3] },
    { $push: { a: { $each: [4, 5], $slice: -3 } } },
    { _id: 1, a: [3, 4, 5] },
  ],
  [
    "$push $slice 0 empties",
    { _id: 1, a: [1] },
    { $push: { a: { $each: [], $slice: 0 } } },
    { _id: 1, a: [] },
  ],
  [
    "$push $position inserts",
    { _id: 1, a: [1, 4] },
    { $push: { a: { $each: [2, 3], $position: 1 } } },
    { _id: 1, a: [1, 2, 3, 4] },
  ],
  [
    "$push $sort sorts documents before it slices",
    { _id: 1, a: [{ n: 3 }] },
    { $push: { a: { $each: [{ n: 1 }, { n: 2 }], $sort: { n: -1 }, $slice: 2 } } },
    { _id: 1, a: [{ n: 3 }, { n: 2 }] },
  ],
  ["$pull takes a value", { _id: 1, a: [1, 2, 1] }, { $pull: { a: 1 } }, { _id: 1, a: [2] }],
  [
    "$pull takes a document as a query",
    { _id: 1, a: [{ k: 1, x: 1 }, { k: 2 }] },
    { $pull: { a: { k: 1 } } },
    { _id: 1, a: [{ k: 2 }] },
  ],
  ["$pull takes operators", { _id: 1, a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { _id: 1, a: [1] }],
  [
    "$pull takes $in on a field",
    { _id: 1, a: [{ k: 1 }, { k: 2 }, { k: 3 }] },
    { $pull: { a: { k: { $in: [1, 3] } } } },
    { _id: 1, a: [{ k: 2 }] },
  ],
  ["$pull ignores a missing field", { _id: 1 }, { $pull: { a: 1 } }, { _id: 1 }],
  [
    "$pullAll takes several values",
    { _id: 1, a: [1, 2, 3, 1] },
    { $pullAll: { a: [1, 3] } },
    { _id: 1, a: [2] },
  ],
  [
    "$pop takes the last or the first",
    { _id: 1, a: [1, 2, 3], b: [1, 2] },
    { $pop: { a: 1, b: -1 } },
    { _id: 1, a: [1, 2], b: [2] },
  ],
  [
    "$addToSet adds what is not there",
    { _id: 1, a: [1] },
    { $addToSet: { a: { $each: [1, 2] } } },
    { _id: 1, a: [1, 2] },
  ],
  [
    "The positional operator changes the element that matched",
    { _id: 1, a: [{ k: 1 }, { k: 2 }] },
    { $set: { "a.$.done": true } },
    { _id: 1, a: [{ k: 1 }, { k: 2, done: true }] },
    { filter: { "a.k": 2 } },
  ],
  [
    "The positional operator works with $elemMatch",
    {
      _id: 1,
      a: [
        { k: 1, n: 1 },
        { k: 1, n: 2 },
      ],
    },
    { $inc: { "a.$.n": 10 } },
    {
      _id: 1,
      a: [
        { k: 1, n: 1 },
        { k: 1, n: 12 },
      ],
    },
    { filter: { a: { $elemMatch: { k: 1, n: 2 } } } },
  ],
  [
    "The positional operator without an array in the query is refused",
    { _id: 1, a: [1] },
    { $set: { "a.$": 2 } },
    failsWith(2),
    { filter: { _id: 1 } },
  ],
  ["$[] changes every element", { _id: 1, a: [1, 2] }, { $inc: { "a.$[]": 1 } }, { _id: 1, a: [2, 3] }],
  [
    "$[name] changes what the array filter selects",
    { _id: 1, a: [{ k: 1 }, { k: 2 }] },
    { $set: { "a.$[e].x": 1 } },
    { _id: 1, a: [{ k: 1 }, { k: 2, x: 1 }] },
    { arrayFilters: [{ "e.k": { $gt: 1 } }] },
  ],
  [
    "$[name] without its array filter is refused",
    { _id: 1, a: [1] },
    { $set: { "a.$[e]": 1 } },
    failsWith(2),
  ],
  [
    "An array filter nobody uses is refused",
    { _id: 1, a: [1] },
    { $set: { a: 1 } },
    failsWith(9),
    { arrayFilters: [{ e: 1 }] },
  ],
  ["Two operators on one path conflict", { _id: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, failsWith(40)],
  ["A path and its parent conflict", { _id: 1 }, { $set: { a: {} }, $unset: { "a.b": 1 } }, failsWith(40)],
  ["An unknown update operator is refused", { _id: 1 }, { $foo: { a: 1 } }, failsWith(9)],
  ["The _id cannot change", { _id: 1 }, { $set: { _id: 2 } }, failsWith(66)],
  ["A path with an empty name is refused", { _id: 1 }, { $set: { "a..b": 1 } }, failsWith(56)],
  [
    "A pipeline computes from other fields",
    { _id: 1, a: 2 },
    [{ $set: { b: { $add: ["$a", 1] } } }, { $unset: "a" }],
    { _id: 1, b: 3 },
  ],
  ["A pipeline stage that updates do not know is refused", { _id: 1 }, [{ $match: {} }], failsWith(72)],
];

async function readType(collection: Parameters<Check["run"]>[0]["collection"]): Promise<string> {
  const names = ["int", "long", "double"];
  const counts = await Promise.all(names.map((name) => collection.countDocuments({ n: { $type: name } })));
  return names.find((_, index) => counts[index] === 1) ?? "none";
}

const SUMS: readonly (readonly [name: string, start: unknown, by: unknown, expected: string])[] = [
  ["int plus int that overflows becomes long", 2147483647, 1, "long"],
  ["long plus int stays long", Long.fromNumber(1), 1, "long"],
  ["int plus double becomes double", 1, new Double(2), "double"],
  ["half plus half stays double", 0.5, 0.5, "double"],
];

export const UPDATE_CHECKS: readonly Check[] = [
  ...ROWS.map(([name, document, update, expect, options = {}]): Check => ({
    name,
    documents: [document],
    run: async ({ collection }) => {
      const { filter = {}, arrayFilters } = options;
      await collection.updateOne(filter, update, arrayFilters ? { arrayFilters } : {});
      const stored = await collection.findOne();
      return stored && { ...stored, order: undefined };
    },
    expect,
  })),
  ...SUMS.map(([name, start, by, expect]): Check => ({
    name: `$inc: ${name}`,
    documents: [{ _id: 1, n: start }],
    run: async ({ collection }) => {
      await collection.updateOne({}, { $inc: { n: by as number } });
      return readType(collection);
    },
    expect,
  })),
  {
    name: "$currentDate sets now",
    documents: [{ _id: 1 }],
    run: async ({ collection }) => {
      const before = Date.now();
      await collection.updateOne({}, { $currentDate: { at: true } });
      const at: unknown = (await collection.findOne())?.["at"];
      return at instanceof Date && at.getTime() >= before - 1000 && at.getTime() <= Date.now() + 1000;
    },
    expect: true,
  },
  {
    name: "New fields keep the documented order on the wire",
    documents: [{ _id: 1, m: 1 }],
    run: async ({ collection }) => {
      await collection.updateOne({}, { $set: { z: 1, b: 1 }, $addToSet: { c: 1 } });
      return Object.keys((await collection.findOne()) ?? {});
    },
    expect: ["_id", "m", "b", "c", "z"],
  },
  {
    name: "An update reports what matched and what changed",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
      { _id: 3, a: 2 },
    ],
    run: async ({ collection }) => {
      const { matchedCount, modifiedCount, upsertedCount } = await collection.updateMany(
        {},
        { $set: { a: 1 } },
      );
      return { matchedCount, modifiedCount, upsertedCount };
    },
    expect: { matchedCount: 3, modifiedCount: 1, upsertedCount: 0 },
  },
  {
    name: "A replacement keeps the _id and drops the rest",
    documents: [{ _id: 1, a: 1, b: 2 }],
    run: async ({ collection }) => {
      await collection.replaceOne({ a: 1 }, { c: 3 });
      return collection.find().toArray();
    },
    expect: [{ _id: 1, c: 3 }],
  },
  {
    name: "A replacement cannot be multi",
    documents: [{ _id: 1 }],
    run: async ({ database }) => {
      const updates = [{ q: {}, u: { a: 1 }, multi: true }];
      const { writeErrors } = await database.command({ update: "things", updates });
      return writeErrors?.map(({ code }: { code: number }) => code);
    },
    expect: [9],
  },
];
