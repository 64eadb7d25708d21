import { randomUUID } from "node:crypto";
import {
  compareTraces,
  readOtlpArrivals,
  readSentryArrivals,
  type Trace,
  type TraceSpan,
} from "@tracebridge/comparison";
import { connect } from "amqplib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder, waitForStatus } from "./orders.ts";
import { waitForWholeTrace } from "./whole-trace.ts";

const factoryMillis = 700;

describe("what went wrong can be told from the trace, in both views", () => {
  let stack: OrderStack;
  beforeAll(async () => {
    stack = await startOrderStack({ env: { FACTORY_DELAY_MILLIS: String(factoryMillis) } });
  });
  afterAll(() => stack.stop());

  /** The trace as each back end received it, in the words that both share. */
  function readTrace(traceId: string): Record<"sentry" | "otlp", Trace> {
    const { sentry, otlp } = stack.receiver;
    const nothing = { traceId, spans: [], errors: [], logs: [] };
    return {
      sentry: readSentryArrivals(sentry).get(traceId) ?? { ...nothing, format: "sentry" },
      otlp: readOtlpArrivals(otlp).get(traceId) ?? { ...nothing, format: "otlp" },
    };
  }

  /** What each working on an item did, first to last: the names of the spans below it. */
  function readWork(spans: readonly TraceSpan[]): { messageId: unknown; did: string[] }[] {
    return spans
      .filter(({ name }) => name === "process factory")
      .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .map(({ spanId, attributes }) => ({
        messageId: attributes["messaging.message.id"],
        did: spans.filter(({ parentSpanId }) => parentSpanId === spanId).map(({ name }) => name),
      }));
  }

  async function finishOrder(fail?: "always"): Promise<{ id: string; traceId: string }> {
    const id = randomUUID();
    const { order } = await postOrder(stack, { id, ...(fail && { fail }) });
    const { traceId = "" } = order;
    await waitForStatus(stack, id, fail ? "failed" : "finished");
    await waitForWholeTrace(stack, traceId);
    return { id, traceId };
  }

  it("the slow service: the factory's span has the largest share of the critical path", async () => {
    const { traceId } = await finishOrder();
    const { sentry, otlp } = readTrace(traceId);
    const { left, right } = compareTraces(sentry, otlp);
    for (const { criticalPath } of [left, right]) {
      const longest = criticalPath.toSorted((a, b) => b.nanos - a.nanos)[0];
      expect(longest?.nanos).toBeGreaterThanOrEqual(factoryMillis * 1e6);
      expect(otlp.spans.find(({ spanId }) => spanId === longest?.spanId)).toMatchObject({
        service: "factory",
        name: "process factory",
      });
    }
  });

  it("a duplicate message: two workings with one message id, and the second one writes nothing more", async () => {
    const { id, traceId } = await finishOrder();
    const sent = readTrace(traceId).otlp.spans.find(({ name }) => name === "send factory");
    const messageId = `${id}.create.make`;
    expect(sent?.attributes["messaging.message.id"]).toBe(messageId);
    const connection = await connect(stack.servers.amqpUrl);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue("factory", Buffer.from(JSON.stringify({ type: "make", id })), {
      messageId,
      headers: { traceparent: `00-${traceId}-${sent?.spanId}-01` },
    });
    await channel.waitForConfirms();
    await stack.receiver.waitFor("the second working, whole, at both back ends", () =>
      Object.values(readTrace(traceId)).every(({ spans }) => readWork(spans)[1]?.did.length === 2),
    );
    await connection.close();
    for (const { spans } of Object.values(readTrace(traceId))) {
      const [first, second] = readWork(spans);
      expect(first?.messageId).toBe(messageId);
      expect(second?.messageId).toBe(messageId);
      expect(first?.did).toContain("findAndModify item");
      // The insert that is refused and the look at what is there: no status is written, nothing is sent.
      expect(second?.did.toSorted()).toEqual(["find item", "insert item"]);
    }
  });

  it("a missing write: the attempts that broke down have no update of the item, the one that gave up has", async () => {
    const { traceId } = await finishOrder("always");
    const writes = (spans: readonly TraceSpan[]): boolean[] =>
      readWork(spans).map(({ did }) => did.includes("findAndModify item"));
    await stack.receiver.waitFor("all three attempts at both back ends", () =>
      Object.values(readTrace(traceId)).every(
        ({ spans }) => writes(spans).length === 3 && writes(spans)[2] === true,
      ),
    );
    for (const { spans } of Object.values(readTrace(traceId)))
      expect(writes(spans)).toEqual([false, false, true]);
  });
});
