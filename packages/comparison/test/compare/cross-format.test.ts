import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareTraces, type Difference, type Trace } from "../../src/index.ts";
import { arbitraryTrace } from "../arbitrary-traces.ts";
import { spanMutations } from "./mutations.ts";
import { formats, readOrder } from "./recorded-orders.ts";
import { createSentryTwin } from "./sentry-twin.ts";

function findUnexplained(left: Trace, right: Trace): Difference[] {
  return compareTraces(left, right).differences.filter(({ verdict }) => verdict === "unexplained");
}

describe("any trace of OTLP beside what Sentry would have been sent of it", () => {
  test("is equal, whichever is left", () => {
    fc.assert(
      fc.property(arbitraryTrace("otlp"), (trace) => {
        const twin = createSentryTwin(trace);
        expect(findUnexplained(trace, twin)).toEqual([]);
        expect(findUnexplained(twin, trace)).toEqual([]);
      }),
    );
  });

  test("with one change on one span of either side, that is found and nothing else", () => {
    fc.assert(
      fc.property(
        arbitraryTrace("otlp"),
        fc.constantFrom(...spanMutations),
        fc.nat(),
        fc.boolean(),
        (trace, { isFor, change, field, key }, choice, isOtlpChanged) => {
          const twin = createSentryTwin(trace);
          const [changed, other] = structuredClone(isOtlpChanged ? [trace, twin] : [twin, trace]);
          const candidates = changed?.spans.filter((span) => isFor?.(span) ?? true) ?? [];
          const span = candidates[choice % candidates.length];
          fc.pre(changed !== undefined && other !== undefined && span !== undefined);
          change(span, changed);
          const { spanId } = span;
          expect(
            findUnexplained(changed, other).map((found) => [found.field, found.key, found.spanId]),
          ).toEqual([[field, key, spanId]]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Of each rule and key one difference where a side has an attribute that the other has not. */
function pickAbsences(left: Trace, right: Trace): Map<string, Difference> {
  const { differences } = compareTraces(left, right);
  const absent = differences.filter(
    ({ field, verdict, ...sides }) =>
      field === "attribute" && verdict === "explained" && !("left" in sides && "right" in sides),
  );
  return new Map(absent.map((difference) => [`${difference.rule} ${difference.key}`, difference]));
}

describe.each(formats)("a rule that explains why %s lacks an attribute, or has one more", (format) => {
  test.each(formats)("than %s explains no other value there", (other) => {
    const [left, right] = [readOrder("order-failed", format), readOrder("order-failed", other)];
    for (const [name, difference] of pickAbsences(left, right)) {
      const copies = structuredClone({ left, right });
      const lacking = "left" in difference ? copies.right : copies.left;
      const span = lacking.spans.find(({ spanId }) => spanId === difference.spanId);
      if (span && difference.key !== undefined) span.attributes[difference.key] = "made up";
      const unexplained = findUnexplained(copies.left, copies.right);
      expect([
        name,
        unexplained.some(({ key, spanId }) => key === difference.key && spanId === span?.spanId),
      ]).toEqual([name, true]);
    }
    expect(findUnexplained(left, right)).toEqual([]);
  });
});
