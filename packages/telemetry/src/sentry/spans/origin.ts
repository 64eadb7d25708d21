import { SpanKind } from "@opentelemetry/api";

/** What an instrumentation's tracer is called: its package, of which one word tells what it is. */
const INSTRUMENTATION = /^@opentelemetry\/|^@[^/]+\/(otel|opentelemetry)\b|\binstrumentation\b/i;
const WORDS_OF_ANY: ReadonlySet<string> = new Set(["opentelemetry", "otel", "instrumentation"]);

/**
 * Who made a span, in the words of Sentry's own instrumentations, so that nothing in Sentry has to tell ours apart. An
 * instrumentation they do not know is `auto.<first part of op>.otel.<name>`, as Sentry's SDK 8 to 10 had it, and what is
 * none is `manual`: the application made the span.
 */
export function readOrigin(scopeName: string, kind: SpanKind, op?: string): string {
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
      return INSTRUMENTATION.test(scopeName) ? describeInstrumentation(scopeName, op) : "manual";
  }
}

function describeInstrumentation(scopeName: string, op: string | undefined): string {
  const words = scopeName.toLowerCase().split(/[^a-z0-9]+/);
  const name = words.filter((word) => word !== "" && !WORDS_OF_ANY.has(word)).join("_");
  const category = op?.split(".", 1)[0];
  return ["auto", category, "otel", name].filter(Boolean).join(".");
}
