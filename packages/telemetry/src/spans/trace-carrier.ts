import { ROOT_CONTEXT, context, propagation } from "@opentelemetry/api";
import { forStorage } from "../trace-state/index.ts";

/**
 * The trace context as plain strings, to store beside a message that is sent later. Empty when telemetry is off.
 * @see withTraceCarrier
 */
export function readTraceCarrier(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(forStorage(context.active()), carrier);
  return carrier;
}

/**
 * Runs `fn` inside the trace that `readTraceCarrier` stored. The caller's own trace, and its being untraced, do not
 * reach `fn`: a sweep that runs untraced sends each message inside that message's trace.
 */
export function withTraceCarrier<T>(carrier: Readonly<Record<string, string>>, fn: () => T): T {
  return context.with(propagation.extract(ROOT_CONTEXT, carrier), fn);
}
