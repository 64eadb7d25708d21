import { ROOT_CONTEXT, SpanKind, context, propagation } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { captureError } from "../errors/index.ts";
import { settle, withSpan } from "../spans/index.ts";
import { createMessageAttributes } from "./message-span.ts";
import type { MessageOptions } from "./message-span.ts";

/**
 * Works on a message from a transport that is not instrumented, in a CONSUMER span `process <destination>` of the
 * trace its headers name; without such headers a trace begins here. Nothing of the caller reaches `fn`, not its trace,
 * its ids or its user: a connection that a request opened delivers messages for everybody. What `fn` throws is
 * captured and thrown on. Headers of any type are accepted; what is no trace header is not looked at.
 * @see publishWithTrace
 */
export function consumeWithTrace<T>(headers: unknown, message: MessageOptions, fn: (span: Span) => T): T {
  const { destination } = message;
  const work = (span: Span): T =>
    settle(() => fn(span), {
      failed: (error) => captureError(error, { tags: { "messaging.destination.name": destination } }),
    });
  const process = (): T =>
    withSpan(`process ${destination}`, work, {
      kind: SpanKind.CONSUMER,
      attributes: createMessageAttributes("process", message),
    });
  return context.with(propagation.extract(ROOT_CONTEXT, headers ?? {}), process);
}
