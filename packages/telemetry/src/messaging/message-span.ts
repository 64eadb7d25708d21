import type { Attributes } from "@opentelemetry/api";

/** A message, in the words of https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
export interface MessageOptions {
  /** The product or protocol, for example `kafka`, `nats` or `redis`. */
  readonly system: string;
  /** The queue, topic or channel. */
  readonly destination: string;
  readonly messageId?: string;
  /** In bytes. */
  readonly bodySize?: number;
  readonly attributes?: Attributes;
}

export function createMessageAttributes(verb: "send" | "process", message: MessageOptions): Attributes {
  const { system, destination, messageId, bodySize } = message;
  return {
    ...message.attributes,
    "messaging.system": system,
    "messaging.destination.name": destination,
    "messaging.operation.name": verb,
    "messaging.operation.type": verb,
    ...(messageId !== undefined && { "messaging.message.id": messageId }),
    ...(bodySize !== undefined && { "messaging.message.body.size": bodySize }),
  };
}
