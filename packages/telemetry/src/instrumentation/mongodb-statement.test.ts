import { expect, test } from "vitest";
import { serializeMongoCommand } from "./mongodb-statement.ts";

test("a statement keeps its shape, with ? for every value", () => {
  const command = {
    find: "order",
    filter: { id: "alice", age: { $gt: 42 }, tags: { $in: ["a", "b"] }, $or: [{ a: 1 }, { b: null }] },
    lsid: { id: "session" },
    $clusterTime: {},
  };
  expect(serializeMongoCommand(command)).toBe(
    '{"find":"?","filter":{"id":"?","age":{"$gt":"?"},"tags":{"$in":["?"]},"$or":[{"a":"?"},{"b":"?"}]}}',
  );
});

test("keys that may be data become ?, paths and operators stay", () => {
  const keys = { "a.b.0.$x": 1, "a person@example.com": 1, "inbox.4f3a-77": 1, "items.4111111111111111": 1 };
  expect(serializeMongoCommand(keys)).toBe('{"a.b.0.$x":"?","?":"?"}');
});

test("the collection of findAndModify and aggregate stays; a document with such a field shows no value", () => {
  expect(serializeMongoCommand({ findAndModify: "order", query: { id: 1 } })).toBe(
    '{"findAndModify":"order","query":{"id":"?"}}',
  );
  expect(serializeMongoCommand({ aggregate: "order", pipeline: [] })).toContain('{"aggregate":"order"');
  expect(serializeMongoCommand({ aggregate: "alice" })).toBe('{"aggregate":"?"}');
});

test("buffers and class instances are one ?, never spelled out", () => {
  const command = { data: Buffer.alloc(65_536), at: new Date(), map: new Map([["a", 1]]) };
  expect(serializeMongoCommand(command)).toBe('{"data":"?","at":"?","map":"?"}');
});

test("depth, keys, items and length are bounded", () => {
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 20_000; level += 1) deep = { a: deep };
  expect(serializeMongoCommand(deep).length).toBeLessThan(100);
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { a: 1 }]));
  expect(
    serializeMongoCommand({ wide, list: Array.from({ length: 100_000 }, () => ({ a: 1 })) }).length,
  ).toBeLessThanOrEqual(2048);
});
