import { MongoClient } from "mongodb";
import { afterEach, describe, expect, test } from "vitest";
import { startDatabase } from "../src/database/index.ts";
import { claimPort } from "../src/ports.ts";

const open: { close(): Promise<void> }[] = [];

function keep<T extends { close(): Promise<void> }>(resource: T): T {
  open.push(resource);
  return resource;
}

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource.close();
});

async function connect(url: string, options = {}): Promise<MongoClient> {
  return keep(await new MongoClient(url, options).connect());
}

describe("startDatabase", () => {
  test("takes a free port and says where it listens", async () => {
    const { url, port } = keep(await startDatabase());
    expect(port).toBeGreaterThan(0);
    expect(url).toBe(`mongodb://127.0.0.1:${port}`);
  });

  test("a busy port is an error", async () => {
    const { port } = keep(await startDatabase());
    await expect(startDatabase({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("an address that is not loopback is refused", async () => {
    await expect(startDatabase({ host: "0.0.0.0" })).rejects.toThrow("loopback");
  });

  test("two databases know nothing of each other", async () => {
    const [first, second] = [keep(await startDatabase()), keep(await startDatabase())];
    await (await connect(first.url)).db("a").collection("b").insertOne({});
    expect(await (await connect(second.url)).db("a").collection("b").countDocuments()).toBe(0);
  });

  test("close ends open connections and frees the port", async () => {
    const database = await startDatabase({ port: await claimPort() });
    const client = await connect(database.url, { serverSelectionTimeoutMS: 200 });
    await client.db("a").command({ ping: 1 });
    await database.close();
    await expect(client.db("a").command({ ping: 1 })).rejects.toThrow(/connect|closed|selection/i);
    const again = keep(await startDatabase({ port: database.port }));
    expect(again.port).toBe(database.port);
  });

  test("credentials are refused", async () => {
    const { port } = keep(await startDatabase());
    const client = new MongoClient(`mongodb://user:secret@127.0.0.1:${port}`);
    await expect(client.connect()).rejects.toMatchObject({ code: 18 });
    await client.close();
  });
});

describe("limits", () => {
  test("a document over 16 MiB is refused and the connection lives on", async () => {
    const client = await connect(keep(await startDatabase()).url);
    const things = client.db("a").collection("things");
    await things.insertOne({ _id: 1 as never, text: "x".repeat(9 * 1024 * 1024) });
    await expect(things.updateOne({ _id: 1 as never }, [{ $set: { copy: "$text" } }])).rejects.toMatchObject({
      code: 10334,
    });
    expect(await things.countDocuments({ copy: { $exists: false } })).toBe(1);
  });

  test("open cursors are bounded", async () => {
    const client = await connect(keep(await startDatabase()).url);
    const database = client.db("a");
    await database.collection("things").insertMany([{}, {}]);
    const openOne = () => database.command({ find: "things", batchSize: 1 });
    for (let cursor = 0; cursor < 1000; cursor++) await openOne();
    await expect(openOne()).rejects.toMatchObject({ code: 146, codeName: "ExceededMemoryLimit" });
  });

  test("ending a session ends its cursors", async () => {
    const client = await connect(keep(await startDatabase()).url);
    const database = client.db("a");
    await database.collection("things").insertMany([{}, {}, {}]);
    const session = client.startSession();
    const { cursor } = await database.command(
      { find: "things", batchSize: 1 },
      { session, promoteLongs: false },
    );
    await database.command({ endSessions: [session.id] });
    await session.endSession();
    const more = database.command({ getMore: cursor.id, collection: "things" });
    await expect(more).rejects.toMatchObject({ code: 43 });
  });
});

describe("TTL indexes", () => {
  test("remove what has expired and nothing else", async () => {
    const client = await connect(keep(await startDatabase()).url);
    const things = client.db("a").collection("things");
    await things.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await things.insertMany([{ at: new Date(0) }, { at: new Date() }, { at: "never" }, {}]);
    await expect.poll(() => things.countDocuments(), { timeout: 10_000 }).toBe(3);
  });
});

describe("a load as large as the stack's", () => {
  test("1,000 orders go through create, relay and finish by their indexes", async () => {
    const client = await connect(keep(await startDatabase()).url);
    const orders = client.db("order").collection("order");
    await orders.createIndex({ id: 1 }, { unique: true });
    await orders.createIndex(
      { outboxDueAt: 1 },
      { partialFilterExpression: { outboxDueAt: { $exists: true } } },
    );
    const ids = Array.from({ length: 1000 }, (_, index) => `order-${index}`);
    const forAll = (run: (id: string) => Promise<unknown>) => Promise.all(ids.map(run));
    await forAll((id) =>
      orders.updateOne(
        { id: { $eq: id } },
        {
          $setOnInsert: { status: "create" },
          $push: { outbox: { messageId: id }, inbox: { $each: [id], $slice: -3 } } as never,
          $set: { outboxDueAt: new Date(0) },
        },
        { upsert: true },
      ),
    );
    const claimed = await forAll(() =>
      orders.findOneAndUpdate(
        { outboxDueAt: { $lte: new Date(1000) } },
        { $set: { outboxDueAt: new Date(2000) } },
        { sort: { outboxDueAt: 1 } },
      ),
    );
    expect(new Set(claimed.map((order) => (order as { id?: string } | null)?.id)).size).toBe(1000);
    await forAll((id) =>
      orders.updateOne(
        { id: { $eq: id }, status: { $in: ["create"] } },
        {
          $set: { status: "finished" },
          $pull: { outbox: { messageId: id } as never },
          $unset: { outboxDueAt: "" },
        },
      ),
    );
    expect(await orders.countDocuments({ status: "finished", outbox: { $size: 0 }, outboxDueAt: null })).toBe(
      1000,
    );
  });
});
