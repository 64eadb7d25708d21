import type { Document } from "mongodb";
import { type Check, failsWith } from "./check.ts";

const ORDERS = [
  { _id: 1, status: "done", n: 2, tags: ["x", "y"] },
  { _id: 2, status: "new", n: 5, tags: [] },
  { _id: 3, status: "done", n: 3 },
  { _id: 4, n: null, tags: ["x"] },
];

type Row = readonly [name: string, pipeline: Document[], expected: unknown];

const ROWS: readonly Row[] = [
  ["$mod by zero is an error", [{ $project: { a: { $mod: ["$_id", 0] } } }], failsWith(16610)],
  ["$divide by zero is an error", [{ $project: { a: { $divide: ["$_id", 0] } } }], failsWith(2)],
  ["$size of a missing field is an error", [{ $project: { a: { $size: "$tags" } } }], failsWith(17124)],
  [
    "$mergeObjects of a number is an error",
    [{ $project: { a: { $mergeObjects: ["$n"] } } }],
    failsWith(40400),
  ],
  [
    "$sum as an expression adds up an array or its operands",
    [
      { $match: { _id: 3 } },
      { $project: { a: { $sum: ["$n", "$_id"] }, b: { $sum: [[1, 2]] }, c: { $max: ["$n", 9] } } },
    ],
    [{ _id: 3, a: 6, b: 3, c: 9 }],
  ],
  [
    "An unknown expression in a filter is refused",
    [{ $match: { $expr: { $foo: 1 } } }],
    failsWith(168, "InvalidPipelineOperator"),
  ],
  [
    "$match, $sort, $skip and $limit work one after the other",
    [
      { $match: { n: { $gt: 1 } } },
      { $sort: { n: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { n: 1 } },
    ],
    [{ _id: 3, n: 3 }],
  ],
  ["$count counts", [{ $match: { status: "done" } }, { $count: "total" }], [{ total: 2 }]],
  ["$count of nothing gives no document", [{ $match: { status: "none" } }, { $count: "total" }], []],
  [
    "$group sums, averages and keeps first, last, smallest and largest",
    [
      { $sort: { _id: 1 } },
      {
        $group: {
          _id: "$status",
          n: { $sum: "$n" },
          mean: { $avg: "$n" },
          first: { $first: "$_id" },
          last: { $last: "$_id" },
          low: { $min: "$n" },
          high: { $max: "$n" },
          count: { $count: {} },
        },
      },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: null, n: 0, mean: null, first: 4, last: 4, low: null, high: null, count: 1 },
      { _id: "done", n: 5, mean: 2.5, first: 1, last: 3, low: 2, high: 3, count: 2 },
      { _id: "new", n: 5, mean: 5, first: 2, last: 2, low: 5, high: 5, count: 1 },
    ],
  ],
  [
    "$group over everything uses a constant _id",
    [{ $group: { _id: null, ids: { $push: "$_id" } } }],
    [{ _id: null, ids: [1, 2, 3, 4] }],
  ],
  [
    "$addToSet keeps each value once",
    [
      { $match: { tags: "x" } },
      { $group: { _id: null, tags: { $addToSet: "$tags" } } },
      { $project: { size: { $size: "$tags" } } },
    ],
    [{ _id: null, size: 2 }],
  ],
  [
    "$unwind makes one document of each element and drops the empty",
    [{ $unwind: "$tags" }, { $project: { tags: 1 } }],
    [
      { _id: 1, tags: "x" },
      { _id: 1, tags: "y" },
      { _id: 4, tags: "x" },
    ],
  ],
  [
    "$unwind can keep the empty and number the rest",
    [
      { $match: { _id: { $lt: 3 } } },
      { $unwind: { path: "$tags", includeArrayIndex: "i", preserveNullAndEmptyArrays: true } },
      { $project: { tags: 1, i: 1 } },
    ],
    [
      { _id: 1, tags: "x", i: 0 },
      { _id: 1, tags: "y", i: 1 },
      { _id: 2, i: null },
    ],
  ],
  [
    "$set computes and $unset removes",
    [
      { $match: { _id: 3 } },
      { $set: { double: { $multiply: ["$n", 2] }, "a.b": 1 } },
      { $unset: ["n", "status"] },
    ],
    [{ _id: 3, double: 6, a: { b: 1 } }],
  ],
  [
    "$project computes conditions",
    [{ $match: { _id: { $lt: 3 } } }, { $project: { big: { $cond: [{ $gt: ["$n", 3] }, "yes", "no"] } } }],
    [
      { _id: 1, big: "no" },
      { _id: 2, big: "yes" },
    ],
  ],
  [
    "$replaceWith takes a computed document",
    [{ $match: { _id: 1 } }, { $replaceWith: { id: "$_id", first: { $arrayElemAt: ["$tags", 0] } } }],
    [{ id: 1, first: "x" }],
  ],
  [
    "$sortByCount groups and sorts",
    [{ $unwind: "$tags" }, { $sortByCount: "$tags" }],
    [
      { _id: "x", count: 2 },
      { _id: "y", count: 1 },
    ],
  ],
  [
    "$eq in an expression does not look into arrays",
    [
      { $match: { _id: 4 } },
      { $project: { same: { $eq: ["$tags", "x"] }, inside: { $in: ["x", "$tags"] } } },
    ],
    [{ _id: 4, same: false, inside: true }],
  ],
  [
    "$ifNull replaces null and missing",
    [{ $match: { _id: { $gt: 2 } } }, { $project: { s: { $ifNull: ["$status", "none"] } } }],
    [
      { _id: 3, s: "done" },
      { _id: 4, s: "none" },
    ],
  ],
  [
    "$filter and $map work on arrays",
    [
      { $match: { _id: 1 } },
      {
        $project: {
          _id: 0,
          t: {
            $map: {
              input: { $filter: { input: "$tags", as: "t", cond: { $ne: ["$$t", "x"] } } },
              as: "t",
              in: { $concat: ["$$t", "!"] },
            },
          },
        },
      },
    ],
    [{ t: ["y!"] }],
  ],
  ["An unknown stage is refused", [{ $foo: 1 }], failsWith(40324)],
  ["An unknown expression in a projection is refused", [{ $project: { a: { $foo: 1 } } }], failsWith(31325)],
  ["An unknown accumulator is refused", [{ $group: { _id: null, a: { $foo: 1 } } }], failsWith(15952)],
  ["A stage with two names is refused", [{ $match: {}, $limit: 1 }], failsWith(40323)],
  ["$limit 0 is refused", [{ $limit: 0 }], failsWith(15958)],
];

