import { SpanKind } from "@opentelemetry/api";

/** Who made a span, in the words of Sentry's own instrumentations, so that nothing in Sentry has to tell ours apart. */
export function readOrigin(scopeName: string, kind: SpanKind): string {
  switch (scopeName) {
    case "@opentelemetry/instrumentation-http":
      return kind === SpanKind.SERVER ? "auto.http.http_server" : "auto.http.client";
    case "@opentelemetry/instrumentation-undici":
      return "auto.http.node_fetch";
    case "@opentelemetry/instrumentation-express":
      return "auto.http.express";
    case "@fastify/otel":
      return "auto.http.fastify";
    case "@opentelemetry/instrumentation-mongodb":
      return "auto.db.mongo";
    case "@opentelemetry/instrumentation-amqplib":
      return kind === SpanKind.CONSUMER ? "auto.queue.amqplib.consumer" : "auto.queue.amqplib.publisher";
    default:
      return "manual";
  }
}
