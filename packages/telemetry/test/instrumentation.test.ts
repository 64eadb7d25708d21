import { afterAll, beforeAll, expect, test } from "vitest";
import { startBroker, startDatabase } from "@tracebridge/embedded";
import type { OtlpSpan } from "@tracebridge/receivers";
import { runFixture, toOtlp } from "./fixture-process.ts";
import type { FixtureRun } from "./fixture-process.ts";

let broker: Awaited<ReturnType<typeof startBroker>>;
let database: Awaited<ReturnType<typeof startDatabase>>;
let flow: FixtureRun;

beforeAll(async () => {
  broker = await startBroker();
  database = await startDatabase();
  flow = await run("order-flow.ts");
});
afterAll(() => Promise.all([broker.close(), database.close()]));

const run = (fixture: string): Promise<FixtureRun> =>
  runFixture((to) => ({ ...toOtlp(to), AMQP_URL: broker.url, MONGO_URL: database.url }), { fixture });

/** A trace as indented lines: kind, name. Children in the order of their start. */
function drawTree(spans: readonly OtlpSpan[]): string {
  const draw = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter((span) => span.parentSpanId === parent)
      .toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano))
      .flatMap((span) => [`${"  ".repeat(depth)}${span.kind} ${span.name}`, ...draw(span.spanId, depth + 1)]);
  return draw(undefined, 0).join("\n");
}

test("Express, fetch, Fastify, MongoDB and RabbitMQ make one trace in an ES module application", () => {
  const { receiver, warnings } = flow;
  const { spans, logs } = receiver.otlp;
  const order = spans.filter(
    (span) => span.traceId === spans.find(({ name }) => name === "POST /order")?.traceId,
  );
  expect(`\n${drawTree(order)}\n`).toBe(`
client POST
  server POST /order
    internal request handler
      client GET
        server GET /item/:id
          internal request
            internal handler - fastify -> @fastify/otel
              client insert order
              producer send jobs
                consumer process jobs
                  client findAndModify order
`);
  // The caller's span starts before anything knows the order; every other one carries its id, a valid card number.
  const recorded = order.filter((span) => span.name !== "POST");
  expect(new Set(recorded.map((span) => span.attributes["orderId"]))).toEqual(new Set(["4111111111111111"]));
  expect(logs.map((log) => [log.body, log.attributes["orderId"], log.traceId])).toEqual([
    ["received by [Filtered]", "4111111111111111", order[0]?.traceId],
    ["consumed", "4111111111111111", order[0]?.traceId],
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
  const insert = spans.find((span) => span.name === "insert order");
  expect(insert?.attributes["db.query.text"]).toBe('{"id":"?","_id":"?"}');
});

test("messaging spans have the current names and say rabbitmq whatever the broker is called", () => {
  const { receiver } = flow;
  const send = receiver.otlp.spans.find((span) => span.kind === "producer");
  expect(send?.attributes).toMatchObject({
    "messaging.system": "rabbitmq",
    "messaging.operation.name": "send",
    "messaging.operation.type": "send",
    "messaging.destination.name": "jobs",
    "messaging.message.id": "m1",
    "messaging.message.body.size": 2,
    "network.protocol.name": "amqp",
  });
  expect(Object.keys(send?.attributes ?? {})).not.toContain("messaging.destination");
});

test("a CommonJS application is instrumented the same way", async () => {
  const { receiver, logLines } = await run("common-js.cjs");
  expect(`\n${drawTree(receiver.otlp.spans)}\n`).toBe(`
client GET
  server GET /order/:id
    internal request handler
      client find order
      producer send jobs
`);
  expect(logLines[0]).toMatchObject({
    msg: "asked",
    orderId: "order-1",
    trace_id: receiver.otlp.spans[0]?.traceId,
  });
});
