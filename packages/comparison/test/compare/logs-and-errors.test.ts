import { expect, test } from "vitest";
import { compareTraces, type Difference, type Trace } from "../../src/index.ts";
import { readOrder } from "./recorded-orders.ts";

const [otlp, sentry] = [readOrder("order-failed", "otlp"), readOrder("order-failed", "sentry")];

function change(trace: Trace, how: (trace: Trace) => void): Trace {
  const copy = structuredClone(trace);
  how(copy);
  return copy;
}

function findUnexplained(left: Trace, right: Trace): Pick<Difference, "field" | "key" | "left" | "right">[] {
  const [there, back] = [compareTraces(left, right), compareTraces(right, left)];
  expect(back.counts).toEqual(there.counts);
  return there.differences
    .filter(({ verdict }) => verdict === "unexplained")
    .map(({ field, key, left: one, right: other }) => ({
      field,
      ...(key === undefined ? {} : { key }),
      left: one,
      right: other,
    }));
}

test.each([
  ["is missing", (trace: Trace) => void trace.errors.splice(1, 1), { right: undefined }],
  [
    "is on another span",
    (trace: Trace) => void Object.assign(trace.errors[1] ?? {}, { spanId: trace.errors[0]?.spanId }),
    { right: { spanId: sentry.errors[0]?.spanId } },
  ],
  [
    "is on a span that nobody has",
    (trace: Trace) => void Object.assign(trace.errors[1] ?? {}, { spanId: "feedfeedfeedfeed" }),
    { right: { spanId: "feedfeedfeedfeed" } },
  ],
  [
    "says something else",
    (trace: Trace) => void Object.assign(trace.errors[1] ?? {}, { title: "Error: made up" }),
    { right: { title: "Error: made up" } },
  ],
])("an error at Sentry that %s is one unexplained difference", (_name, how, expected) => {
  expect(findUnexplained(otlp, change(sentry, how))).toMatchObject([{ field: "error", ...expected }]);
});

test("an error at Sentry that OpenTelemetry has nothing of is one unexplained difference", () => {
  const more = change(sentry, ({ errors }) => {
    const [first] = errors;
    if (first) errors.push({ ...first, eventId: "1".repeat(32), title: "Error: made up" });
  });
  expect(findUnexplained(otlp, more)).toMatchObject([{ field: "error", right: { title: "Error: made up" } }]);
});

test("a message to Sentry, and an error outside any span, are no contradiction: OpenTelemetry cannot have them", () => {
  const more = change(sentry, ({ errors }) => {
    const [first] = errors;
    if (!first) return;
    const { spanId: _span, ...outside } = first;
    errors.push({ ...first, eventId: "1".repeat(32), title: "hello", level: "info" });
    errors.push({ ...outside, eventId: "2".repeat(32), title: "Error: elsewhere" });
  });
  const { verdict, explanations } = compareTraces(otlp, more);
  expect(verdict).toBe("equal");
  expect(explanations.map(({ rule, count }) => [rule, count])).toEqual(
    expect.arrayContaining([
      ["sentry-message", 1],
      ["otlp-error-without-span", 1],
    ]),
  );
});

test("an exception that was recorded again on its way up is one issue at Sentry", () => {
  const again = change(otlp, ({ spans }) => {
    const failed = spans.find(({ events }) => events.some(({ name }) => name === "exception"));
    const child = spans.find(({ parentSpanId }) => parentSpanId === failed?.spanId);
    child?.events.push(...(failed?.events.filter(({ name }) => name === "exception") ?? []));
  });
  const { verdict, explanations } = compareTraces(again, sentry);
  expect(verdict).toBe("equal");
  expect(explanations).toContainEqual(expect.objectContaining({ rule: "sentry-error-once", count: 1 }));
});

test.each([
  ["is missing", (trace: Trace) => void trace.logs.splice(3, 1), { field: "log" }],
  [
    "says something else",
    (trace: Trace) => void Object.assign(trace.logs[3] ?? {}, { body: "made up" }),
    { field: "log" },
  ],
  [
    "has another level",
    (trace: Trace) => void Object.assign(trace.logs[3] ?? {}, { level: "fatal" }),
    { field: "log" },
  ],
  [
    "is on another span",
    (trace: Trace) => void Object.assign(trace.logs[3] ?? {}, { spanId: "feedfeedfeedfeed" }),
    { field: "log" },
  ],
  [
    "has another attribute",
    (trace: Trace) => void Object.assign(trace.logs[3]?.attributes ?? {}, { attempt: 99 }),
    { field: "log", key: "attempt" },
  ],
])("a log that %s on either side is one unexplained difference", (_name, how, expected) => {
  expect(findUnexplained(otlp, change(sentry, how))).toMatchObject([expected]);
  expect(findUnexplained(change(otlp, how), sentry)).toMatchObject([expected]);
});

test("a log that is there twice on one side is one unexplained difference", () => {
  const twice = change(otlp, ({ logs }) => void logs.push(...structuredClone(logs.slice(0, 1))));
  expect(findUnexplained(twice, sentry)).toMatchObject([{ field: "log", right: undefined }]);
});
