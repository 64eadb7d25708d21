import { describe, expect, test } from "vitest";
import { compareTraces, type Difference, type Trace } from "../../src/index.ts";
import { otlpMutations, sentryMutations, spanMutations, type Mutation } from "./mutations.ts";
import { readOrder } from "./recorded-orders.ts";

const [otlp, sentry] = [readOrder("order-failed", "otlp"), readOrder("order-failed", "sentry")];

type Found = Pick<Difference, "field" | "key" | "spanId">;

function findUnexplained(left: Trace, right: Trace): Found[] {
  return compareTraces(left, right)
    .differences.filter(({ verdict }) => verdict === "unexplained")
    .map(({ field, key, spanId }) => ({ field, key, spanId }));
}

interface Trial {
  found: Found[][];
  expected: Found[][];
}

/** On each span in turn that has it: so many that no lucky choice passes for a rule. With the changed side left, then right. */
function tryOnEach({ isFor, change, field, key }: Mutation, changed: Trace, other: Trace, most = 99): Trial {
  const trial: Trial = { found: [], expected: [] };
  for (const { spanId } of changed.spans.filter((span) => isFor?.(span) ?? true).slice(0, most)) {
    const copy = structuredClone(changed);
    const span = copy.spans.find((candidate) => candidate.spanId === spanId);
    if (span) change(span, copy);
    trial.found.push(findUnexplained(copy, other), findUnexplained(other, copy));
    trial.expected.push([{ field, key, spanId }], [{ field, key, spanId }]);
  }
  return trial;
}

describe("one change on any span is one unexplained difference, and nothing else", () => {
  test.each([...spanMutations, ...sentryMutations])("$name at Sentry, beside OTLP", (mutation) => {
    const { found, expected } = tryOnEach(mutation, sentry, otlp);
    expect(expected).not.toHaveLength(0);
    expect(found).toEqual(expected);
  });

  test.each([...spanMutations, ...otlpMutations])("$name at the OTLP back end, beside Sentry", (mutation) => {
    const { found, expected } = tryOnEach(mutation, otlp, sentry);
    expect(expected).not.toHaveLength(0);
    expect(found).toEqual(expected);
  });

  describe.each(["otlp", "jaeger-v3", "jaeger-v1", "sentry"] as const)("%s beside itself", (format) => {
    const trace = readOrder("order-failed", format);

    test.each(spanMutations)("$name", (mutation) => {
      const { found, expected } = tryOnEach(mutation, trace, trace, 3);
      expect(expected).not.toHaveLength(0);
      expect(found).toEqual(expected);
    });
  });
});
