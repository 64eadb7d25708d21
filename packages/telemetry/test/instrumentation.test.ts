import { beforeAll, expect, test } from "vitest";
import { drawTrace, findSpans } from "@tracebridge/telemetry/testing";
import "../../../test/trace-matchers.ts";
import { toOtlp } from "./fixture-process.ts";
import type { FixtureRun } from "./fixture-process.ts";
import { runOrderFlow } from "./run-order-flow.ts";

let flow: FixtureRun;

beforeAll(async () => {
  flow = await run("order-flow.ts");
});

const run = (fixture: string): Promise<FixtureRun> =>
  runOrderFlow((to) => ({ ...toOtlp(to), OTEL_SERVICE_NAME: "shop" }), fixture);

test("Express, fetch, Fastify, MongoDB and RabbitMQ make one trace in an ES module application", () => {
  const { receiver, warnings } = flow;
  const { logs } = receiver.otlp;
  const [root] = findSpans(receiver, { name: "POST /order" });
  const traceId = root?.traceId ?? "";
  expect(drawTrace(receiver, traceId)).toMatchInlineSnapshot(`
    "OTLP
      shop: client POST
        shop: server POST /order
          shop: internal request handler
            shop: client GET
              shop: server GET /item/:id
                shop: internal request
                  shop: internal handler - fastify -> @fastify/otel
                    shop: client insert order
                    shop: producer send jobs
                      shop: consumer process jobs
                        shop: client findAndModify order"
  `);
  // The caller's span starts before anything knows the order; every other one carries its id, a valid card number.
  const recorded = findSpans(receiver, { traceId }).filter((span) => span.name !== "POST");
  expect(new Set(recorded.map((span) => span.attributes["orderId"]))).toEqual(new Set(["4111111111111111"]));
  expect(logs.map((log) => [log.body, log.attributes["orderId"], log.traceId])).toEqual([
    ["received by [Filtered]", "4111111111111111", traceId],
    ["consumed", "4111111111111111", traceId],
  ]);
  expect(warnings).toEqual([]);
});

test("health requests, connecting and declaring queues make no server span and no trace", () => {
  const { receiver } = flow;
  const names = receiver.otlp.spans.map((span) => span.name);
  expect(names.filter((name) => name.includes("health"))).toEqual([]);
  expect(receiver.otlp.spans.filter((span) => span.kind === "server")).toHaveLength(2);
});

test("no secret of the flow leaves: not in URLs, headers, logs or statements", () => {
  const { receiver } = flow;
  const { spans, logs } = receiver.otlp;
  const everything = JSON.stringify([spans, logs], (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(everything).not.toMatch(/hunter2|a\.person/);
  expect(receiver).toHaveSpan({
    name: "insert order",
    attributes: { "db.query.text": '{"id":"?","_id":"?"}' },
  });
});

test("messaging spans have the current names and say rabbitmq whatever the broker is called", () => {
  const { receiver } = flow;
  expect(receiver).toHaveSpan({
    kind: "producer",
    attributes: {
      "messaging.system": "rabbitmq",
      "messaging.operation.name": "send",
      "messaging.operation.type": "send",
      "messaging.destination.name": "jobs",
      "messaging.message.id": "m1",
      "messaging.message.body.size": 2,
      "network.protocol.name": "amqp",
      "messaging.destination": undefined,
    },
  });
});

test("a CommonJS application is instrumented the same way", async () => {
  const { receiver, logLines } = await run("common-js.cjs");
  const traceId = receiver.otlp.spans[0]?.traceId ?? "";
  expect(drawTrace(receiver, traceId)).toMatchInlineSnapshot(`
    "OTLP
      shop: client GET
        shop: server GET /order/:id
          shop: internal request handler
            shop: client find order
            shop: producer send jobs"
  `);
  expect(logLines[0]).toMatchObject({
    msg: "asked",
    orderId: "order-1",
    trace_id: traceId,
  });
});

test("a log line tells the span it was written in and that one's parent; its record has no need to", async () => {
  const { receiver, logLines } = await run("common-js.cjs");
  const { spans, logs } = receiver.otlp;
  const handler = spans.find(({ name }) => name.startsWith("request handler"));
  expect(handler?.parentSpanId).toMatch(/^[0-9a-f]{16}$/);
  expect(logLines[0]).toMatchObject({ span_id: handler?.spanId, parent_id: handler?.parentSpanId });
  expect(logs.map(({ spanId, attributes }) => [spanId, "parent_id" in attributes])).toEqual([
    [handler?.spanId, false],
  ]);
});
