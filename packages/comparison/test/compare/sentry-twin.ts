import type { Attributes, AttributeValue, Trace, TraceLog, TraceSpan } from "../../src/index.ts";

/**
 * What Sentry would have been sent of an arbitrary trace of OTLP, by what docs/comparison.md says; it shares no code with the
 * rules. Arbitrary traces know nothing of HTTP, databases and messages, so there are no ops and no names of Sentry's.
 */
export function createSentryTwin(trace: Trace): Trace {
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]));
  return {
    ...trace,
    format: "sentry",
    spans: trace.spans.map((span) => createSpan(span, spans)),
    logs: trace.logs.map(createLog),
  };
}

function createSpan(span: TraceSpan, spans: ReadonlyMap<string, TraceSpan>): TraceSpan {
  const { traceId, spanId, parentSpanId, name, service, startTimeUnixNano, endTimeUnixNano } = span;
  const kind = span.kind === "internal" ? undefined : span.kind;
  const segment = findSegment(span, spans);
  const origin = readOrigin(span);
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    service,
    ...(kind === undefined ? {} : { kind }),
    status: span.status === "error" ? "error" : "ok",
    startTimeUnixNano,
    endTimeUnixNano,
    attributes: {
      ...keepKnown(span.attributes),
      "sentry.trace_lifecycle": "stream",
      "sentry.sdk.name": "sentry.javascript.node",
      "sentry.environment": "production",
      "service.name": service,
      ...(origin === undefined ? {} : { "sentry.origin": origin }),
      ...(kind === undefined ? {} : { "sentry.kind": kind }),
      ...(segment === undefined
        ? {}
        : { "sentry.segment.id": segment.spanId, "sentry.segment.name": segment.name }),
      ...(span.statusMessage === undefined ? {} : { "sentry.status.message": span.statusMessage }),
    },
    resource: {},
    events: [],
    links: span.links.map((link) => ({ ...link, attributes: keepKnown(link.attributes) })),
    isSegment: segment === span,
  };
}

function createLog(log: TraceLog): TraceLog {
  const attributes = {
    ...keepOfLog(log.attributes),
    "service.name": log.service,
    "sentry.origin": "auto.log.otel",
    ...(log.spanId === undefined ? {} : { "sentry.trace.parent_span_id": log.spanId }),
  };
  return { ...log, attributes };
}

function readOrigin({ scope, kind }: TraceSpan): string | undefined {
  if (scope?.name !== "@opentelemetry/instrumentation-http") return "manual";
  return kind === "server" ? "auto.http.http_server" : kind === "client" ? "auto.http.client" : undefined;
}

function findSegment(span: TraceSpan, spans: ReadonlyMap<string, TraceSpan>): TraceSpan | undefined {
  if (span.parentSpanId === undefined) return span;
  const parent = spans.get(span.parentSpanId);
  const isToldRemote = span.flags === 769;
  const isUntold = span.flags !== 769 && span.flags !== 257;
  const seemsRemote =
    span.kind === "server" ||
    span.kind === "consumer" ||
    (parent !== undefined && parent.service !== span.service);
  if (isToldRemote || (isUntold && seemsRemote)) return span;
  return parent && findSegment(parent, spans);
}

/** Arbitrary lists hold nothing but texts, numbers and booleans. */
function keepKnown(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      const number = readNumber(value);
      if (number !== undefined) return [[key, number]];
      return typeof value === "object" && !Array.isArray(value) ? [] : [[key, value]];
    }),
  );
}

/** The model's word for an integer that a number cannot hold. */
function readNumber(value: AttributeValue): number | undefined {
  const isObject = typeof value === "object" && value !== null;
  return isObject && "intValue" in value ? Number(value.intValue) : undefined;
}

/** Of a log objects are kept as JSON. */
function keepOfLog(attributes: Attributes): Attributes {
  const texts = Object.entries(attributes).flatMap(([key, value]) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && readNumber(value) === undefined ? [[key, JSON.stringify(value)]] : [];
  });
  return { ...keepKnown(attributes), ...Object.fromEntries(texts) };
}
