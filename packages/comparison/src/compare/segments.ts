import type { TraceSpan } from "../model.ts";

type Spans = ReadonlyMap<string, TraceSpan>;

/** OTLP's flags: whether the sender knew if the parent is remote, and whether it is. */
const hasIsRemote = 0x100;
const isRemote = 0x200;

/**
 * A segment starts where a span has no parent or one in another process. Where the flags do not tell, a server or
 * consumer span and a parent of another service do.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function isSegment(span: TraceSpan, parent: TraceSpan | undefined): boolean {
  if (span.isSegment !== undefined) return span.isSegment;
  if (span.parentSpanId === undefined) return true;
  const flags = span.flags ?? 0;
  if ((flags & hasIsRemote) !== 0) return (flags & isRemote) !== 0;
  return (
    span.kind === "server" ||
    span.kind === "consumer" ||
    (parent !== undefined && parent.service !== span.service)
  );
}

/**
 * The segment of every span of a side, by its own parents. Where it lacks a span the other side's stands in, so that one
 * missing span does not change what is said of all below it.
 */
export function findSegments(spans: Spans, others: Spans): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  const find = (id: string): TraceSpan | undefined => spans.get(id) ?? others.get(id);
  for (const start of spans.values()) {
    // All that is passed on the way up has the same segment, or none: each span is passed once.
    const path = new Set<string>();
    let span: TraceSpan | undefined = start;
    while (span && !found.has(span.spanId) && !path.has(span.spanId)) {
      const parent: TraceSpan | undefined = find(span.parentSpanId ?? "");
      if (isSegment(span, parent)) found.set(span.spanId, span.spanId);
      else path.add(span.spanId);
      if (!found.has(span.spanId)) span = parent;
    }
    const segment = span && found.get(span.spanId);
    for (const id of path) found.set(id, segment);
  }
  return found;
}
