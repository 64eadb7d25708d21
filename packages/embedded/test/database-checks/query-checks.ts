import { Decimal128, type Document, Double, Long, ObjectId } from "mongodb";
import { type Check, failsWith, idsOf } from "./check.ts";

type Row = readonly [name: string, documents: readonly Document[], filter: Document, expected: unknown];

const A = [{ _id: 1, a: 1 }, { _id: 2, a: "1" }, { _id: 3, a: null }, { _id: 4 }, { _id: 5, a: [1, 2] }];
const ITEMS = [
  {
    _id: 1,
    items: [
      { k: "x", n: 1 },
      { k: "y", n: 5 },
    ],
  },
  {
    _id: 2,
    items: [
      { k: "x", n: 5 },
      { k: "y", n: 1 },
    ],
  },
  { _id: 3, items: [] },
];
const WORDS = [
  { _id: 1, w: "Alpha" },
  { _id: 2, w: "beta\nALPHA" },
  { _id: 3, w: 7 },
];
const OID = new ObjectId("6123456789abcdef01234567");

const ROWS: readonly Row[] = [
  ["A number does not equal the same text", A, { a: 1 }, [1, 5]],
  ["$eq wraps a value", A, { a: { $eq: "1" } }, [2]],
  ["null finds null and missing", A, { a: null }, [3, 4]],
  ["$ne excludes arrays that contain the value", A, { a: { $ne: 1 } }, [2, 3, 4]],
  ["$gt compares within one type only", A, { a: { $gt: 0 } }, [1, 5]],
  ["$gte null finds null and missing", A, { a: { $gte: null } }, [3, 4]],
  ["$in takes several values", A, { a: { $in: ["1", null] } }, [2, 3, 4]],
  ["$in of nothing finds nothing", A, { a: { $in: [] } }, []],
  ["$nin is the opposite of $in", A, { a: { $nin: [1, null] } }, [2]],
  ["$exists true finds null fields", A, { a: { $exists: true } }, [1, 2, 3, 5]],
  ["$exists false finds missing fields", A, { a: { $exists: false } }, [4]],
  ["$type knows names", A, { a: { $type: "string" } }, [2]],
  ["$type array finds arrays", A, { a: { $type: "array" } }, [5]],
  ["$type number finds every number type", A, { a: { $type: "number" } }, [1, 5]],
  ["$size counts elements", A, { a: { $size: 2 } }, [5]],
  ["$all wants every value", A, { a: { $all: [1, 2] } }, [5]],
  ["$not negates operators and finds missing fields", A, { a: { $not: { $gte: 1 } } }, [2, 3, 4]],
  ["$or takes either", A, { $or: [{ a: "1" }, { _id: 4 }] }, [2, 4]],
  ["$and takes both", A, { $and: [{ a: 1 }, { a: 2 }] }, [5]],
  ["$nor takes neither", A, { $nor: [{ a: 1 }, { a: null }] }, [2]],
  [
    "$expr compares two fields",
    [
      { _id: 1, a: 2, b: 1 },
      { _id: 2, a: 1, b: 2 },
    ],
    { $expr: { $gt: ["$a", "$b"] } },
    [1],
  ],
  [
    "$mod divides",
    [
      { _id: 1, a: 4 },
      { _id: 2, a: 5 },
    ],
    { a: { $mod: [4, 0] } },
    [1],
  ],
  ["$regex is case-sensitive", WORDS, { w: { $regex: "^Al" } }, [1]],
  ["$options i ignores case", WORDS, { w: { $regex: "alpha", $options: "i" } }, [1, 2]],
  ["A regular expression literal with m matches at line starts", WORDS, { w: /^ALPHA/m }, [2]],
  ["$in takes regular expressions", WORDS, { w: { $in: [/^Al/, 7] } }, [1, 3]],
  ["A dotted path looks into documents of an array", ITEMS, { "items.n": 5 }, [1, 2]],
  ["Two dotted paths may match different elements", ITEMS, { "items.k": "x", "items.n": 1 }, [1, 2]],
  ["$elemMatch wants one element to match all", ITEMS, { items: { $elemMatch: { k: "x", n: 1 } } }, [1]],
  [
    "$elemMatch takes operators on values",
    [
      { _id: 1, a: [1, 9] },
      { _id: 2, a: [5] },
    ],
    { a: { $elemMatch: { $gt: 4, $lt: 6 } } },
    [2],
  ],
  ["A number in a path is an array index", ITEMS, { "items.0.n": 5 }, [2]],
  ["$size 0 finds empty arrays", ITEMS, { items: { $size: 0 } }, [3]],
  [
    "An embedded document is equal only with the same field order",
    [
      { _id: 1, a: { x: 1, y: 2 } },
      { _id: 2, a: { y: 2, x: 1 } },
    ],
    { a: { x: 1, y: 2 } },
    [1],
  ],
  [
    "An array is equal only in the same order",
    [
      { _id: 1, a: [1, 2] },
      { _id: 2, a: [2, 1] },
    ],
    { a: [2, 1] },
    [2],
  ],
  ["An array also equals an element that is that array", [{ _id: 1, a: [[1, 2], 3] }], { a: [1, 2] }, [1]],
  [
    "int, long and double of one value are equal",
    [
      { _id: 1, a: 5 },
      { _id: 2, a: Long.fromNumber(5) },
      { _id: 3, a: new Double(5) },
    ],
    { a: 5 },
    [1, 2, 3],
  ],
  [
    "Longs beyond 2^53 keep their last digit",
    [
      { _id: 1, a: Long.fromString("9007199254740993") },
      { _id: 2, a: Long.fromString("9007199254740992") },
    ],
    { a: Long.fromString("9007199254740993") },
    [1],
  ],
  ["ObjectIds are found by value", [{ _id: OID }], { _id: new ObjectId(OID.toHexString()) }, [OID]],
  [
    "Dates compare by time",
    [
      { _id: 1, at: new Date(1000) },
      { _id: 2, at: new Date(2000) },
      { _id: 3, at: 1500 },
    ],
    { at: { $lte: new Date(1500) } },
    [1],
  ],
  [
    "Field names of JavaScript's own are ordinary",
    [{ _id: 1, constructor: 1 }, { _id: 2 }],
    { constructor: { $exists: false } },
    [2],
  ],
  ["An unknown operator is refused", A, { a: { $foo: 1 } }, failsWith(2, "BadValue")],
  ["An unknown top-level operator is refused", A, { $foo: 1 }, failsWith(2, "BadValue")],
  ["An unknown operator is refused on an empty collection too", [], { a: { $foo: 1 } }, failsWith(2)],
  ["$in without an array is refused", A, { a: { $in: 1 } }, failsWith(2)],
  ["$and without clauses is refused", A, { $and: [] }, failsWith(2)],
  ["An invalid regular expression is refused", WORDS, { w: { $regex: "(" } }, failsWith(51091)],
  [
    "Decimals that nobody compares are stored and found by other fields",
    [{ _id: 1, price: Decimal128.fromString("1.10") }],
    { _id: 1 },
    [1],
  ],
];

export const QUERY_CHECKS: readonly Check[] = ROWS.map(([name, documents, filter, expect]) => ({
  name,
  ...(documents.length > 0 ? { documents } : {}),
  run: async ({ collection }) => idsOf(await collection.find(filter).sort({ _id: 1 }).toArray()),
  expect,
}));
