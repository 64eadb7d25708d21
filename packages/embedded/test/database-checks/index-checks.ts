import {
  type Collection,
  type CreateIndexesOptions,
  type Document,
  type IndexSpecification,
  MongoServerError,
} from "mongodb";
import { type Check, failsWith, idsOf } from "./check.ts";

/** The fields of a duplicate key error that programs read. */
async function readDuplicate(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
    return "no error";
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    const keyPattern: unknown = error["keyPattern"];
    const keyValue: unknown = error["keyValue"];
    return { code: error.code, keyPattern, keyValue };
  }
}

type Row = readonly [
  name: string,
  key: IndexSpecification,
  options: CreateIndexesOptions,
  first: Document,
  second: Document,
  isAllowed: boolean,
];

const PARTIAL = { unique: true, partialFilterExpression: { active: true } } as const;

const ROWS: readonly Row[] = [
  ["A unique index refuses the same value", { id: 1 }, { unique: true }, { id: "a" }, { id: "a" }, false],
  ["A unique index tells text from numbers", { id: 1 }, { unique: true }, { id: "1" }, { id: 1 }, true],
  [
    "A unique index holds one document without the field",
    { id: 1 },
    { unique: true },
    { a: 1 },
    { a: 2 },
    false,
  ],
  [
    "A unique index treats null like a missing field",
    { id: 1 },
    { unique: true },
    { id: null },
    { a: 2 },
    false,
  ],
  [
    "A sparse unique index ignores documents without the field",
    { id: 1 },
    { unique: true, sparse: true },
    { a: 1 },
    { a: 2 },
    true,
  ],
  [
    "A sparse unique index holds null once",
    { id: 1 },
    { unique: true, sparse: true },
    { id: null },
    { id: null },
    false,
  ],
  [
    "A compound unique index needs every field to be the same",
    { a: 1, b: 1 },
    { unique: true },
    { a: 1, b: 1 },
    { a: 1, b: 2 },
    true,
  ],
  [
    "A compound unique index refuses the same pair",
    { a: 1, b: -1 },
    { unique: true },
    { a: 1, b: 1 },
    { a: 1, b: 1 },
    false,
  ],
  [
    "A unique index on an array refuses a shared element",
    { tags: 1 },
    { unique: true },
    { tags: ["x", "y"] },
    { tags: ["z", "y"] },
    false,
  ],
  [
    "A unique index on an array lets one document repeat an element",
    { tags: 1 },
    { unique: true },
    { tags: ["x", "x"] },
    { tags: ["y"] },
    true,
  ],
  [
    "A unique index reaches into documents of an array",
    { "lines.sku": 1 },
    { unique: true },
    { lines: [{ sku: "x" }] },
    { lines: [{ sku: "y" }, { sku: "x" }] },
    false,
  ],
  [
    "A partial unique index refuses where its filter holds",
    { id: 1 },
    PARTIAL,
    { id: "a", active: true },
    { id: "a", active: true },
    false,
  ],
  [
    "A partial unique index ignores the rest",
    { id: 1 },
    PARTIAL,
    { id: "a", active: true },
    { id: "a", active: false },
    true,
  ],
];

async function isAccepted(collection: Collection, document: Document): Promise<boolean> {
  try {
    await collection.insertOne(document);
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 11000) return false;
    throw error;
  }
}

const UNIQUE_CHECKS = ROWS.map(([name, key, options, first, second, isAllowed]): Check => ({
  name,
  run: async ({ collection }) => {
    await collection.createIndex(key, options);
    await collection.insertOne({ ...first });
    return isAccepted(collection, { ...second });
  },
  expect: isAllowed,
}));

