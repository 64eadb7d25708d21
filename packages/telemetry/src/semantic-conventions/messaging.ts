import { SpanKind } from "@opentelemetry/api";
import type { Attributes, AttributeValue } from "@opentelemetry/api";

/** What instrumentation-amqplib 0.71 still calls by obsolete names; `undefined` names are dropped. */
const RENAMED: Readonly<Record<string, string | undefined>> = {
  "messaging.message_id": "messaging.message.id",
  "messaging.conversation_id": "messaging.message.conversation_id",
  "messaging.rabbitmq.routing_key": "messaging.rabbitmq.destination.routing_key",
  "messaging.protocol": "network.protocol.name",
  "messaging.protocol_version": "network.protocol.version",
  "messaging.destination": undefined,
  "messaging.destination_kind": undefined,
  "messaging.operation": undefined,
  // The address is in server.address and server.port; the URL adds nothing but a user name.
  "messaging.url": undefined,
};

/** Names a producer or consumer span of RabbitMQ: https://opentelemetry.io/docs/specs/semconv/messaging/rabbitmq/ */
export function renameMessaging(
  name: string,
  kind: SpanKind,
  old: Attributes,
): { name: string; attributes: Attributes } {
  if (old["messaging.rabbitmq.routing_key"] === undefined) return { name, attributes: old };
  const isConsumer = kind === SpanKind.CONSUMER;
  const destination = describeDestination(
    text(old["messaging.destination"]),
    text(old["messaging.rabbitmq.routing_key"]),
    isConsumer ? name.replace(/ process$/, "") : "",
  );
  const verb = isConsumer ? "process" : "send";
  const attributes: Attributes = {
    ...renameAttributes(old),
    // Whatever product name the broker reports: the conventions know the protocol's family by this one.
    "messaging.system": "rabbitmq",
    "messaging.operation.name": verb,
    "messaging.operation.type": verb,
    "messaging.destination.name": destination,
  };
  return { name: `${verb} ${destination}`, attributes };
}

function renameAttributes(old: Attributes): Attributes {
  const renamed: Attributes = {};
  for (const [key, value] of Object.entries(old)) {
    const current = key in RENAMED ? RENAMED[key] : key;
    if (current !== undefined && value !== undefined) renamed[current] = lower(current, value);
  }
  return renamed;
}

function lower(key: string, value: AttributeValue): AttributeValue {
  return key === "network.protocol.name" && typeof value === "string" ? value.toLowerCase() : value;
}

/** `exchange:routing key:queue`, without empty parts and without a queue that is its own routing key. */
function describeDestination(exchange: string, routingKey: string, queue: string): string {
  const parts = [exchange, routingKey, queue === routingKey ? "" : queue].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(":") : "amq.default";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