export const AGGREGATE_CHECKS: readonly Check[] = [
  ...ROWS.map(([name, pipeline, expect]): Check => ({
    name,
    documents: ORDERS,
    run: ({ collection }) => collection.aggregate(pipeline).toArray(),
    expect,
  })),
  {
    name: "$lookup joins another collection",
    documents: [
      { _id: 1, item: "x" },
      { _id: 2, item: "y" },
    ],
    run: async ({ collection, database }) => {
      await database.collection("items").insertMany([
        { _id: 7, sku: "x" },
        { _id: 8, sku: "x" },
      ] as never);
      const join = { from: "items", localField: "item", foreignField: "sku", as: "found" };
      return collection.aggregate([{ $lookup: join }]).toArray();
    },
    expect: [
      {
        _id: 1,
        item: "x",
        found: [
          { _id: 7, sku: "x" },
          { _id: 8, sku: "x" },
        ],
      },
      { _id: 2, item: "y", found: [] },
    ],
  },
  {
    name: "let gives an expression a variable",
    documents: ORDERS,
    run: ({ collection }) =>
      collection
        .find({ $expr: { $eq: ["$n", "$$wanted"] } }, { let: { wanted: 3 }, projection: { _id: 1 } })
        .toArray(),
    expect: [{ _id: 3 }],
  },
];
