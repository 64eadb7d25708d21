import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { deadQueueOf, type Delivery } from "../../src/broker/index.ts";
import { waitUntil } from "../support/wait.ts";
import { setUpConsumerBench, testMessageSchema, type TestMessage } from "./consumer-bench.ts";

/** How a consumer works, stops and comes back, on whatever broker is behind the URL. */
export function describeConsumer(readUrl: () => string): void {
  const bench = setUpConsumerBench(readUrl);

  test("200 messages at once are each settled exactly once, over one connection", async () => {
    const queue = bench.queues().createName();
    const handled: string[] = [];
    const { log } = await bench.consume(queue, {
      prefetch: 50,
      handle: async ({ message }) => {
        await sleep(Math.random() * 5);
        handled.push(message.id);
      },
    });
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => bench.queues().send(queue, { id: String(index) })),
    );
    await waitUntil(
      "all messages",
      () => handled.length,
      (count) => count >= 200,
    );
    await waitUntil(
      "an empty queue",
      () => bench.queues().count(queue),
      (count) => count === 0,
    );
    expect(new Set(handled).size).toBe(200);
    expect(handled).toHaveLength(200);
    // A message settled twice makes the broker close the channel.
    expect(log.texts().filter((text) => text === "Connected to the broker")).toHaveLength(1);
  });

  test("no more messages than the prefetch are worked on at once", async () => {
    const queue = bench.queues().createName();
    let running = 0;
    let most = 0;
    let done = 0;
    await bench.consume(queue, {
      prefetch: 3,
      handle: async () => {
        most = Math.max(most, ++running);
        await sleep(10);
        running -= 1;
        done += 1;
      },
    });
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => bench.queues().send(queue, { id: String(index) })),
    );
    await waitUntil(
      "all messages",
      () => done,
      (count) => count === 12,
    );
    expect(most).toBe(3);
  });

  test("closing hands unfinished work back to the queue, as its first attempt", async () => {
    const queue = bench.queues().createName();
    const begun = Promise.withResolvers<Delivery<TestMessage>>();
    const first = await bench.consume(queue, {
      handle: async (delivery) => {
        begun.resolve(delivery);
        await sleep(600_000, undefined, { signal: delivery.signal });
      },
    });
    await bench.queues().send(queue, { id: "a" }, { messageId: "m-1" });
    await begun.promise;
    await first.consumer.close(3000);
    expect(
      await waitUntil(
        "the message back in the queue",
        () => bench.queues().count(queue),
        (count) => count === 1,
      ),
    ).toBe(1);

    const second = Promise.withResolvers<Delivery<TestMessage>>();
    await bench.consume(queue, { handle: (delivery) => second.resolve(delivery) });
    expect(await second.promise).toMatchObject({ messageId: "m-1", attempt: 1 });
    expect(await bench.queues().count(deadQueueOf(queue))).toBe(0);
  });

  test("closing waits for short work to be settled", async () => {
    const queue = bench.queues().createName();
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const { consumer } = await bench.consume(queue, {
      handle: async () => {
        begun.resolve();
        await release.promise;
      },
    });
    await bench.queues().send(queue, { id: "a" });
    await begun.promise;
    const closing = consumer.close(5000);
    release.resolve();
    await closing;
    expect(await bench.queues().count(queue)).toBe(0);
  });

  test("after a broken connection the consumer is back, and the message it worked on is delivered again", async () => {
    const queue = bench.queues().createName();
    const proxy = await bench.startProxy();
    const handled: string[] = [];
    const begun = Promise.withResolvers<AbortSignal>();
    const { broker, log } = await bench.consume(
      queue,
      {
        handle: async ({ message, signal }) => {
          handled.push(message.id);
          if (handled.length > 1) return;
          begun.resolve(signal);
          await once(signal, "abort");
          signal.throwIfAborted();
        },
      },
      proxy.url,
    );
    await bench.queues().send(queue, { id: "a" });
    const signal = await begun.promise;
    proxy.cut();
    await waitUntil(
      "the message again",
      () => handled,
      (ids) => ids.length === 2,
    );
    expect(signal.aborted).toBe(true);
    await broker.publish({ queue, messageId: "later", content: Buffer.from('{"id":"b"}') });
    await waitUntil(
      "a later message",
      () => handled,
      (ids) => ids.includes("b"),
    );
    expect(handled).toEqual(["a", "a", "b"]);
    expect(log.texts()).toContain("Lost the broker");
  });

  test("a queue that is deleted while it is consumed is declared and consumed again", async () => {
    const queue = bench.queues().createName();
    const handled: string[] = [];
    const { log } = await bench.consume(queue, { handle: ({ message }) => void handled.push(message.id) });
    await bench.queues().remove(queue);
    await waitUntil(
      "the second connection",
      () => log.texts().filter((text) => text === "Connected to the broker").length,
      (count) => count === 2,
    );
    await bench.queues().send(queue, { id: "a" });
    await waitUntil(
      "the message",
      () => handled,
      (ids) => ids.length === 1,
    );
    expect(handled).toEqual(["a"]);
  });

  test("a queue that does not exist yet is consumed as soon as it does", async () => {
    const queue = bench.queues().createName();
    const missing = bench.queues().createName();
    const handled: string[] = [];
    const { broker, log } = await bench.consume(queue, {});
    // The broker closes the channel of whoever consumes an unknown queue, and leaves the connection open.
    await broker.consume({
      queue: missing,
      schema: testMessageSchema,
      prefetch: 1,
      businessIds: () => ({}),
      handle: ({ message }) => void handled.push(message.id),
    });
    await waitUntil("the channel to be missed", () => log.texts().includes("The broker closed a channel"));
    await bench.queues().declare(missing);
    await bench.queues().send(missing, { id: "a" });
    await waitUntil(
      "the message",
      () => handled,
      (ids) => ids.length === 1,
    );
    expect(handled).toEqual(["a"]);
  });
}
