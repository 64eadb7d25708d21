import { trace } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";

/** Deeper nesting than this is a loop or a leak, not a request. */
const MAX_ANCESTORS = 64;
const parents = new WeakMap<Span, Span>();

/** Remembers which open span of this process `span` was started under. */
export function rememberParent(span: Span, parentContext: Context): void {
  const parent = trace.getSpan(parentContext);
  if (parent?.isRecording() && parent.spanContext().isRemote !== true) parents.set(span, parent);
}

/** Writes `ids` onto `span` and its open ancestors, up to the span where this service's part of the trace began. */
export function stampOpenSpans(span: Span | undefined, ids: Readonly<Record<string, string>>): void {
  let current = span;
  for (let depth = 0; current && depth < MAX_ANCESTORS; depth += 1) {
    if (current.isRecording()) current.setAttributes(ids);
    current = parents.get(current);
  }
}
