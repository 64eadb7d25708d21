import type { Trace, TraceFormat, TraceSpan } from "../model.ts";
import { findSegments, isSegment } from "./segments.ts";

/**
 * Two traces put so that rules need to be written once: `rich` is nearer to what was recorded, so that `poor` can be
 * predicted from it. Which of them is left does not matter here.
 */
export interface Scene {
  rich: Side;
  poor: Side;
  /** True when `rich` is the left side. */
  isRichLeft: boolean;
}

export interface Side {
  trace: Trace;
  format: TraceFormat;
  /** By span id; of spans that share an id the first. */
  spans: ReadonlyMap<string, TraceSpan>;
  /** The keys of all attributes on any of its spans. */
  attributeKeys: ReadonlySet<string>;
  /** The segment (Sentry's word for a service's part of the trace) that a span belongs to, by its own parents. */
  segmentOf(span: TraceSpan): string | undefined;
  /** Whether a segment starts with this span. */
  startsSegment(span: TraceSpan): boolean;
}

/** One span as both sides have it. */
export interface SpanPair {
  rich: TraceSpan;
  poor: TraceSpan;
}

const richness: readonly TraceFormat[] = ["otlp", "jaeger-v3", "jaeger-v1", "sentry", "sentry-api"];

export function isSentryFormat(format: TraceFormat): boolean {
  return format === "sentry" || format === "sentry-api";
}

export function createScene(left: Trace, right: Trace): Scene {
  const isRichLeft = richness.indexOf(left.format) <= richness.indexOf(right.format);
  const [rich, poor] = isRichLeft ? [left, right] : [right, left];
  const richSpans = indexSpans(rich);
  const poorSpans = indexSpans(poor);
  return {
    rich: createSide(rich, richSpans, poorSpans),
    poor: createSide(poor, poorSpans, richSpans),
    isRichLeft,
  };
}

function createSide(
  trace: Trace,
  spans: ReadonlyMap<string, TraceSpan>,
  others: ReadonlyMap<string, TraceSpan>,
): Side {
  let segments: ReadonlyMap<string, string | undefined> | undefined;
  return {
    trace,
    format: trace.format,
    spans,
    attributeKeys: new Set(trace.spans.flatMap(({ attributes }) => Object.keys(attributes))),
    startsSegment: (span) => isSegment(span, spans.get(span.parentSpanId ?? "")),
    segmentOf: (span) => {
      segments ??= findSegments(spans, others);
      return segments.get(span.spanId);
    },
  };
}

function indexSpans(trace: Trace): ReadonlyMap<string, TraceSpan> {
  const spans = new Map<string, TraceSpan>();
  for (const span of trace.spans) if (!spans.has(span.spanId)) spans.set(span.spanId, span);
  return spans;
}
