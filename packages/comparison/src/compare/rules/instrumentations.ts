/** Origins of Sentry's own instrumentations, by those of OpenTelemetry that do what these do. */
export const knownOrigins: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
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

const pageScope = /^@tracebridge\/instrumentation-/u;

/** Origins of Sentry's SDK for browsers, by the first part of the op that fits. */
const pageOrigins: readonly (readonly [op: string, origin: string])[] = [
  ["pageload", "auto.pageload.browser"],
  ["navigation", "auto.navigation.browser"],
  ["http.client", "auto.http.browser"],
  ["resource.", "auto.resource.browser.metrics"],
  ["browser.", "auto.ui.browser.metrics"],
  ["ui.action.", "auto.ui.browser.interaction"],
  ["ui.webvital.lcp", "auto.ui.browser.lcp"],
  ["ui.webvital.cls", "auto.ui.browser.cls"],
  ["ui.interaction.", "auto.ui.browser.inp"],
];

/** Of what happened in a page, by whoever made the span and its op. */
export function readPageOrigin(scope: string, op = ""): string | undefined {
  if (!pageScope.test(scope)) return undefined;
  return pageOrigins.find(([part]) => op.startsWith(part))?.[1];
}

/** By the name of a span's scope. What is none was made by a person. */
export function isInstrumentation(name: string): boolean {
  return (
    name.startsWith("@opentelemetry/") ||
    /\binstrumentation\b/iu.test(name) ||
    /^@[^/]+\/(?:otel|opentelemetry)\b/u.test(name)
  );
}