export const INDEX_CHECKS: readonly Check[] = [
  ...UNIQUE_CHECKS,
  {
    name: "A duplicate key error names pattern and value",
    documents: [{ _id: 1, id: "a" }],
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      return readDuplicate(() => collection.insertOne({ id: "a" }));
    },
    expect: { code: 11000, keyPattern: { id: 1 }, keyValue: { id: "a" } },
  },
  {
    name: "A duplicate key error is worded as MongoDB words it",
    documents: [{ _id: 1, id: "a" }],
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      const failure = await collection.insertOne({ id: "a" }).catch((error: unknown) => error);
      return failure instanceof Error && failure.message.replace(/collection: [^.]+\./, "collection: DB.");
    },
    expect: 'E11000 duplicate key error collection: DB.things index: id_1 dup key: { id: "a" }',
  },
  {
    name: "An update into a duplicate is refused and changes nothing",
    documents: [
      { _id: 1, id: "a" },
      { _id: 2, id: "b" },
    ],
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      const failure = await readDuplicate(() =>
        collection.updateOne({ _id: 2 as never }, { $set: { id: "a", x: 1 } }),
      );
      return [failure, await collection.findOne({ _id: 2 as never })];
    },
    expect: [
      { code: 11000, keyPattern: { id: 1 }, keyValue: { id: "a" } },
      { _id: 2, id: "b" },
    ],
  },
  {
    name: "A value is free again after a delete or a change",
    documents: [
      { _id: 1, id: "a" },
      { _id: 2, id: "b" },
    ],
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      await collection.deleteOne({ id: "a" });
      await collection.updateOne({ id: "b" }, { $set: { id: "c" } });
      return [await isAccepted(collection, { id: "a" }), await isAccepted(collection, { id: "b" })];
    },
    expect: [true, true],
  },
  {
    name: "A unique index is not made over duplicates",
    documents: [{ id: "a" }, { id: "a" }],
    run: ({ collection }) => collection.createIndex({ id: 1 }, { unique: true }),
    expect: failsWith(11000),
  },
  {
    name: "Indexes are listed with their options",
    run: async ({ collection }) => {
      await collection.createIndex({ a: 1, b: -1 }, { unique: true });
      return (await collection.listIndexes().toArray()).map(({ name, key, unique }) => ({
        name,
        key,
        unique,
      }));
    },
    expect: [
      { name: "_id_", key: { _id: 1 }, unique: undefined },
      { name: "a_1_b_-1", key: { a: 1, b: -1 }, unique: true },
    ],
  },
  {
    name: "Making an index again does nothing",
    run: async ({ collection, database }) => {
      await collection.createIndex({ a: 1 });
      const again = await database.command({
        createIndexes: "things",
        indexes: [{ key: { a: 1 }, name: "a_1" }],
      });
      return [again["numIndexesBefore"], again["numIndexesAfter"]];
    },
    expect: [2, 2],
  },
  {
    name: "The same name with another key is refused",
    run: async ({ collection }) => {
      await collection.createIndex({ a: 1 }, { name: "x" });
      return collection.createIndex({ b: 1 }, { name: "x" });
    },
    expect: failsWith(86, "IndexKeySpecsConflict"),
  },
  {
    name: "The same key under another name is refused",
    run: async ({ collection }) => {
      await collection.createIndex({ a: 1 }, { name: "x" });
      return collection.createIndex({ a: 1 }, { name: "y" });
    },
    expect: failsWith(85, "IndexOptionsConflict"),
  },
  {
    name: "A dropped index no longer refuses",
    documents: [{ id: "a" }],
    run: async ({ collection }) => {
      await collection.createIndex({ id: 1 }, { unique: true });
      await collection.dropIndex("id_1");
      return isAccepted(collection, { id: "a" });
    },
    expect: true,
  },
  {
    name: "Dropping an unknown index is refused",
    documents: [{ _id: 1 }],
    run: ({ collection }) => collection.dropIndex("nope"),
    expect: failsWith(27, "IndexNotFound"),
  },
  {
    name: "The _id index stays",
    documents: [{ _id: 1 }],
    run: ({ collection }) => collection.dropIndex("_id_"),
    expect: failsWith(72, "InvalidOptions"),
  },
  {
    name: "A query by an indexed field finds what it finds without the index",
    documents: [
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: [1, 2], b: 1 },
      { _id: 3, a: 1 },
      { _id: 4, a: null, b: 1 },
      { _id: 5, b: 1 },
    ],
    run: async ({ collection }) => {
      const filters = [
        { a: 1 },
        { a: { $in: [1, 2] }, b: 1 },
        { a: null },
        { a: [1, 2] },
        { a: { $gte: 2 } },
      ];
      const read = () =>
        Promise.all(
          filters.map(async (filter) => idsOf(await collection.find(filter).sort({ _id: 1 }).toArray())),
        );
      const without = await read();
      await collection.createIndex({ a: 1 }, { sparse: true });
      await collection.createIndex({ a: 1, b: 1 });
      return [without, await read()];
    },
    expect: [
      [[1, 2, 3], [1, 2], [4, 5], [2], [2]],
      [[1, 2, 3], [1, 2], [4, 5], [2], [2]],
    ],
  },
];
