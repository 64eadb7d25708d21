import { trace } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";

/** Deeper nesting than this is a loop or a leak, not a request. */
const MAX_ANCESTORS = 64;
/** Kept by the span itself: a map of all open spans would cost the garbage collector more than the rest of this. */
const ANCESTRY = Symbol("tracebridge.ancestry");

interface DescendedSpan extends Span {
  [ANCESTRY]?: { readonly parent: Span; readonly depth: number };
}

/**
 * Remembers which open span of this process `span` was started under. Work that starts its successor before it ends
 * makes a chain without end, and each span holds the one before: every so many the chain begins anew.
 */
export function rememberParent(span: DescendedSpan, parentContext: Context): void {
  const parent: DescendedSpan | undefined = trace.getSpan(parentContext);
  if (!parent?.isRecording() || parent.spanContext().isRemote === true) return;
  const depth = (parent[ANCESTRY]?.depth ?? 0) + 1;
  if (depth <= MAX_ANCESTORS) span[ANCESTRY] = { parent, depth };
}

/** Writes `ids` onto `span` and its open ancestors, up to the span where this service's part of the trace began. */
export function stampOpenSpans(span: Span | undefined, ids: Readonly<Record<string, string>>): void {
  for (let current: DescendedSpan | undefined = span; current; current = current[ANCESTRY]?.parent) {
    if (current.isRecording()) current.setAttributes(ids);
  }
}
