import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  alignTraces,
  compareTraces,
  type Difference,
  type Trace,
  type TraceComparison,
  type TraceFormat,
} from "../../src/index.ts";
import { arbitraryTrace } from "../arbitrary-traces.ts";

const formats: readonly TraceFormat[] = ["otlp", "jaeger-v3", "jaeger-v1", "sentry", "sentry-api"];
const formatPairs = formats.flatMap((left) => formats.map((right) => [left, right] as const));

describe.each(formats)("a trace in the format %s", (format) => {
  test("is equal to itself, without any difference", () => {
    fc.assert(
      fc.property(arbitraryTrace(format), (trace) => {
        const comparison = compareTraces(trace, structuredClone(trace));
        expect(comparison.verdict).toBe("equal");
        expect(comparison.differences).toEqual([]);
      }),
    );
  });
});

describe.each(formatPairs)("%s compared with %s", (left, right) => {
  test("is the mirror of the comparison the other way round, and each span has one row", () => {
    fc.assert(
      fc.property(arbitraryTrace(left), arbitraryTrace(right), (a, b) => {
        const other = shareSpans(a, b);
        const [there, back] = [compareTraces(a, other), mirror(compareTraces(other, a))];
        expect({ ...back, differences: sort(back.differences) }).toEqual({
          ...there,
          differences: sort(there.differences),
        });
        const rows = alignTraces(a, other);
        expect(rows.flatMap((row) => row.left ?? [])).toHaveLength(a.spans.length);
        expect(rows.flatMap((row) => row.right ?? [])).toHaveLength(other.spans.length);
      }),
      { numRuns: 40 },
    );
  });
});

/** Gives half of the spans of the second trace the ids of spans of the first: without a common id all of it is only missing. */
function shareSpans(a: Trace, b: Trace): Trace {
  return {
    ...b,
    spans: b.spans.map((span, index) => ({
      ...span,
      spanId: (index % 2 === 0 ? a.spans[index]?.spanId : undefined) ?? span.spanId,
    })),
  };
}

function mirror(comparison: TraceComparison): TraceComparison {
  const { left, right, differences, explanations, ...rest } = comparison;
  return {
    ...rest,
    left: right,
    right: left,
    differences: differences.map(({ verdict, field, key, spanId, service, left: a, right: b, rule }) => ({
      verdict,
      field,
      ...(key === undefined ? {} : { key }),
      ...(spanId === undefined ? {} : { spanId }),
      service,
      ...(b === undefined ? {} : { left: b }),
      ...(a === undefined ? {} : { right: a }),
      ...(rule === undefined ? {} : { rule }),
    })),
    explanations: explanations.map((explanation) => ({
      ...explanation,
      title: explanation.title.replace(/(ahead|behind) on the right/u, turn),
    })),
  };
}

function turn(words: string): string {
  return words.startsWith("ahead") ? "behind on the right" : "ahead on the right";
}

/** Of differences about a whole service, which have no time, it does not matter which comes first. */
function sort(differences: readonly Difference[]): Difference[] {
  const describeOne = ({ verdict, field, key, spanId, service, left, right }: Difference): string =>
    JSON.stringify([spanId, service, field, key, verdict, left, right]);
  return differences.toSorted((a, b) => (describeOne(a) < describeOne(b) ? -1 : 1));
}
