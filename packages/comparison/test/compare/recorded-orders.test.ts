import { describe, expect, test } from "vitest";
import { compareTraces } from "../../src/index.ts";
import { readRecordedOtlp, readRecordedSentry, recordedOrders } from "../recorded-traces.ts";

describe.each(recordedOrders)("%s as Sentry and as an OTLP back end got it", (order) => {
  test("nothing is unexplained, whichever side is left", () => {
    const [otlp, sentry] = [readRecordedOtlp(order), readRecordedSentry(order)];
    for (const comparison of [compareTraces(otlp, sentry), compareTraces(sentry, otlp)]) {
      expect(comparison.differences.filter(({ verdict }) => verdict !== "explained")).toEqual([]);
      expect(comparison.verdict).toBe("equal");
      expect(comparison.counts.explained).toBeGreaterThan(0);
    }
  });
});
