import fc from "fast-check";
import { type Document, MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDatabase } from "../src/database/index.ts";

/** What no single example shows: the same answers with and without indexes, whatever the documents and filters. */

let database: Awaited<ReturnType<typeof startDatabase>>;
let client: MongoClient;
let run = 0;

beforeAll(async () => {
  database = await startDatabase();
  client = await new MongoClient(database.url).connect();
});

afterAll(async () => {
  await client.close();
  await database.close();
});

const scalar = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom("a", "b", "", null, true, 0.5, -0),
  fc.constant(new Date(1000)),
  fc.constant({ k: 1 }),
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }));
const nested = fc.oneof(
  value,
  fc.record({ c: value }, { requiredKeys: [] }),
  fc.array(fc.record({ c: value }), { maxLength: 2 }),
);
const document = fc.record({ a: value, b: nested }, { requiredKeys: [] });
const operand = fc.oneof(
  value,
  fc.record({ $eq: value }),
  fc.record({ $in: fc.array(value, { maxLength: 3 }) }),
  fc.record({ $gte: scalar, $lt: scalar }, { requiredKeys: ["$gte"] }),
  fc.constantFrom({ $exists: true }, { $exists: false }, { $ne: 1 }),
);
const fields = fc.record({ a: operand, b: operand, "b.c": operand }, { requiredKeys: [] });
const filter = fc.oneof(
  fields,
  fc.record(
    { $and: fc.array(fields, { minLength: 1, maxLength: 2 }), a: operand },
    { requiredKeys: ["$and"] },
  ),
);

const INDEXES: readonly (readonly [Document, Document])[] = [
  [{ a: 1 }, {}],
  [{ "b.c": 1 }, { sparse: true }],
  [{ b: 1 }, { partialFilterExpression: { b: { $exists: true } } }],
  [{ a: 1, "b.c": -1 }, {}],
];

async function readIds(name: string, query: Document): Promise<unknown[]> {
  const found = await client.db("properties").collection(name).find(query).toArray();
  return found.map(({ _id }) => Number(_id)).toSorted((left, right) => left - right);
}

/** Arrays in two fields of a compound index are refused, here as in MongoDB. */
function isIndexable(documents: readonly Document[]): boolean {
  return documents.every(({ a, b }) => !(Array.isArray(a) && JSON.stringify(b ?? null).includes("[")));
}

test("a query finds the same documents with indexes as without", async () => {
  const documents = fc.array(document, { maxLength: 12 }).filter(isIndexable);
  const property = fc.asyncProperty(
    documents,
    fc.array(filter, { minLength: 5, maxLength: 10 }),
    async (stored, filters) => {
      run += 1;
      const [plain, indexed] = [`plain-${run}`, `indexed-${run}`];
      const numbered = stored.map((fieldsOf, _id) => ({ ...fieldsOf, _id: _id as never }));
      for (const [key, options] of INDEXES) {
        await client.db("properties").collection(indexed).createIndex(key, options);
      }
      for (const name of [plain, indexed]) {
        if (numbered.length > 0)
          await client.db("properties").collection(name).insertMany(structuredClone(numbered));
      }
      for (const query of filters) expect(await readIds(indexed, query)).toEqual(await readIds(plain, query));
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test("an update keeps every index true", async () => {
  const updates = fc.array(fc.tuple(fc.nat({ max: 5 }), document), { maxLength: 15 });
  const property = fc.asyncProperty(updates, filter, async (steps, query) => {
    run += 1;
    const [plain, indexed] = [`plain-${run}`, `indexed-${run}`];
    await client.db("properties").collection(indexed).createIndex({ a: 1 });
    await client.db("properties").collection(indexed).createIndex({ "b.c": 1 }, { sparse: true });
    for (const name of [plain, indexed]) {
      const collection = client.db("properties").collection(name);
      for (const [_id, replacement] of steps) {
        await collection.replaceOne({ _id: _id as never }, structuredClone(replacement), { upsert: true });
        if (_id === 5) await collection.deleteOne({ _id: _id as never });
      }
    }
    expect(await readIds(indexed, query)).toEqual(await readIds(plain, query));
  });
  await fc.assert(property, { numRuns: 60 });
});
