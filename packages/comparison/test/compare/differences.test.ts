import { describe, expect, test } from "vitest";
import { compareTraces, type Difference, type Trace, type TraceFormat } from "../../src/index.ts";
import { otlpMutations, sentryMutations, spanMutations, type Mutation } from "./mutations.ts";
import { readOrder } from "./recorded-orders.ts";

const [otlp, sentry] = [readOrder("order-failed", "otlp"), readOrder("order-failed", "sentry")];

function findUnexplained(left: Trace, right: Trace): Difference[] {
  return compareTraces(left, right).differences.filter(({ verdict }) => verdict === "unexplained");
}

/** On each span in turn that has it: so many that no lucky choice passes for a rule. */
function expectOneDifference(
  { isFor, change, field, key }: Mutation,
  changed: Trace,
  other: Trace,
  most = Infinity,
): void {
  const spans = changed.spans.filter((span) => isFor?.(span) ?? true).slice(0, most);
  expect(spans).not.toHaveLength(0);
  for (const { spanId } of spans) {
    const copy = structuredClone(changed);
    const span = copy.spans.find((candidate) => candidate.spanId === spanId);
    if (span) change(span, copy);
    const expected = [{ field, key, spanId }];
    for (const found of [findUnexplained(copy, other), findUnexplained(other, copy)]) {
      expect(
        found.map((difference) => ({
          field: difference.field,
          key: difference.key,
          spanId: difference.spanId,
        })),
      ).toEqual(expected);
    }
    expect(compareTraces(copy, other).verdict).toBe("different");
  }
}

describe("OTLP beside Sentry: one change on any span is one unexplained difference, and nothing else", () => {
  test.each(spanMutations)("$name at Sentry", (mutation) => {
    expectOneDifference(mutation, sentry, otlp);
  });

  test.each(spanMutations)("$name at the OTLP back end", (mutation) => {
    expectOneDifference(mutation, otlp, sentry);
  });

  test.each(sentryMutations)("$name at Sentry", (mutation) => {
    expectOneDifference(mutation, sentry, otlp);
  });

  test.each(otlpMutations)("$name at the OTLP back end", (mutation) => {
    expectOneDifference(mutation, otlp, sentry);
  });
});

describe.each(["otlp", "jaeger-v3", "jaeger-v1", "sentry"] as const)(
  "%s beside itself",
  (format: TraceFormat) => {
    const trace = readOrder("order-failed", format);

    test.each(spanMutations)("$name is one unexplained difference", (mutation) => {
      expectOneDifference(mutation, trace, trace, 3);
    });
  },
);
