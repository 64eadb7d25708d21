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

/** By the name of a span's scope. What is none was made by a person. */
export function isInstrumentation(name: string): boolean {
  return (
    name.startsWith("@opentelemetry/") ||
    /\binstrumentation\b/iu.test(name) ||
    /^@[^/]+\/(?:otel|opentelemetry)\b/u.test(name)
  );
}
