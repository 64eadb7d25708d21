import { randomUUID } from "node:crypto";
import { findSpans } from "@tracebridge/telemetry/testing";
import { afterEach, describe, expect, it } from "vitest";
import { openDatabases, type Databases } from "./databases.ts";
import { readUntil } from "./eventually.ts";
import { startOrderStack, type OrderStack, type OrderStackOptions } from "./order-stack.ts";
import { postOrder } from "./orders.ts";

/** Services killed at the worst moments. Runs against the embedded broker and against RabbitMQ. */
export function describeNothingLost(broker: string, readAmqpUrl: () => string | undefined): void {
  describe(`over ${broker} an accepted order ends finished, exactly once,`, () => {
    let stack: OrderStack;
    let databases: Databases;
    const start = async (options: OrderStackOptions): Promise<void> => {
      stack = await startOrderStack({ ...options, amqpUrl: readAmqpUrl() });
      databases = await openDatabases(stack);
    };
    afterEach(async () => {
      await databases.close();
      await stack.stop();
    });

    const waitForAllFinished = async (count: number): Promise<void> => {
      const everywhere = await readUntil(
        async () => ({
          web: await databases.countByStatus("web"),
          order: await databases.countByStatus("order"),
          factory: await databases.countByStatus("factory"),
          pendingMessages: await databases.pendingMessages(),
        }),
        (now) =>
          now.pendingMessages === 0 &&
          [now.web, now.order, now.factory].every((c) => c["finished"] === count),
        45_000,
      );
      const finished = { finished: count };
      expect(everywhere).toEqual({ web: finished, order: finished, factory: finished, pendingMessages: 0 });
    };

    /** How often `finished` was told to the order service, seen at the OTLP receiver. */
    const countFinishedMessages = (traceId = ""): number =>
      findSpans(stack.receiver, { traceId, service: "factory", name: "send order", in: "otlp" }).length;

    it("though the factory is killed in the middle of its work", async () => {
      await start({ envOf: { factory: { FACTORY_DELAY_MILLIS: "60000" } } });
      const orders = await Promise.all(
        Array.from({ length: 5 }, () => postOrder(stack, { id: randomUUID() })),
      );
      await readUntil(
        () => databases.countByStatus("factory"),
        (counts) => (counts["making"] ?? 0) > 0,
        15_000,
      );
      const factory = stack.processes.get("factory");
      factory?.kill("SIGKILL");
      expect(await factory?.exited).toEqual({ code: null, signal: "SIGKILL" });
      await stack.restart("factory", { FACTORY_DELAY_MILLIS: "20" });
      await waitForAllFinished(5);
      await stack.receiver.waitFor("the finished message of each order", () =>
        orders.every(({ order }) => countFinishedMessages(order.traceId) > 0),
      );
      expect(orders.map(({ order }) => countFinishedMessages(order.traceId))).toEqual([1, 1, 1, 1, 1]);
    });

    it("though the order service is killed between its database write and the publish", async () => {
      await start({ envOf: { order: { FAIL_POINT: "after-write" } } });
      const { order } = await postOrder(stack, { id: randomUUID() });
      expect(await stack.processes.get("order")?.exited).toEqual({ code: null, signal: "SIGKILL" });
      expect(await databases.countByStatus("order")).toEqual({ create: 1 });
      expect(await databases.countByStatus("factory")).toEqual({});
      await stack.restart("order", { FAIL_POINT: undefined });
      await waitForAllFinished(1);
      await stack.receiver.waitFor("the finished message", () => countFinishedMessages(order.traceId) > 0);
      expect(countFinishedMessages(order.traceId)).toBe(1);
    });
  });
}
