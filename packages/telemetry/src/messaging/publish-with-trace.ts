import { SpanKind, context, propagation } from "@opentelemetry/api";
import { withSpan } from "../spans/index.ts";
import { createMessageAttributes } from "./message-span.ts";
import type { MessageOptions } from "./message-span.ts";

/**
 * Sends a message over a transport that is not instrumented: `publish` is given the headers to send along, in an
 * object of its own for every call, and runs in a PRODUCER span `send <destination>`. What it throws sets the span's
 * status and is thrown on. With telemetry off the headers are empty.
 * @see consumeWithTrace
 */
export function publishWithTrace<T>(
  publish: (headers: Record<string, string>) => T,
  message: MessageOptions,
): T {
  const send = (): T => {
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    return publish(headers);
  };
  return withSpan(`send ${message.destination}`, send, {
    kind: SpanKind.PRODUCER,
    attributes: createMessageAttributes("send", message),
  });
}
