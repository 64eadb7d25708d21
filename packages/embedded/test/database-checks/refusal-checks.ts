import type { Document } from "mongodb";
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
    const { Decimal128 } = await import("mongodb");
    await collection.insertMany([{ price: Decimal128.fromString("1") }, { price: 2 }]);
    const reply = await database.command(command);
    const [error] = (reply["writeErrors"] ?? []) as { code: number }[];
    return error ? { failure: { code: error.code } } : reply;
  },
  expect: failsWith(238),
}));
