import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabases, type Databases } from "./databases.ts";
import { readUntil } from "./eventually.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder } from "./orders.ts";

const total = 1000;
const perSecond = 50;

describe("1,000 orders at 50 a second", () => {
  let stack: OrderStack;
  let databases: Databases;
  beforeAll(async () => {
    stack = await startOrderStack({ env: { FACTORY_DELAY_MILLIS: "20" } });
    databases = await openDatabases(stack);
  });
  afterAll(async () => {
    await databases.close();
    await stack.stop();
  });

  it("all finish, with one trace each", { timeout: 180_000 }, async () => {
    const posted = await Promise.all(
      Array.from({ length: total }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, (index * 1000) / perSecond));
        return postOrder(stack, { id: `load-${index}` });
      }),
    );
    expect(posted.filter(({ status }) => status !== 202)).toEqual([]);
    const traceIds = new Map(posted.map(({ order }) => [order.id, order.traceId]));
    expect(new Set(traceIds.values()).size).toBe(total);

    const counts = await readUntil(
      () => databases.countByStatus("web"),
      (now) => now["finished"] === total,
      90_000,
    );
    expect(counts).toEqual({ finished: total });

    // The last span of every order, its second status message, has come: nothing is on the way any more.
    const statusMessages = (spans: readonly { name: string }[]): number =>
      spans.filter((span) => span.name === "process web").length;
    await stack.receiver.waitFor(
      "two status messages for each order at both back ends",
      ({ otlp, sentry }) =>
        statusMessages(otlp.spans) >= 2 * total && statusMessages(sentry.spans) >= 2 * total,
      30_000,
    );
    for (const spans of [stack.receiver.otlp.spans, stack.receiver.sentry.spans]) {
      const strays = spans.filter(
        (span) => traceIds.get(String(span.attributes["orderId"])) !== span.traceId,
      );
      expect(strays.map((span) => `${span.service}: ${span.name}`)).toEqual([]);
    }
  });
});
