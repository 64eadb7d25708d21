import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { AsyncContextStrategy } from "@sentry/core";
import type { TracePropagator } from "../../propagation/index.ts";

type GetTraceData = NonNullable<AsyncContextStrategy["getTraceData"]>;
type TraceData = ReturnType<GetTraceData>;

/** What `Sentry.getTraceData()` returns: the headers of the active span, for a page's meta tags or a foreign client. */
export function readTraceData(
  propagator: TracePropagator,
  options: Parameters<GetTraceData>[0] = {},
): TraceData {
  const active = context.active();
  const { span } = options;
  const from = span && isSpanContextValid(span.spanContext()) ? trace.setSpan(active, span) : active;
  const carrier: Record<string, string> = {};
  propagator.inject(from, carrier, { set: (target, key, value) => Object.assign(target, { [key]: value }) });
  const { "sentry-trace": sentryTrace, baggage, traceparent } = carrier;
  if (sentryTrace === undefined) return {};
  return {
    "sentry-trace": sentryTrace,
    ...(baggage !== undefined && { baggage }),
    ...(options.propagateTraceparent && traceparent !== undefined && { traceparent }),
  };
}
