import fc from "fast-check";
import type {
  Attributes,
  AttributeValue,
  SpanKind,
  Trace,
  TraceError,
  TraceFormat,
  TraceLog,
  TraceSpan,
} from "../src/model.ts";

const traceId = "5bec1a1000000000000000000000a11f";
const start = 1_795_276_379_000_000_000n;
const services = ["web", "order", "factory"] as const;
const kinds: readonly SpanKind[] = ["internal", "server", "client", "producer", "consumer"];
const isSentry = (format: TraceFormat): boolean => format === "sentry" || format === "sentry-api";

/** Simpler ids make no failure simpler, and shrinking them takes longest. */
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.noShrink(fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`, "u")).filter((id) => /[^0]/u.test(id)));

/** Whole microseconds: Sentry's seconds in floating point and Jaeger's API v1 hold them exactly. */
const arbitraryNanos = (most: number): fc.Arbitrary<bigint> =>
  fc.integer({ min: 0, max: most }).map((micros) => BigInt(micros) * 1000n);
const arbitraryTime = arbitraryNanos(2e6).map((nanos) => (start + nanos).toString());

/** Free of names that a format or Sentry's SDK has a use for. */
const arbitraryKey = fc.oneof(
  fc.constantFrom("orderId", "server.port", "peer.weight", "url.path", "__proto__", "constructor", ""),
  fc.stringMatching(/^app\.[a-z]{1,8}$/u),
);
const arbitraryPlainValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.boolean(),
);
const arbitraryList: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.array(fc.boolean(), { maxLength: 3 }),
);
const arbitraryNestedValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map((value) => ({ intValue: value.toString() })),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => ({ bytesValue: Buffer.from(bytes).toString("base64") })),
  fc.record({ inner: arbitraryPlainValue, list: arbitraryList }),
);

/** Values that the format keeps as they are. */
function arbitraryValue(format: TraceFormat): fc.Arbitrary<AttributeValue> {
  if (format === "jaeger-v1" || format === "sentry-api") return arbitraryPlainValue;
  if (format === "sentry") return fc.oneof(arbitraryPlainValue, arbitraryList);
  return fc.oneof(arbitraryPlainValue, arbitraryList, arbitraryNestedValue);
}

function arbitraryAttributes(format: TraceFormat): fc.Arbitrary<Attributes> {
  // Entries, so that `__proto__` becomes a plain key as readers make it.
  return fc
    .uniqueArray(fc.tuple(arbitraryKey, arbitraryValue(format)), { selector: ([key]) => key, maxLength: 5 })
    .map((entries) => Object.fromEntries(entries));
}

/** A span as the reader of the format yields it, without its place in the trace. */
function arbitrarySpan(format: TraceFormat): fc.Arbitrary<TraceSpan> {
  return isSentry(format) ? arbitrarySentrySpan(format) : arbitraryOtelSpan(format);
}

const arbitraryTimes = fc.tuple(arbitraryTime, arbitraryNanos(1e6)).map(([from, nanos]) => ({
  startTimeUnixNano: from,
  // A span that ends at its start is given another end by Jaeger.
  endTimeUnixNano: (BigInt(from) + nanos + 1000n).toString(),
}));
const arbitraryName = fc.constantFrom("GET /order", "insert order", "send order", "work", "naïve 工作");

function arbitrarySentrySpan(format: TraceFormat): fc.Arbitrary<TraceSpan> {
  return fc
    .record({
      spanId: hex(16),
      name: arbitraryName,
      service: fc.constantFrom(...services),
      kind: fc.constantFrom(undefined, ...kinds.slice(1)),
      op: fc.constantFrom(undefined, "db", "http.server", "queue.process"),
      status: fc.constantFrom("ok" as const, "error" as const),
      message: fc.constantFrom(undefined, "it broke"),
      times: arbitraryTimes,
      attributes: arbitraryAttributes(format),
      links: fc.array(
        fc.record({ traceId: hex(32), spanId: hex(16), attributes: arbitraryAttributes(format) }),
        {
          maxLength: format === "sentry" ? 2 : 0,
        },
      ),
      isSegment: fc.boolean(),
    })
    .map(({ times, kind, op, message, attributes, ...span }) => ({
      traceId,
      ...span,
      ...times,
      ...(kind === undefined ? {} : { kind }),
      ...(op === undefined ? {} : { op }),
      attributes: {
        ...attributes,
        "service.name": span.service,
        ...(kind === undefined ? {} : { "sentry.kind": kind }),
        ...(op === undefined ? {} : { "sentry.op": op }),
        ...(message === undefined || span.status !== "error" ? {} : { "sentry.status.message": message }),
      },
      resource: {},
      events: [],
    }));
}

function arbitraryOtelSpan(format: TraceFormat): fc.Arbitrary<TraceSpan> {
  const isV1 = format === "jaeger-v1";
  const noAttributes = fc.constant<Attributes>({});
  return fc
    .record({
      spanId: hex(16),
      name: arbitraryName,
      service: fc.constantFrom(...services),
      kind: fc.constantFrom(...kinds),
      status: fc.constantFrom("unset" as const, "ok" as const, "error" as const),
      message: fc.constantFrom(undefined, "it broke"),
      times: arbitraryTimes,
      attributes: arbitraryAttributes(format),
      scope: fc.constantFrom(
        undefined,
        { name: "work" },
        { name: "@opentelemetry/instrumentation-http", version: "1.2.3" },
      ),
      events: fc.array(
        fc.record({
          name: fc.constantFrom("started", "retried"),
          timeUnixNano: arbitraryTime,
          attributes: arbitraryAttributes(format),
        }),
        { maxLength: 2 },
      ),
      links: fc.array(
        fc.record({
          traceId: hex(32),
          spanId: hex(16),
          attributes: isV1 ? noAttributes : arbitraryAttributes(format),
        }),
        { maxLength: 2 },
      ),
      traceState: fc.constantFrom(undefined, "vendor=1"),
      flags: fc.constantFrom(1, 257, 769),
    })
    .map(({ times, message, scope, traceState, flags, ...span }) => ({
      traceId,
      ...span,
      ...times,
      ...(message === undefined || span.status !== "error" ? {} : { statusMessage: message }),
      ...(scope === undefined ? {} : { scope }),
      ...(traceState === undefined ? {} : { traceState }),
      ...(isV1 ? {} : { flags }),
      resource: { "service.name": span.service, "host.name": `host-of-${span.service}`, "process.pid": 42 },
    }));
}

/** Parents are earlier spans, none, or spans that never arrived. */
function arbitrarySpans(format: TraceFormat): fc.Arbitrary<TraceSpan[]> {
  return fc
    .uniqueArray(fc.tuple(arbitrarySpan(format), fc.nat(), hex(16)), {
      selector: ([span]) => span.spanId,
      minLength: 1,
      maxLength: 12,
    })
    .map((entries) =>
      entries.map(([span, choice, stranger], index) => {
        const parent = choice % 10 === 0 ? stranger : entries[choice % (index + 1)]?.[0].spanId;
        return parent === undefined || parent === span.spanId ? span : { ...span, parentSpanId: parent };
      }),
    );
}

function arbitraryLogs(format: TraceFormat): fc.Arbitrary<TraceLog[]> {
  const log = fc
    .record({
      traceId: fc.constant(traceId),
      service: fc.constantFrom(...services),
      timeUnixNano: arbitraryTime,
      level: fc.constantFrom("debug", "info", "error"),
      body: fc.constantFrom("started", "it broke", ""),
      attributes: arbitraryAttributes(format),
      spanId: fc.option(hex(16), { nil: undefined }),
    })
    .map(({ spanId, attributes, ...rest }) => ({
      ...rest,
      attributes: isSentry(format) ? { ...attributes, "service.name": rest.service } : attributes,
      ...(spanId === undefined ? {} : { spanId }),
    }));
  return format === "jaeger-v1" || format === "jaeger-v3" ? fc.constant([]) : fc.array(log, { maxLength: 4 });
}

function arbitraryErrors(format: TraceFormat): fc.Arbitrary<TraceError[]> {
  const error = fc
    .record({
      eventId: hex(32),
      traceId: fc.constant(traceId),
      service: fc.constantFrom(...services),
      timeUnixNano: arbitraryTime,
      title: fc.constantFrom("Error: it broke", "TypeError: x is not a function", "hello"),
      level: fc.constantFrom("error", "info"),
      orderId: fc.string({ maxLength: 5 }),
      breadcrumbs: fc.array(fc.record({ message: fc.string({ maxLength: 5 }) }), {
        maxLength: format === "sentry" ? 2 : 0,
      }),
      spanId: fc.option(hex(16), { nil: undefined }),
    })
    .map(({ spanId, orderId, ...rest }): TraceError => ({
      ...rest,
      tags: format === "sentry" ? { orderId, service: rest.service } : {},
      ...(spanId === undefined ? {} : { spanId }),
    }));
  return isSentry(format)
    ? fc.uniqueArray(error, { selector: ({ eventId }) => eventId, maxLength: 3 })
    : fc.constant([]);
}

/** A trace with nothing in it that the format could not tell: what its reader may yield. */
export function arbitraryTrace(format: TraceFormat): fc.Arbitrary<Trace> {
  return fc.record({
    traceId: fc.constant(traceId),
    format: fc.constant(format),
    spans: arbitrarySpans(format),
    errors: arbitraryErrors(format),
    logs: arbitraryLogs(format),
  });
}
