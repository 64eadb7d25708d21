import type { Receiver, SentrySpan } from "@tracebridge/receivers";

/** A span as it can be compared with the same one of another process: no id, port or time in it. */
export interface ComparableSpan {
  /** The names from the root of what this process recorded of the trace down to this span. */
  readonly path: string;
  readonly origin: string;
  readonly op: string;
  /** By field: `name`, `status`, …, and `attribute NAME`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly children: readonly ComparableSpan[];
}

/** These differ between two runs of the same program; that they are there is compared. */
const VOLATILE = /^(app\.(memory|free_memory|start_time)|device\.(free_memory|boot_time)|.*\.port)$/;
const ANY_PORT = /(?<=127\.0\.0\.1:)\d{4,5}/g;

/** All spans that arrived, as trees, in the order in which they started. */
export function readSpans(sentry: Receiver["sentry"]): ComparableSpan[] {
  const headers = new Map<SentrySpan, unknown>();
  for (const envelope of sentry.envelopes) {
    for (const span of envelope.spans) headers.set(span, envelope.header["trace"]);
  }
  const spans = [...headers.keys()].toSorted((a, b) => a.startTimestamp - b.startTimestamp);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const read = (span: SentrySpan, parentPath: string): ComparableSpan => {
    const path = `${parentPath}${span.name}`;
    return {
      path,
      origin: String(span.attributes["sentry.origin"]),
      op: span.op ?? "",
      fields: readFields(span, byId, headers.get(span)),
      children: spans
        .filter(({ parentSpanId }) => parentSpanId === span.spanId)
        .map((child) => read(child, `${path} > `)),
    };
  };
  return spans.filter(({ parentSpanId }) => !byId.has(parentSpanId ?? "")).map((span) => read(span, ""));
}

function readFields(
  span: SentrySpan,
  byId: ReadonlyMap<string, SentrySpan>,
  dsc: unknown,
): Record<string, string> {
  const { "sentry.segment.id": segmentId, ...attributes } = span.attributes;
  const segment = byId.get(String(segmentId));
  // The segment is where the chain of parents leaves the process.
  const fields: Record<string, string> = {
    name: span.name,
    status: span.status,
    "is segment": String(span.isSegment),
    "segment id": segment ? `of ${segment === span ? "itself" : segment.name}` : "of no span",
    "remote parent": byId.has(span.parentSpanId ?? "") ? "" : (span.parentSpanId ?? "none"),
    trace: byId.get(span.parentSpanId ?? "")?.traceId === span.traceId ? "of its parent" : "its own",
    "dynamic sampling context": describeDsc(span, dsc),
    links: String(span.links.length),
    "time order": String(span.endTimestamp >= span.startTimestamp),
  };
  for (const [key, value] of Object.entries(attributes)) {
    fields[`attribute ${key}`] = VOLATILE.test(key)
      ? typeof value
      : JSON.stringify(value).replaceAll(ANY_PORT, "PORT");
  }
  return fields;
}

/** Ids and random numbers of our own making are replaced; those of a trace that came from elsewhere are not. */
function describeDsc({ traceId }: SentrySpan, dsc: unknown): string {
  if (typeof dsc !== "object" || dsc === null) return "none";
  const members = Object.entries(dsc).map(([key, value]) => {
    if (key === "trace_id" && value === traceId) return `${key}=of the span`;
    if (key === "sample_rand" && value !== "0.25") return `${key}=${/^0\.\d+$/.test(String(value))}`;
    return `${key}=${String(value)}`;
  });
  return members.toSorted((a, b) => a.localeCompare(b)).join(", ");
}
