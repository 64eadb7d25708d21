import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTraces, readMillis, type SideSummary, type Trace, type TraceSpan } from "../../src/index.ts";
import { arbitraryTrace } from "../arbitrary-traces.ts";
import { formats, readOrder } from "./recorded-orders.ts";

const start = 1_795_276_379_000n;

/** Times are milliseconds after the start of the trace. */
function createSpan(spanId: string, parentSpanId: string | undefined, from: number, to: number): TraceSpan {
  const at = (millis: number): string => ((start + BigInt(millis)) * 1_000_000n).toString();
  return {
    traceId: "1".repeat(32),
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: spanId,
    service: "web",
    kind: "internal",
    status: "unset",
    startTimeUnixNano: at(from),
    endTimeUnixNano: at(to),
    attributes: {},
    resource: {},
    events: [],
    links: [],
  };
}

function summarize(spans: TraceSpan[]): SideSummary {
  const trace: Trace = { traceId: "1".repeat(32), format: "otlp", spans, errors: [], logs: [] };
  return compareTraces(trace, trace).left;
}

function readPath(spans: TraceSpan[]): [string, number][] {
  return summarize(spans).criticalPath.map(({ spanId, nanos }) => [spanId, nanos / 1e6]);
}

test("the path goes through the child that finished last, and the parent where no child was running", () => {
  const path = readPath([
    createSpan("root", undefined, 0, 100),
    createSpan("first", "root", 10, 40),
    createSpan("beside", "root", 20, 60),
    createSpan("last", "root", 70, 90),
  ]);
  expect(path).toEqual([
    ["root", 30],
    ["first", 10],
    ["beside", 40],
    ["last", 20],
  ]);
});

test("a consumer that outlasts its producer is on the path, and the time in its queue is the producer's", () => {
  const path = readPath([
    createSpan("request", undefined, 0, 20),
    createSpan("send", "request", 5, 10),
    createSpan("process", "send", 50, 120),
  ]);
  expect(path).toEqual([
    ["request", 5],
    ["send", 45],
    ["process", 70],
  ]);
});

test("a child outside its parent, as a wrong clock shows it, takes no time that is not there", () => {
  const path = readPath([
    createSpan("root", undefined, 10, 50),
    createSpan("early", "root", 0, 30),
    createSpan("gone", "root", 0, 5),
  ]);
  expect(path).toEqual([
    ["early", 20],
    ["root", 20],
  ]);
});

test.each(["ui.webvital.lcp", "ui.webvital.cls", "ui.interaction.click", "ui.interaction.press"])(
  "a web vital (%s) is a measurement and no step, in Sentry's words and in OpenTelemetry's",
  (op) => {
    const page = [createSpan("page load", undefined, 0, 60), createSpan("script", "page load", 10, 50)];
    const path = [
      ["page load", 20],
      ["script", 40],
    ];
    // The largest paint covers the load; layout shifts come last, long after it.
    for (const [from, to] of [
      [0, 55],
      [30, 90],
      [5_000, 5_000],
    ] as const) {
      const vital = createSpan("vital", "page load", from, to);
      expect(readPath([...page, { ...vital, op }])).toEqual(path);
      expect(readPath([...page, { ...vital, attributes: { "sentry.op": op } }])).toEqual(path);
    }
  },
);

test("a click and what the application calls an interaction are steps", () => {
  for (const op of ["ui.action.click", "ui.interaction.checkout"]) {
    const span = { ...createSpan("submit", "page load", 10, 50), op };
    expect(readPath([createSpan("page load", undefined, 0, 20), span])).toEqual([
      ["page load", 10],
      ["submit", 40],
    ]);
  }
});

test("circles of parents, orphans and spans that end before they start do no harm", () => {
  expect(readPath([createSpan("a", "b", 0, 10), createSpan("b", "a", 0, 20)])).toEqual([["b", 20]]);
  expect(readPath([createSpan("a", "nobody", 0, 10)])).toEqual([["a", 10]]);
  expect(readPath([createSpan("a", undefined, 10, 0)])).toEqual([]);
  expect(readPath([])).toEqual([]);
});

test("10,000 spans one in another need no stack of the engine's", () => {
  const spans = Array.from({ length: 10_000 }, (_, index) =>
    createSpan(String(index), index === 0 ? undefined : String(index - 1), index, 20_000 - index),
  );
  const path = readPath(spans);
  expect(path).toHaveLength(10_000);
  expect(path[9999]).toEqual(["9999", 2]);
});

test("the shares of an order add up to the time from its start to its last end, in every format", () => {
  for (const format of formats) {
    const trace = readOrder("order-failed", format);
    const { criticalPath, durationNanos, services, startTimeUnixNano } = compareTraces(trace, trace).left;
    const sum = criticalPath.reduce((total, { nanos }) => total + nanos, 0);
    expect(sum).toBeCloseTo(durationNanos, -1);
    expect(readMillis(startTimeUnixNano ?? "0")).toBeCloseTo(1_795_276_384_723, 2);
    expect(services.map(({ service, spans, failedSpans }) => [service, spans, failedSpans])).toEqual([
      ["factory", 14, 3],
      ["order", 9, 0],
      ["web", 9, 0],
    ]);
  }
});

test("no share is negative or told twice, and together they are no longer than the trace", () => {
  fc.assert(
    fc.property(arbitraryTrace("otlp"), ({ spans }) => {
      const { criticalPath, durationNanos } = summarize(spans);
      expect(new Set(criticalPath.map(({ spanId }) => spanId)).size).toBe(criticalPath.length);
      expect(criticalPath.every(({ nanos }) => nanos > 0)).toBe(true);
      expect(criticalPath.reduce((total, { nanos }) => total + nanos, 0)).toBeLessThanOrEqual(durationNanos);
    }),
  );
});
