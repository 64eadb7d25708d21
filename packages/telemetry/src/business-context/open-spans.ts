import { trace } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";

/** Deeper nesting than this is a loop or a leak, not a request. */
const MAX_ANCESTORS = 64;
const ancestries = new WeakMap<Span, { readonly parent: Span; readonly depth: number }>();

/**
 * Remembers which open span of this process `span` was started under. Work that starts its successor before it ends
 * makes a chain without end, and each span holds the one before: every so many the chain begins anew.
 */
export function rememberParent(span: Span, parentContext: Context): void {
  const parent = trace.getSpan(parentContext);
  if (!parent?.isRecording() || parent.spanContext().isRemote === true) return;
  const depth = (ancestries.get(parent)?.depth ?? 0) + 1;
  if (depth <= MAX_ANCESTORS) ancestries.set(span, { parent, depth });
}

/** Writes `ids` onto `span` and its open ancestors, up to the span where this service's part of the trace began. */
export function stampOpenSpans(span: Span | undefined, ids: Readonly<Record<string, string>>): void {
  for (let current = span; current; current = ancestries.get(current)?.parent) {
    if (current.isRecording()) current.setAttributes(ids);
  }
}
