import type { TraceSpan } from "../../model.ts";
import { readText } from "./read-text.ts";
import { readSentryOp } from "./sentry-words.ts";

/** Instrumentations that do what one of Sentry's own does: theirs is the origin. */
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
const words: ReadonlySet<string> = new Set(["opentelemetry", "otel", "instrumentation", ""]);

/**
 * By the instrumentation's name: what a person made is `manual`, and an instrumentation of which Sentry has no like is
 * `auto.<first part of the op>.otel.<its name>`.
 */
export function readSentryOrigin(span: TraceSpan): string | undefined {
  const own = readText(span.attributes["sentry.origin"]);
  if (own !== undefined) return own;
  const name = span.scope?.name ?? "";
  const known = origins[name];
  if (known !== undefined) return typeof known === "string" ? known : known[span.kind ?? "internal"];
  if (!isInstrumentation(name)) return "manual";
  const rest = name
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => !words.has(word));
  const category = readSentryOp(span)?.split(".")[0];
  return ["auto", category, "otel", rest.join("_")]
    .filter((part) => part !== undefined && part !== "")
    .join(".");
}

function isInstrumentation(name: string): boolean {
  return (
    name.startsWith("@opentelemetry/") ||
    /\binstrumentation\b/iu.test(name) ||
    /^@[^/]+\/(?:otel|opentelemetry)\b/u.test(name)
  );
}
