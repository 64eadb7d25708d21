import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readTraces,
  writeTrace,
  type Attributes,
  type AttributeValue,
  type SpanLink,
  type Trace,
  type TraceSpan,
  type WrittenFormat,
} from "../../src/index.ts";
import { arbitraryTrace } from "../arbitrary-traces.ts";

// Each function here says what docs/trace-files.md says that a format cannot hold. They know nothing of the writers.

function writeAndRead(trace: Trace, format: WrittenFormat): Trace | undefined {
  return readTraces(writeTrace(trace, format), { traceId: trace.traceId }).traces.get(trace.traceId);
}

function isObject(value: AttributeValue): value is { readonly [key: string]: AttributeValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKept(value: AttributeValue): boolean {
  return isObject(value) && ("intValue" in value || "bytesValue" in value);
}

function mapValues(attributes: Attributes, change: (value: AttributeValue) => AttributeValue): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, change(value)]));
}

/** Jaeger's API v1: lists, maps and nothing become text. */
function toV1Value(value: AttributeValue): AttributeValue {
  if (value === null) return "";
  return typeof value === "object" && !isKept(value) ? sortKeys(value) : value;
}

function sortKeys(value: AttributeValue): string {
  return JSON.stringify(value, (_, inner: AttributeValue) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ).replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

const cutToMicros = (nanos: string): string => String((BigInt(nanos) / 1000n) * 1000n);

/** No flags, no attributes of links, whole microseconds. */
function toV1Span({ flags: _flags, ...span }: TraceSpan): TraceSpan {
  return {
    ...span,
    startTimeUnixNano: cutToMicros(span.startTimeUnixNano),
    endTimeUnixNano: cutToMicros(span.endTimeUnixNano),
    attributes: mapValues(span.attributes, toV1Value),
    resource: mapValues(span.resource, toV1Value),
    events: span.events.map((event) => ({
      ...event,
      timeUnixNano: cutToMicros(event.timeUnixNano),
      attributes: mapValues(event.attributes, toV1Value),
    })),
    links: span.links.map((link) => ({ ...link, attributes: {} })),
  };
}

/** Sentry has no maps and takes nothing for no attribute; a large integer and bytes are text. */
function toSentryAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      if (value === null || (isObject(value) && !isKept(value))) return [];
      return [[key, isObject(value) ? (Object.values(value)[0] ?? "") : value]];
    }),
  );
}

/** No events, resource, scope, trace state or flags; three statuses are two; a local root is a segment. */
function toSentrySpan(span: TraceSpan): TraceSpan {
  const { scope: _scope, traceState: _state, flags = 0, statusMessage, ...rest } = span;
  const hasRemoteParent = flags >= 768;
  const isSegment = span.parentSpanId === undefined || hasRemoteParent;
  return {
    ...rest,
    status: span.status === "error" ? "error" : "ok",
    attributes: {
      ...toSentryAttributes(span.attributes),
      "service.name": span.service,
      ...(span.kind === undefined ? {} : { "sentry.kind": span.kind }),
      ...(statusMessage === undefined ? {} : { "sentry.status.message": statusMessage }),
    },
    resource: {},
    events: [],
    links: span.links.map((link): SpanLink => ({ ...link, attributes: toSentryAttributes(link.attributes) })),
    isSegment,
  };
}

describe("a trace of OTLP", () => {
  it("loses nothing as Jaeger's API v3 but its logs", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(arbitraryTrace("otlp"), (trace) => {
        expect(writeAndRead(trace, "jaeger-v3")).toEqual({ ...trace, format: "jaeger-v3", logs: [] });
      }),
    );
  });

  it("loses exactly what is written down as Jaeger's API v1", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(arbitraryTrace("otlp"), (trace) => {
        const expected = { ...trace, format: "jaeger-v1", spans: trace.spans.map(toV1Span), logs: [] };
        expect(writeAndRead(trace, "jaeger-v1")).toEqual(expected);
      }),
    );
  });

  it("loses exactly what is written down as Sentry's envelopes", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(arbitraryTrace("otlp"), (trace) => {
        const logs = trace.logs.map((log) => ({
          ...log,
          attributes: { ...toSentryAttributes(log.attributes), "service.name": log.service },
        }));
        const expected = { ...trace, format: "sentry", spans: trace.spans.map(toSentrySpan), logs };
        expect(writeAndRead(trace, "sentry")).toEqual(expected);
      }),
    );
  });
});

describe("a trace of Sentry", () => {
  it("loses exactly what is written down as OTLP: op, segment and errors", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(arbitraryTrace("sentry"), (trace) => {
        const spans = trace.spans.map(({ op: _op, isSegment: _segment, ...span }) => ({
          ...span,
          kind: span.kind ?? "internal",
          resource: { "service.name": span.service },
          flags: 0,
        }));
        expect(writeAndRead(trace, "otlp")).toEqual({ ...trace, format: "otlp", spans, errors: [] });
      }),
    );
  });

  it("loses exactly what is written down as an answer of Sentry's API", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(arbitraryTrace("sentry"), (trace) => {
        const spanIds = new Set(trace.spans.map(({ spanId }) => spanId));
        const services = new Map(trace.spans.map(({ spanId, service }) => [spanId, service]));
        const spans = trace.spans.map((span) => ({
          ...span,
          attributes: Object.fromEntries(
            Object.entries(span.attributes).filter(([, value]) => typeof value !== "object"),
          ),
          links: [],
        }));
        const errors = trace.errors.map(({ spanId = "", ...error }) => ({
          ...error,
          ...(spanIds.has(spanId) ? { spanId } : {}),
          service: services.get(spanId) ?? "unknown",
          tags: {},
          breadcrumbs: [],
        }));
        const read = writeAndRead(trace, "sentry-api");
        expect(sortAll(read)).toEqual(sortAll({ ...trace, format: "sentry-api", spans, errors, logs: [] }));
      }),
    );
  });
});

/** A tree says nothing of the order in which its parts were sent. */
function sortAll(trace: Trace | undefined): unknown {
  const byId = (a: string, b: string): number => (a < b ? -1 : 1);
  return {
    ...trace,
    spans: trace?.spans.toSorted((a, b) => byId(a.spanId, b.spanId)),
    errors: trace?.errors.toSorted((a, b) => byId(a.eventId, b.eventId)),
  };
}
