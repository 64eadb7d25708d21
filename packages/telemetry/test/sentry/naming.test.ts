import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import type { SentrySpan } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

const HTTP = "@opentelemetry/instrumentation-http";
const { SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL } = SpanKind;
const request = { "http.request.method": "GET" };
let bridge: TestBridge;

beforeAll(async () => {
  bridge = await startTestBridge();
});

afterAll(() => bridge.close());

/** Name, op and origin as Sentry's own SDK gives them (captured from it in its native mode). */
test.each<[string, SpanKind, Attributes, Partial<SentrySpan>, Attributes]>([
  [
    HTTP,
    SERVER,
    { ...request, "http.route": "/users/:id" },
    { name: "GET /users/:id", op: "http.server" },
    {
      "sentry.origin": "auto.http.http_server",
      "sentry.kind": "server",
      "sentry.segment.name.source": "route",
    },
  ],
  [HTTP, SERVER, request, { name: "GET", op: "http.server" }, { "sentry.segment.name.source": "url" }],
  [
    HTTP,
    CLIENT,
    { ...request, "server.address": "127.0.0.1" },
    { name: "GET 127.0.0.1", op: "http.client" },
    { "sentry.origin": "auto.http.client", "sentry.kind": "client" },
  ],
  [
    "@opentelemetry/instrumentation-undici",
    CLIENT,
    { ...request, "server.address": "host" },
    { name: "GET host", op: "http.client" },
    { "sentry.origin": "auto.http.node_fetch" },
  ],
  [
    "@opentelemetry/instrumentation-mongodb",
    CLIENT,
    { "db.system.name": "mongodb", "db.operation.name": "insert", "db.collection.name": "orders" },
    { name: "insert orders", op: "db" },
    { "sentry.origin": "auto.db.mongo" },
  ],
  [
    "@opentelemetry/instrumentation-amqplib",
    PRODUCER,
    { "messaging.system": "rabbitmq", "messaging.destination.name": "jobs" },
    { name: "send jobs", op: "queue.publish" },
    { "sentry.origin": "auto.queue.amqplib.publisher", "sentry.kind": "producer" },
  ],
  [
    "@opentelemetry/instrumentation-amqplib",
    CONSUMER,
    { "messaging.system": "rabbitmq", "messaging.destination.name": "jobs" },
    { name: "process jobs", op: "queue.process" },
    {
      "sentry.origin": "auto.queue.amqplib.consumer",
      "sentry.kind": "consumer",
      "sentry.segment.name.source": "component",
    },
  ],
  [
    "@opentelemetry/instrumentation-express",
    INTERNAL,
    { "express.type": "request_handler", "http.route": "/peer" },
    { name: "/peer", op: "handler" },
    { "sentry.origin": "auto.http.express" },
  ],
  [
    "@opentelemetry/instrumentation-express",
    INTERNAL,
    { "express.type": "middleware", "express.name": "jsonParser" },
    { name: "jsonParser", op: "middleware" },
    {},
  ],
  [
    "@fastify/otel",
    INTERNAL,
    { "fastify.type": "request-handler", "http.route": "/f/:id" },
    { name: "/f/:id", op: "handler" },
    { "sentry.origin": "auto.http.fastify" },
  ],
  [
    "ours",
    INTERNAL,
    { "sentry.op": "function" },
    { name: "the span", op: "function" },
    { "sentry.origin": "manual" },
  ],
  // Instrumentations that Sentry's own SDK does not have.
  [
    "@opentelemetry/instrumentation-pg",
    CLIENT,
    { "db.system.name": "postgresql", "db.operation.name": "SELECT", "db.collection.name": "item" },
    { name: "SELECT item", op: "db" },
    { "sentry.origin": "auto.db.otel.pg" },
  ],
  ["@prisma/instrumentation", INTERNAL, {}, { name: "the span" }, { "sentry.origin": "auto.otel.prisma" }],
  [
    "@acme/otel-cache",
    INTERNAL,
    { "sentry.op": "cache.get" },
    { op: "cache.get" },
    { "sentry.origin": "auto.cache.otel.acme_cache" },
  ],
  ["otel-demo", INTERNAL, {}, { name: "the span" }, { "sentry.origin": "manual" }],
  ["ours", INTERNAL, { "sentry.origin": "auto.own" }, { name: "the span" }, { "sentry.origin": "auto.own" }],
  // The obsolete names of the attributes, for instrumentations that still use them.
  [
    HTTP,
    SERVER,
    { "http.method": "POST", "http.route": "/order" },
    { name: "POST /order", op: "http.server" },
    {},
  ],
  [
    "ours",
    CLIENT,
    { "db.system": "mongodb", "db.operation": "find", "db.mongodb.collection": "order" },
    { name: "find order", op: "db" },
    {},
  ],
  [
    "ours",
    PRODUCER,
    { "messaging.destination": "", "messaging.rabbitmq.routing_key": "order" },
    { name: "send order", op: "queue.publish" },
    {},
  ],
  // What is no message, and what clients do with messages besides sending them.
  ["ours", PRODUCER, {}, { name: "the span" }, {}],
  ["ours", CONSUMER, {}, { name: "the span" }, { "sentry.segment.name.source": "custom" }],
  [
    "ours",
    PRODUCER,
    { "messaging.destination.name": "jobs" },
    { name: "send jobs", op: "queue.publish" },
    {},
  ],
  ["ours", INTERNAL, { "messaging.system": "kafka" }, { name: "the span" }, {}],
  [
    "@opentelemetry/instrumentation-kafkajs",
    CLIENT,
    { "messaging.system": "kafka", "messaging.operation.type": "receive" },
    { name: "the span", op: "queue.receive" },
    { "sentry.origin": "auto.queue.otel.kafkajs" },
  ],
  [
    "ours",
    CLIENT,
    { "messaging.system": "kafka", "messaging.operation.type": "settle" },
    { name: "the span", op: "queue.settle" },
    {},
  ],
  [
    "ours",
    CONSUMER,
    {
      "messaging.system": "kafka",
      "messaging.operation.type": "receive",
      "messaging.destination.name": "jobs",
    },
    { name: "the span", op: "queue.receive" },
    {},
  ],
])(
  "a span of %s, kind %d, with %j is named as Sentry names it",
  async (scopeName, kind, attributes, expected, expectedAttributes) => {
    bridge.receiver.reset();
    bridge.tracer(scopeName).startSpan("the span", { kind, attributes }).end();
    await bridge.bridge.forceFlush(5_000);
    const [span] = bridge.receiver.sentry.spans;
    expect(span).toMatchObject(expected);
    expect(span?.attributes).toMatchObject(expectedAttributes);
  },
);
