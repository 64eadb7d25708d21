import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { deadQueueOf } from "../../src/broker/index.ts";
import { waitUntil } from "../support/wait.ts";
import { setUpConsumerBench } from "./consumer-bench.ts";

/** What becomes of messages that cannot be used or whose handler fails, on whatever broker is behind the URL. */
export function describeFailures(readUrl: () => string): void {
  const bench = setUpConsumerBench(readUrl);

  describe("a message that cannot be used goes to the dead-letter queue with its reason, and the queue goes on", () => {
    test.each([
      { name: "a body that is not JSON", body: Buffer.from("{nonsense"), reason: "bad_json" },
      { name: "an empty body", body: Buffer.alloc(0), reason: "bad_json" },
      { name: "a body of 64 KiB and one byte", body: Buffer.alloc(64 * 1024 + 1, 32), reason: "too_large" },
      { name: "an unknown shape", body: { id: 42 }, reason: "unknown_shape" },
      { name: "JSON that is no object", body: Buffer.from("null"), reason: "unknown_shape" },
      { name: "an operator object as id", body: { id: { $gt: "" } }, reason: "unknown_shape" },
      { name: "no message id", body: { id: "a" }, reason: "no_message_id", options: { messageId: "" } },
    ])("$name", async ({ body, reason, options }) => {
      const queue = bench.queues().createName();
      const handled: string[] = [];
      await bench.consume(queue, { prefetch: 1, handle: ({ message }) => void handled.push(message.id) });
      await bench.queues().send(queue, body, options);
      await bench.queues().send(queue, { id: "next" });

      const dead = await bench.queues().take(deadQueueOf(queue));
      expect(dead.properties.headers).toMatchObject({ "x-dead-reason": reason });
      expect(dead.content.equals(Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)))).toBe(
        true,
      );
      await waitUntil(
        "the next message",
        () => handled,
        (ids) => ids.includes("next"),
      );
      expect(handled).toEqual(["next"]);
    });
  });

  test("header values of any type do not disturb a message", async () => {
    const queue = bench.queues().createName();
    const handled: string[] = [];
    await bench.consume(queue, { handle: ({ message }) => void handled.push(message.id) });
    const headers = { traceparent: 7, baggage: { a: [1] }, "sentry-trace": null, "x-death": "no list" };
    await bench.queues().send(queue, { id: "odd" }, { headers });
    await waitUntil(
      "the message",
      () => handled,
      (ids) => ids.length === 1,
    );
    expect(await bench.queues().count(deadQueueOf(queue))).toBe(0);
  });

  test.each([
    {
      name: "throws synchronously",
      fail: (): Promise<void> => {
        throw new Error("no luck");
      },
    },
    { name: "rejects", fail: (): Promise<void> => Promise.reject(new Error("no luck")) },
    {
      name: "rejects with something that is no error",
      fail: (): Promise<void> => Promise.reject("no luck"),
    },
  ])(
    "a handler that $name gets the message three times, then it is dead-lettered with the reason",
    async ({ fail }) => {
      const queue = bench.queues().createName();
      const attempts: number[] = [];
      const givenUp: unknown[] = [];
      await bench.consume(queue, {
        handle: ({ attempt }) => {
          attempts.push(attempt);
          return fail();
        },
        giveUp: async ({ messageId }) => void givenUp.push(messageId),
      });
      await bench.queues().send(queue, { id: "a" }, { messageId: "m-1" });

      const dead = await bench.queues().take(deadQueueOf(queue));
      expect(attempts).toEqual([1, 2, 3]);
      expect(givenUp).toEqual(["m-1"]);
      expect(dead.properties.messageId).toBe("m-1");
      expect(dead.properties.headers).toMatchObject({
        "x-dead-reason": "failed",
        "x-dead-detail": "no luck",
        "x-dead-attempts": 3,
      });
      await waitUntil(
        "an empty queue",
        () => bench.queues().count(queue),
        (count) => count === 0,
      );
    },
  );

  test("a failure that no further attempt can mend is the last one", async () => {
    const queue = bench.queues().createName();
    const attempts: number[] = [];
    await bench.consume(queue, {
      handle: ({ attempt }) => {
        attempts.push(attempt);
        throw new Error(attempt === 1 ? "not now" : "never");
      },
      isFinal: (error) => error instanceof Error && error.message === "never",
    });
    await bench.queues().send(queue, { id: "a" });
    const dead = await bench.queues().take(deadQueueOf(queue));
    expect(attempts).toEqual([1, 2]);
    expect(dead.properties.headers).toMatchObject({
      "x-dead-reason": "failed",
      "x-dead-detail": "never",
      "x-dead-attempts": 2,
    });
  });

  test("a message that fails once succeeds on its second attempt and is gone", async () => {
    const queue = bench.queues().createName();
    const attempts: number[] = [];
    const { broker, log } = await bench.consume(queue, {
      handle: async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Error("once");
      },
    });
    await bench.queues().send(queue, { id: "a" });
    await waitUntil(
      "both attempts",
      () => attempts,
      (list) => list.length === 2,
    );
    await broker.close();
    expect(attempts).toEqual([1, 2]);
    expect(await bench.queues().count(queue)).toBe(0);
    expect(await bench.queues().count(deadQueueOf(queue))).toBe(0);
    expect(log.lines.filter((line) => line["msg"] === "Message received")).toMatchObject([
      { orderId: "a", attempt: 1 },
      { orderId: "a", attempt: 2 },
    ]);
  });

  test("a message whose final state could not be written is not dead-lettered; it comes back", async () => {
    const queue = bench.queues().createName();
    let refusals = 1;
    const attempts: number[] = [];
    await bench.consume(queue, {
      maxAttempts: 1,
      handle: ({ attempt }) => {
        attempts.push(attempt);
        throw new Error("never works");
      },
      giveUp: async () => {
        if (refusals-- > 0) throw new Error("the database refused");
      },
    });
    await bench.queues().send(queue, { id: "a" });
    const dead = await bench.queues().take(deadQueueOf(queue));
    expect(attempts).toEqual([1, 2]);
    expect(dead.properties.headers).toMatchObject({ "x-dead-detail": "never works" });
  });

  test("during an outage a message waits and does not use up its attempts", async () => {
    const queue = bench.queues().createName();
    const attempts: number[] = [];
    await bench.consume(queue, {
      maxAttempts: 1,
      handle: async ({ attempt }) => {
        attempts.push(attempt);
        if (attempts.length < 4) throw new Error("away");
      },
      outages: {
        isOutage: (error) => error instanceof Error && error.message === "away",
        waitForEnd: (signal) => sleep(5, undefined, { signal }),
      },
    });
    await bench.queues().send(queue, { id: "a" });
    await waitUntil(
      "the fourth run",
      () => attempts,
      (list) => list.length === 4,
    );
    expect(attempts).toEqual([1, 1, 1, 1]);
    expect(await bench.queues().count(deadQueueOf(queue))).toBe(0);
  });
}
