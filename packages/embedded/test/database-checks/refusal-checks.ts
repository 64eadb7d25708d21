import { Decimal128, type Document, Timestamp } from "mongodb";
import { type Check, failsWith } from "./check.ts";

type Row = readonly [what: string, command: Document];

/**
 * What MongoDB can do and the embedded database cannot: refused with NotImplemented, never done halfway. Not part
 * of the second opinion.
 */
const ROWS: readonly Row[] = [
  ["$where", { find: "things", filter: { $where: "true" } }],
  ["$text", { find: "things", filter: { $text: { $search: "x" } } }],
  ["$near", { find: "things", filter: { at: { $near: [0, 0] } } }],
  ["$jsonSchema", { find: "things", filter: { $jsonSchema: {} } }],
  ["$bitsAllSet", { find: "things", filter: { n: { $bitsAllSet: 1 } } }],
  ["a collation", { find: "things", collation: { locale: "de" } }],
  ["tailable cursors", { find: "things", tailable: true }],
  ["$meta", { find: "things", projection: { score: { $meta: "textScore" } } }],
  ["comparing decimals", { find: "things", filter: {}, sort: { price: 1 } }],
  ["$out", { aggregate: "things", pipeline: [{ $out: "x" }], cursor: {} }],
  ["$facet", { aggregate: "things", pipeline: [{ $facet: {} }], cursor: {} }],
  ["change streams", { aggregate: "things", pipeline: [{ $changeStream: {} }], cursor: {} }],
  [
    "$type as an expression",
    { aggregate: "things", pipeline: [{ $project: { t: { $type: "$a" } } }], cursor: {} },
  ],
  [
    "$lookup with a pipeline",
    { aggregate: "things", pipeline: [{ $lookup: { from: "x", as: "y", pipeline: [] } }], cursor: {} },
  ],
  ["$toUpper", { aggregate: "things", pipeline: [{ $project: { t: { $toUpper: "$a" } } }], cursor: {} }],
  [
    "numbers in the field path of an expression",
    { aggregate: "things", pipeline: [{ $project: { t: "$a.0" } }], cursor: {} },
  ],
  [
    "division in an update pipeline",
    { update: "things", updates: [{ q: {}, u: [{ $set: { a: { $divide: [4, 2] } } }] }] },
  ],
  [
    "a sum in an update pipeline that is no int32",
    {
      update: "things",
      updates: [{ q: { _id: 1 }, u: [{ $set: { a: { $add: [0.5, 0.5] } } }], upsert: true }],
    },
  ],
  ["a projection of _id and $slice alone", { find: "things", projection: { _id: 1, a: { $slice: 1 } } }],
  ["the empty timestamp", { insert: "things", documents: [{ at: new Timestamp({ t: 0, i: 0 }) }] }],
  ["$bit", { update: "things", updates: [{ q: {}, u: { $bit: { a: { and: 1 } } } }] }],
  ["text indexes", { createIndexes: "things", indexes: [{ key: { a: "text" }, name: "a" }] }],
  ["hashed indexes", { createIndexes: "things", indexes: [{ key: { a: "hashed" }, name: "a" }] }],
  ["wildcard indexes", { createIndexes: "things", indexes: [{ key: { "$**": 1 }, name: "a" }] }],
  ["capped collections", { create: "capped", capped: true, size: 1000 }],
  ["validators", { create: "checked", validator: { a: 1 } }],
  ["views", { create: "view", viewOn: "things", pipeline: [{ $match: {} }] }],
];

export const REFUSAL_CHECKS: readonly Check[] = ROWS.map(([what, command]) => ({
  name: `The embedded database refuses ${what}`,
  run: async ({ database, collection }) => {
    await collection.insertMany([{ price: Decimal128.fromString("1") }, { price: 2 }]);
    const reply = await database.command(command);
    const [error] = (reply["writeErrors"] ?? []) as { code: number }[];
    return error ? { failure: { code: error.code } } : reply;
  },
  expect: failsWith(238),
}));
