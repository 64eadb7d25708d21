import type { Span } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { SentryNonRecordingSpan, addChildSpanToSpan } from "@sentry/core";
import type { Span as SentrySpan } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import type { Segment } from "../../trace-state/index.ts";

/** The first span of a segment, as long as it goes on. */
export type ReadRoot = (segment: Segment) => Span | undefined;

/** A span that has not ended: afterwards a copy is kept, which says nothing and takes nothing. */
export function readLiveSpan(span: ReadableSpan | undefined): Span | undefined {
  return span && "isRecording" in span ? (span as ReadableSpan & Span) : undefined;
}

const between = new WeakMap<Segment, SentrySpan>();

/**
 * Lets `Sentry.getRootSpan(span)` find the first span of the segment that `inside` belongs to. Sentry notes every child
 * at its parent, for as long as the parent lives, but not where the parent is not sampled: so each segment has a span
 * that is not, which stands between its first span and all others.
 */
export function linkRoot(span: SentrySpan, inside: SentrySpan, readRoot: ReadRoot): void {
  const segment = readSegment(inside.spanContext());
  if (!segment) return;
  const root = readRoot(segment);
  if (root && !between.has(segment)) {
    const created = new SentryNonRecordingSpan();
    addChildSpanToSpan(root, created);
    between.set(segment, created);
  }
  const parent = between.get(segment);
  if (parent && span !== root) addChildSpanToSpan(parent, span);
}
