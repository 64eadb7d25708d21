import { afterEach, beforeEach, expect, test } from "vitest";
import { startReceiver, type Receiver } from "@tracebridge/telemetry/testing";
import "../../../../test/trace-matchers.ts";
import { sendSpans, traceIdOf, type SentSpan } from "./send-spans.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const request: SentSpan = { id: "1", service: "web", name: "POST /order", kind: "server" };
const send: SentSpan = { id: "2", parent: "1", service: "web", name: "send order", kind: "producer" };
const process: SentSpan = { id: "3", parent: "2", service: "order", name: "process order", kind: "consumer" };
const work: SentSpan = { id: "4", service: "factory", name: "process factory", kind: "consumer" };

test.each(["sentry", "otlp", "both", undefined] as const)(
  "a span below a span of another service is an edge with in: %s",
  async (where) => {
    // The child first, as services of their own send in any order.
    await sendSpans(receiver, [process, send, request, work]);
    expect(receiver).toHaveEdge("web", "order", { in: where });
    expect(receiver).toHaveEdge("web", "order", { in: where, traceId: traceIdOf("a") });
    expect(receiver).not.toHaveEdge("web", "order", { in: where, traceId: traceIdOf("b") });
    expect(receiver).not.toHaveEdge("order", "web", { in: where });
    expect(receiver).not.toHaveEdge("web", "factory", { in: where });
  },
);

test("a parent with the same id in another trace is no parent", async () => {
  await sendSpans(receiver, [request, send, { ...process, trace: "b" }]);
  expect(receiver).not.toHaveEdge("web", "order");
});

test("an edge at one back end is none at both, nor is one that is made of two halves", async () => {
  await sendSpans(receiver, [request, send], ["otlp"]);
  await sendSpans(receiver, [process], ["sentry"]);
  expect(receiver).not.toHaveEdge("web", "order");
  await sendSpans(receiver, [process], ["otlp"]);
  expect(receiver).toHaveEdge("web", "order", { in: "otlp" });
  expect(receiver).not.toHaveEdge("web", "order", { in: "both" });
});

test("a failure lists the edges that arrived and the spans that hang nowhere", async () => {
  await sendSpans(receiver, [request, send, process, work, { ...work, id: "5", parent: "9" }]);
  expect(() => expect(receiver).toHaveEdge("order", "factory")).toThrowErrorMatchingInlineSnapshot(`
    [Error: expected an edge order → factory: a span of factory whose parent is a span of order
    edges that arrived:
      web → order at OTLP
      web → order at Sentry
    spans of factory whose parent is not there:
      at Sentry, factory: consumer process factory – it has none
      at Sentry, factory: consumer process factory – it did not arrive
      at OTLP, factory: consumer process factory – it has none
      at OTLP, factory: consumer process factory – it did not arrive]
  `);
});

test("a failure says that there is no edge, or no span of the service at all", async () => {
  await sendSpans(receiver, [request, send]);
  expect(() => expect(receiver).toHaveEdge("web", "stock", { in: "both" }))
    .toThrowErrorMatchingInlineSnapshot(`
    [Error: expected an edge web → stock at both Sentry and OTLP: a span of stock whose parent is a span of web
    no edge between two services arrived
    no span of stock arrived]
  `);
});

test(".not fails with the spans of the edge", async () => {
  await sendSpans(receiver, [request, send, process]);
  expect(() => expect(receiver).not.toHaveEdge("web", "order")).toThrowErrorMatchingInlineSnapshot(`
    [Error: expected no edge web → order, but there is one:
      at Sentry, web: producer send order → order: consumer process order
      at OTLP, web: producer send order → order: consumer process order]
  `);
});

test("a trace id that is undefined by mistake is told, not passed", async () => {
  await sendSpans(receiver, [request, send, process]);
  expect(() => expect(receiver).toHaveEdge("web", "order", { traceId: undefined })).toThrow(TypeError);
});
