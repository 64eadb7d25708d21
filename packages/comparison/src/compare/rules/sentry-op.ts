import type { TraceSpan } from "../../model.ts";

/** Sentry's op by OpenTelemetry's `messaging.operation.type`. */
const messagingOps: Readonly<Record<string, string>> = {
  send: "queue.publish",
  publish: "queue.publish",
  create: "queue.create",
  receive: "queue.receive",
  process: "queue.process",
  settle: "queue.settle",
};

const messagingKinds: Readonly<Record<string, string>> = {
  producer: "queue.publish",
  consumer: "queue.process",
};

/** By OpenTelemetry's kind and semantic conventions; `undefined` where Sentry has no op for it. */
export function readSentryOp({ kind, attributes }: TraceSpan): string | undefined {
  const own = attributes["sentry.op"];
  if (typeof own === "string") return own;
  if ("http.request.method" in attributes && (kind === "server" || kind === "client")) return `http.${kind}`;
  if ("db.system.name" in attributes || "db.system" in attributes) return "db";
  if ("messaging.system" in attributes) {
    const operation = attributes["messaging.operation.type"];
    const byType = typeof operation === "string" ? messagingOps[operation] : undefined;
    return byType ?? messagingKinds[kind ?? ""];
  }
  const isHandler =
    attributes["express.type"] === "request_handler" || attributes["fastify.type"] === "request-handler";
  return isHandler ? "handler" : undefined;
}

const origins: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
  "@opentelemetry/instrumentation-http": { server: "auto.http.http_server", client: "auto.http.client" },
  "@opentelemetry/instrumentation-undici": "auto.http.node_fetch",
  "@opentelemetry/instrumentation-express": "auto.http.express",
  "@fastify/otel": "auto.http.fastify",
  "@opentelemetry/instrumentation-mongodb": "auto.db.mongo",
  "@opentelemetry/instrumentation-amqplib": {
    producer: "auto.queue.amqplib.publisher",
    consumer: "auto.queue.amqplib.consumer",
  },
};

/** By the instrumentation's name; what a person made is `manual`. */
export function readSentryOrigin({ kind, scope, attributes }: TraceSpan): string | undefined {
  const own = attributes["sentry.origin"];
  if (typeof own === "string") return own;
  const origin = origins[scope?.name ?? ""] ?? "manual";
  return typeof origin === "string" ? origin : origin[kind ?? "internal"];
}
