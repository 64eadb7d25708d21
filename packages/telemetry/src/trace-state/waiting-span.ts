import type { SpanContext } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { BridgeTraceState, readTraceState } from "./bridge-trace-state.ts";

/**
 * What of a span's context is exported. Spans wait for seconds, and with our own knowledge of the trace each would keep
 * its segment, its scopes, and every span above it.
 */
function createPlainContext(spanContext: SpanContext): SpanContext {
  const { traceId, spanId, traceFlags, isRemote } = spanContext;
  return { traceId, spanId, traceFlags, isRemote, traceState: createPlainState(spanContext) };
}

function createPlainState(spanContext: SpanContext): SpanContext["traceState"] {
  const state = readTraceState(spanContext);
  if (!state) return spanContext.traceState;
  return state.entries ? new BridgeTraceState(state.info, state.entries) : undefined;
}

/** Bound to nothing of the request it is from. */
export function createWaitingSpan(span: ReadableSpan): ReadableSpan {
  const { parentSpanContext } = span;
  const spanContext = createPlainContext(span.spanContext());
  return {
    ...span,
    spanContext: () => spanContext,
    ...(parentSpanContext && { parentSpanContext: createPlainContext(parentSpanContext) }),
  };
}
