import { randomUUID } from "node:crypto";
import { drawTrace, findSpans, findTrace, type BackEnd } from "@tracebridge/telemetry/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import "../trace-matchers.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder, readStatusEverywhere, waitForStatus, type OrderView } from "./orders.ts";
import { finishedOrderTree, otlpHandlerName, sentryHandlerName } from "./expected-trees.ts";
import { spansOf, waitForWholeTrace } from "./whole-trace.ts";

/** The journey of an order through the stack. Runs against the embedded broker and against RabbitMQ. */
export function describeJourney(broker: string, readAmqpUrl: () => string | undefined): void {
  describe(`an order's journey over ${broker}`, () => {
    let stack: OrderStack;
    beforeAll(async () => {
      stack = await startOrderStack({ amqpUrl: readAmqpUrl() });
    });
    afterAll(() => stack.stop());

    it("is one trace with the same tree of spans at both back ends", async () => {
      const id = randomUUID();
      const { status, order } = await postOrder(stack, { id });
      expect(status).toBe(202);
      const { traceId = "" } = order;
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      await waitForStatus(stack, id, "finished");
      await waitForWholeTrace(stack, traceId);

      const { receiver } = stack;
      expect(drawTrace(receiver, traceId, { in: "otlp" })).toBe(finishedOrderTree(otlpHandlerName));
      expect(drawTrace(receiver, traceId, { in: "sentry" })).toBe(finishedOrderTree(sentryHandlerName));
      const idsAt = (backEnd: BackEnd): Set<string> =>
        new Set(spansOf(stack, traceId, backEnd).map((span) => span.spanId));
      expect(idsAt("sentry")).toEqual(idsAt("otlp"));
      expect(await readStatusEverywhere(stack, id)).toEqual({
        web: "finished",
        order: "finished",
        factory: "finished",
      });
    });

    it.each([
      { order: "that goes well", fail: undefined, ends: "finished", errors: 0 },
      { order: "that fails once", fail: "once", ends: "finished", errors: 1 },
      { order: "that always fails", fail: "always", ends: "failed", errors: 3 },
    ] as const)(
      "$order is told the same by both back ends: spans, logs, and $errors errors on the spans they happened in",
      async ({ fail, ends, errors }) => {
        const id = randomUUID();
        const { order } = await postOrder(stack, { id, ...(fail && { fail }) });
        await waitForStatus(stack, id, ends);
        const { traceId = "" } = order;
        // Spans, logs and errors of three services arrive one after the other, the last ones after the order's end.
        const trace = await vi.waitFor(
          () => {
            const received = findTrace(stack.receiver, traceId);
            expect(received.sentry.spans.length).toBeGreaterThanOrEqual(
              finishedOrderTree(otlpHandlerName).split("\n").length,
            );
            expect(received.sentry.logs).toHaveLength(received.otlp.logs.length);
            expect(received).toMatchAcrossBackends();
            return received;
          },
          { timeout: 15_000 },
        );
        expect(trace.sentry.events).toHaveLength(errors);
        const failed = trace.otlp.spans.filter(({ events }) =>
          events.some(({ name }) => name === "exception"),
        );
        expect(new Set(trace.sentry.events.map(({ spanId }) => spanId))).toEqual(
          new Set(failed.map(({ spanId }) => spanId)),
        );
      },
    );

    it("carries the order id on every span, in every service, at both back ends", async () => {
      const id = randomUUID();
      const { order } = await postOrder(stack, { id });
      await waitForStatus(stack, id, "finished");
      const { traceId = "" } = order;
      await waitForWholeTrace(stack, traceId);
      const spans = findSpans(stack.receiver, { traceId });
      const without = spans.filter((span) => span.attributes["orderId"] !== id);
      expect(without.map((span) => `${span.service}: ${span.name}`)).toEqual([]);
    });

    it("shows the shape of every database statement and none of its values", async () => {
      const id = randomUUID();
      const { order } = await postOrder(stack, { id });
      await waitForStatus(stack, id, "finished");
      const { traceId = "" } = order;
      await waitForWholeTrace(stack, traceId);
      const spans = findSpans(stack.receiver, { traceId });
      const statements = spans.flatMap((span) => span.attributes["db.query.text"] ?? []).map(String);
      expect(statements.length).toBe(2 * 11);
      expect(statements.filter((statement) => !statement.includes("?"))).toEqual([]);
      for (const value of [id, traceId, "making", "finished"]) {
        expect(statements.filter((statement) => statement.includes(value))).toEqual([]);
      }
    });

    it("is told by the logs of each service, with trace id and order id, at both back ends", async () => {
      const id = randomUUID();
      const { order } = await postOrder(stack, { id });
      await waitForStatus(stack, id, "finished");
      await stack.receiver.waitFor("logs of all three services at both back ends", ({ otlp, sentry }) =>
        [otlp.logs, sentry.logs].every((logs) => servicesThatTell(logs, order).length === 3),
      );
      const { otlp, sentry } = stack.receiver;
      expect(servicesThatTell(otlp.logs, order)).toEqual(["factory", "order", "web"]);
      expect(servicesThatTell(sentry.logs, order)).toEqual(["factory", "order", "web"]);
    });

    it("prints one structured log line for every received message, with order id, service and trace id", async () => {
      const id = randomUUID();
      const { order } = await postOrder(stack, { id });
      await waitForStatus(stack, id, "finished");
      for (const [service, messages] of [
        ["order", 2],
        ["factory", 1],
        ["web", 2],
      ] as const) {
        const lines = (stack.output.get(service) ?? [])
          .filter((line) => line.startsWith("{"))
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .filter((line) => line["orderId"] === id && /received/.test(String(line["msg"])));
        expect(lines, service).toHaveLength(messages);
        for (const line of lines) expect(line).toMatchObject({ service, trace_id: order.traceId });
      }
    });

    it("that fails once finishes on the retry; error and breadcrumb arrive in Sentry with order id and trace", async () => {
      const id = randomUUID();
      const { order } = await postOrder(stack, { id, fail: "once" });
      await waitForStatus(stack, id, "finished");
      await stack.receiver.waitFor("the factory's error", ({ sentry }) =>
        sentry.events.some((event) => event.traceId === order.traceId),
      );
      const events = stack.receiver.sentry.events.filter((event) => event.traceId === order.traceId);
      expect(events).toHaveLength(1);
      const [event] = events;
      expect(event?.tags).toMatchObject({ orderId: id, service: "factory" });
      expect(event?.breadcrumbs.map((crumb) => crumb["message"])).toContain(`Item id: ${id}`);
      await stack.receiver.waitFor("the span of the error", ({ sentry }) =>
        sentry.spans.some((span) => span.spanId === event?.spanId && span.status === "error"),
      );
    });

    it("that always fails ends as failed in all three databases", async () => {
      const id = randomUUID();
      await postOrder(stack, { id, fail: "always" });
      await waitForStatus(stack, id, "failed");
      expect(await readStatusEverywhere(stack, id)).toEqual({
        web: "failed",
        order: "failed",
        factory: "failed",
      });
    });

    it("posted twice with one id makes one order and one piece of work", async () => {
      const id = randomUUID();
      const first = await postOrder(stack, { id });
      const second = await postOrder(stack, { id });
      expect([first.status, second.status]).toEqual([202, 200]);
      expect(second.order.traceId).toBe(first.order.traceId);
      await waitForStatus(stack, id, "finished");
      const worked = (stack.output.get("factory") ?? []).filter(
        (line) => line.includes(id) && /received/.test(line),
      );
      expect(worked).toHaveLength(1);
    });
  });
}

interface ReceivedLog {
  traceId?: string;
  service?: string;
  attributes: Record<string, unknown>;
}

/** The services whose logs carry this order's trace id and order id. */
function servicesThatTell(logs: readonly ReceivedLog[], order: OrderView): string[] {
  const ofOrder = logs.filter(
    (log) => log.traceId === order.traceId && log.attributes["orderId"] === order.id,
  );
  return [...new Set(ofOrder.map((log) => log.service ?? "?"))].toSorted();
}
