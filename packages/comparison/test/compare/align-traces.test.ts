import { expect, test } from "vitest";
import { alignTraces, compareTraces, type Trace, type TraceSpan } from "../../src/index.ts";
import { readOrder } from "./recorded-orders.ts";

const [otlp, sentry] = [readOrder("order-failed", "otlp"), readOrder("order-failed", "sentry")];

function without(trace: Trace, isLeftOut: (span: TraceSpan) => boolean): Trace {
  return { ...trace, spans: trace.spans.filter((span) => !isLeftOut(span)) };
}

test("each span is one row, in one order whichever side is left", () => {
  const rows = alignTraces(otlp, sentry);
  expect(rows).toHaveLength(32);
  expect(rows.every(({ left, right }) => left?.spanId === right?.spanId)).toBe(true);
  expect(rows[0]).toMatchObject({ depth: 0, orphan: false, left: { name: "POST /order" } });
  expect(alignTraces(sentry, otlp).map(({ right, depth }) => [right, depth])).toEqual(
    rows.map(({ left, depth }) => [left, depth]),
  );
});

test("a span that only one side has stands in its place", () => {
  const handler = "request handler";
  const rows = alignTraces(
    without(otlp, ({ name }) => name === handler),
    without(sentry, ({ name }) => name === "process order"),
  );
  expect(rows).toHaveLength(32);
  expect(rows[1]).toMatchObject({ right: { name: "/order" }, depth: 1, orphan: false });
  expect(rows.filter(({ right }) => right === undefined).map(({ left }) => left?.name)).toEqual(
    otlp.spans.filter(({ name }) => name === "process order").map(({ name }) => name),
  );
});

test("spans that share an id find their partners, and one too many is told", () => {
  const [span] = otlp.spans;
  const server = { ...structuredClone(span), kind: "server", name: "the other end" } as TraceSpan;
  const shared: Trace = { ...otlp, spans: [server, ...otlp.spans] };
  expect(compareTraces(shared, { ...otlp, spans: [...otlp.spans, server] }).differences).toEqual([]);
  const { differences } = compareTraces(shared, otlp);
  expect(differences).toMatchObject([{ field: "span", spanId: span?.spanId, left: "the other end" }]);
  expect(alignTraces(shared, otlp)).toHaveLength(33);
});

test("children of a span that one side left out may belong to the span above it there", () => {
  const handler = otlp.spans.find(({ name }) => name === "request handler");
  const less = without(sentry, ({ spanId }) => spanId === handler?.spanId);
  const spans = less.spans.map((span): TraceSpan =>
    span.parentSpanId === handler?.spanId && handler?.parentSpanId !== undefined
      ? { ...span, parentSpanId: handler.parentSpanId }
      : span,
  );
  const { counts, explanations } = compareTraces(otlp, { ...less, spans });
  expect(counts.unexplained).toBe(1);
  expect(explanations).toContainEqual(expect.objectContaining({ rule: "parent-left-out", count: 3 }));
});

test("10,000 spans one below the other are compared and aligned", () => {
  const [first] = otlp.spans;
  const id = (index: number): string => (index + 1).toString(16).padStart(16, "0");
  const chain = Array.from({ length: 10_000 }, (_, index) => ({
    ...first,
    spanId: id(index),
    // The first one's has not arrived.
    parentSpanId: index === 0 ? "f".repeat(16) : id(index - 1),
    flags: 257,
  })) as TraceSpan[];
  const long: Trace = { ...otlp, spans: chain };
  expect(compareTraces(long, { ...long, spans: structuredClone(chain).toReversed() }).differences).toEqual(
    [],
  );
  expect(alignTraces(long, long).at(-1)?.depth).toBe(9999);
  // What Sentry says of segments goes up through all of them.
  expect(compareTraces(long, { ...long, format: "sentry" }).counts.unexplained).toBeGreaterThan(0);
});
