import { randomUUID } from "node:crypto";
import type { Collection } from "mongodb";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startBroker, type Broker, type OutgoingMessage } from "../../src/broker/index.ts";
import {
  Outbox,
  type OutboxDocument,
  type OutboxMessage,
  type OutboxOptions,
} from "../../src/outbox/index.ts";
import { createRecordingLogger } from "../support/log.ts";
import { openTestCollections, type TestCollections } from "../support/test-collections.ts";
import { openTestQueues, type TestQueues } from "../support/test-queues.ts";
import { waitUntil } from "../support/wait.ts";

type Options = Partial<OutboxOptions<OutboxDocument>>;

/** What the outbox promises, on whatever broker and database are behind the URLs. */
export function describeOutbox(readUrls: () => { amqpUrl: string; mongoUrl: string }): void {
  let queues: TestQueues;
  let collections: TestCollections;
  let broker: Broker;
  const queue = `test-outbox-${randomUUID()}`;
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const { amqpUrl, mongoUrl } = readUrls();
    queues = await openTestQueues(amqpUrl);
    collections = await openTestCollections(mongoUrl);
    const { logger } = createRecordingLogger();
    broker = await startBroker({ url: amqpUrl, service: "test", queues: [queue], logger });
    await waitUntil("the connection", () => broker.isConnected());
  });
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
    while ((await queues.count(queue)) > 0) await queues.take(queue);
  });
  afterAll(async () => {
    await broker.close();
    for (const name of [queue, `${queue}.retry`, `${queue}.dead`]) await queues.remove(name);
    await queues.close();
    await collections.close();
  });

  async function openOutbox(
    collection: Collection<OutboxDocument>,
    options: Options = {},
  ): Promise<Outbox<OutboxDocument>> {
    const outbox = new Outbox({
      collection,
      publish: (message, timeoutMillis) => broker.publish(message, timeoutMillis),
      canSend: () => true,
      logger: createRecordingLogger().logger,
      sweepIntervalMillis: 20,
      ...options,
    });
    await outbox.prepare();
    return outbox;
  }

  function sweep(outbox: Outbox<OutboxDocument>): void {
    const sweeper = outbox.startSweeper();
    open.push(() => sweeper.close());
  }

  const message = (step: string): OutboxMessage => ({ queue, step, body: { step } });
  const refuse = (): Promise<void> => Promise.reject(new Error("refused"));

  async function takeIds(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let taken = 0; taken < count; taken += 1) {
      ids.push(String((await queues.take(queue)).properties.messageId));
    }
    return ids;
  }

  const isSettled = (collection: Collection<OutboxDocument>): Promise<number> =>
    waitUntil(
      "every outbox to be empty",
      () => collection.countDocuments({ outboxDueAt: { $exists: true } }),
      (count) => count === 0,
    );

  test("a new document's messages are sent in their order, with ids made of the cause and the step", async () => {
    const collection = collections.create();
    const outbox = await openOutbox(collection);
    const result = await outbox.create({ id: "a", status: "create" }, "m-1", [
      message("one"),
      message("two"),
    ]);
    expect(result).toEqual({ created: true });
    expect(await takeIds(2)).toEqual(["m-1.one", "m-1.two"]);
    const stored = await collection.findOne({ id: "a" });
    expect(stored).toMatchObject({ id: "a", status: "create", inbox: ["m-1"], outbox: [] });
    expect(stored).not.toHaveProperty("outboxDueAt");
  });

  test("the same id ten times at once is one document and one message", async () => {
    const outbox = await openOutbox(collections.create());
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        outbox.create({ id: "a", status: "create" }, "a", [message("create")]),
      ),
    );
    expect(results.filter((result) => result.created)).toHaveLength(1);
    expect(await queues.count(queue)).toBe(1);
  });

  test("a change is applied once, in order, and never backwards", async () => {
    const collection = collections.create();
    const outbox = await openOutbox(collection);
    const change = (to: string, messageId: string, from: string[]) =>
      outbox.change({ id: "a", from, to, messageId, messages: [message(to)] });
    expect(await change("making", "m-2", ["create"])).toBe("missing");
    await outbox.create({ id: "a", status: "create" }, "m-1");
    expect(await change("finished", "m-3", ["create", "making"])).toBe("changed");
    expect(await change("finished", "m-3", ["create", "making"])).toBe("duplicate");
    expect(await change("making", "m-2", ["create"])).toBe("late");
    expect(await outbox.find("a")).toMatchObject({ status: "finished", inbox: ["m-1", "m-3"] });
    expect(await takeIds(1)).toEqual(["m-3.finished"]);
    expect(await queues.count(queue)).toBe(0);
  });

  test("the same message ten times at once changes a document once and sends once", async () => {
    const outbox = await openOutbox(collections.create());
    await outbox.create({ id: "a", status: "create" }, "m-1");
    const change = {
      id: "a",
      from: ["create", "making"],
      to: "making",
      messageId: "m-2",
      messages: [message("x")],
    };
    const results = await Promise.all(Array.from({ length: 10 }, () => outbox.change(change)));
    expect(results.filter((result) => result === "changed")).toHaveLength(1);
    expect(results.filter((result) => result === "duplicate")).toHaveLength(9);
    expect(await queues.count(queue)).toBe(1);
  });

  test("the inbox remembers the last 50 messages and no more", async () => {
    const outbox = await openOutbox(collections.create());
    await outbox.create({ id: "a", status: "on" }, "m-0");
    for (let index = 1; index <= 60; index += 1) {
      await outbox.change({ id: "a", from: ["on"], to: "on", messageId: `m-${index}` });
    }
    const inbox = (await outbox.find("a"))?.inbox ?? [];
    expect(inbox).toHaveLength(50);
    expect(inbox.at(-1)).toBe("m-60");
  });

  test("a crash between write and publish is made good by a sweeper, after the lease", async () => {
    const collection = collections.create();
    const crash = new Error("killed");
    const writer = await openOutbox(collection, {
      leaseMillis: 700,
      afterWrite: () => Promise.reject(crash),
    });
    await expect(
      writer.create({ id: "a", status: "create" }, "m-1", [message("one"), message("two")]),
    ).rejects.toBe(crash);
    const dueAt = (await collection.findOne({ id: "a" }))?.outboxDueAt?.getTime() ?? 0;
    sweep(await openOutbox(collection));
    expect(await takeIds(2)).toEqual(["m-1.one", "m-1.two"]);
    expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
    await isSettled(collection);
  });

  test("three sweepers at once send 120 messages of 60 documents, each exactly once and in order", async () => {
    const collection = collections.create();
    const writer = await openOutbox(collection, { leaseMillis: 0, publish: refuse });
    const ids = Array.from({ length: 60 }, (_, index) => `d-${index}`);
    for (const id of ids) await writer.create({ id, status: "create" }, id, [message("one"), message("two")]);
    for (let count = 0; count < 3; count += 1) sweep(await openOutbox(collection));
    await isSettled(collection);
    expect(await queues.count(queue)).toBe(120);
    const sent = await takeIds(120);
    expect([...sent].sort()).toEqual(ids.flatMap((id) => [`${id}.one`, `${id}.two`]).sort());
    for (const id of ids) expect(sent.indexOf(`${id}.one`)).toBeLessThan(sent.indexOf(`${id}.two`));
  });

  test("an entry that cannot be sent holds back those behind it, and nothing is lost", async () => {
    const collection = collections.create();
    const tried: string[] = [];
    let refusals = 2;
    const publish = async (outgoing: OutgoingMessage, timeoutMillis: number): Promise<void> => {
      tried.push(outgoing.messageId);
      if (outgoing.messageId === "m-1.two" && refusals-- > 0) throw new Error("refused");
      await broker.publish(outgoing, timeoutMillis);
    };
    const outbox = await openOutbox(collection, { publish, leaseMillis: 700 });
    await outbox.create({ id: "a", status: "create" }, "m-1", [
      message("one"),
      message("two"),
      message("three"),
    ]);
    expect((await collection.findOne({ id: "a" }))?.outbox?.map((entry) => entry.messageId)).toEqual([
      "m-1.two",
      "m-1.three",
    ]);
    sweep(outbox);
    expect(await takeIds(3)).toEqual(["m-1.one", "m-1.two", "m-1.three"]);
    expect(tried).toEqual(["m-1.one", "m-1.two", "m-1.two", "m-1.two", "m-1.three"]);
    await isSettled(collection);
  });

  test("a second write while the first is being sent does not overtake it", async () => {
    const collection = collections.create();
    const gate = Promise.withResolvers<void>();
    const publish = async (outgoing: OutgoingMessage, timeoutMillis: number): Promise<void> => {
      if (outgoing.messageId === "m-1.one") await gate.promise;
      await broker.publish(outgoing, timeoutMillis);
    };
    const outbox = await openOutbox(collection, { publish, leaseMillis: 20_000 });
    const first = outbox.create({ id: "a", status: "create" }, "m-1", [message("one")]);
    await waitUntil(
      "the first write",
      () => collection.countDocuments({ id: "a" }),
      (count) => count === 1,
    );
    const second = outbox.change({
      id: "a",
      from: ["create"],
      to: "b",
      messageId: "m-2",
      messages: [message("two")],
    });
    await waitUntil(
      "the second write",
      () => collection.countDocuments({ status: "b" }),
      (count) => count === 1,
    );
    gate.resolve();
    await Promise.all([first, second]);
    expect(await takeIds(2)).toEqual(["m-1.one", "m-2.two"]);
    await isSettled(collection);
  });

  test("a write behind another process's unsent entries is left to the sweeper, which keeps the order", async () => {
    const collection = collections.create();
    const crashed = await openOutbox(collection, { publish: refuse });
    await crashed.create({ id: "a", status: "create" }, "m-1", [message("one")]);
    const outbox = await openOutbox(collection, { leaseMillis: 700 });
    await outbox.change({ id: "a", from: ["create"], to: "b", messageId: "m-2", messages: [message("two")] });
    expect(await queues.count(queue)).toBe(0);
    sweep(outbox);
    expect(await takeIds(2)).toEqual(["m-1.one", "m-2.two"]);
    await isSettled(collection);
  });

  test("a writer that does not wait goes on before anything is sent, and its messages still go out", async () => {
    const gate = Promise.withResolvers<void>();
    const events: string[] = [];
    const publish = async (outgoing: OutgoingMessage, timeoutMillis: number): Promise<void> => {
      events.push("publish");
      await gate.promise;
      await broker.publish(outgoing, timeoutMillis);
    };
    const collection = collections.create();
    const outbox = await openOutbox(collection, { publish, sendsInBackground: true, leaseMillis: 20_000 });
    await outbox.create({ id: "a", status: "create" }, "m-1", [message("one")]);
    events.push("goes on");
    await outbox.change({ id: "a", from: ["create"], to: "b", messageId: "m-2", messages: [message("two")] });
    gate.resolve();
    expect(await takeIds(2)).toEqual(["m-1.one", "m-2.two"]);
    expect(events).toEqual(["goes on", "publish", "publish"]);
    await isSettled(collection);
  });

  test("operator objects are compared as values and find nothing", async () => {
    const outbox = await openOutbox(collections.create());
    await outbox.create({ id: "a", status: "create" }, "m-1");
    expect(await outbox.find({ $gt: "" } as unknown as string)).toBeUndefined();
  });
}
