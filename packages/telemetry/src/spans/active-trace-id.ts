import { isSpanContextValid, trace } from "@opentelemetry/api";

/** The id of the trace the caller is in, as 32 hex digits; `undefined` when there is none. */
export function activeTraceId(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}
