import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";

const DESTINATION = "messaging.destination.name";
const ROUTING_KEY = "messaging.rabbitmq.destination.routing_key";

/**
 * Where a message went, in Sentry's words: the exchange of RabbitMQ, or the queue where that is the default one. Its
 * Queues page joins producers and consumers by this name, which OpenTelemetry's `exchange:key:queue` would part.
 * @see https://docs.sentry.io/platforms/javascript/guides/node/tracing/instrumentation/queues-module/
 */
export function readDestination(kind: SpanKind, attributes: Attributes): string | undefined {
  const name = read(attributes, DESTINATION);
  const key = attributes[ROUTING_KEY];
  if (name !== undefined && typeof key === "string") return withoutKey(kind, name, key);
  // A span that goes on still has the obsolete names.
  return (
    name ??
    read(attributes, "messaging.destination") ??
    read(attributes, ROUTING_KEY) ??
    read(attributes, "messaging.rabbitmq.routing_key")
  );
}

function withoutKey(kind: SpanKind, name: string, key: string): string {
  if (key === "") return kind === SpanKind.CONSUMER ? name.replace(/:[^:]*$/, "") : name;
  if (name === key || name.startsWith(`${key}:`)) return key;
  const index = name.indexOf(`:${key}`);
  return index > 0 ? name.slice(0, index) : name;
}

function read(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
