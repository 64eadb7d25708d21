import { describe, expect, test } from "vitest";
import { compareTraces } from "../../src/index.ts";
import { formats, readOrder, recordedOrders } from "./recorded-orders.ts";

describe.each(recordedOrders)("%s as each back end tells it", (order) => {
  const traces = formats.map((format) => readOrder(order, format));

  test("nothing is unexplained between any two of them, whichever is left, with no tolerance at all either", () => {
    for (const left of traces) {
      for (const right of traces) {
        for (const toleranceMillis of [1, 0]) {
          const { differences, verdict } = compareTraces(left, right, { toleranceMillis });
          expect(differences.filter((difference) => difference.verdict !== "explained")).toEqual([]);
          expect(verdict).toBe("equal");
        }
      }
    }
  });
});

test.each(recordedOrders)(
  "every difference of %s between OTLP and Sentry has the name of its rule",
  (order) => {
    const { explanations } = compareTraces(readOrder(order, "otlp"), readOrder(order, "sentry"));
    const counts = explanations.map(({ rule, count }) => `${rule} ${count}`);
    expect(counts).toMatchSnapshot();
  },
);
