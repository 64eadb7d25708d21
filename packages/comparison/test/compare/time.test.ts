import { describe, expect, test } from "vitest";
import { compareTraces, readMillis, type Trace } from "../../src/index.ts";
import { shift } from "./mutations.ts";
import { readOrder } from "./recorded-orders.ts";

const [otlp, jaeger, sentry] = (["otlp", "jaeger-v3", "sentry"] as const).map((format) =>
  readOrder("order-finished", format),
) as [Trace, Trace, Trace];

function retime(trace: Trace, service: string, millis: (index: number) => number): Trace {
  let index = 0;
  return {
    ...trace,
    spans: trace.spans.map((span) => {
      if (span.service !== service) return span;
      const by = millis(index);
      index += 1;
      return {
        ...span,
        startTimeUnixNano: shift(span.startTimeUnixNano, by),
        endTimeUnixNano: shift(span.endTimeUnixNano, by),
        events: span.events.map((event) => ({ ...event, timeUnixNano: shift(event.timeUnixNano, by) })),
      };
    }),
  };
}

describe("the tolerance", () => {
  test("a start and a duration within it are equal, and differ beyond it", () => {
    const later = retime(sentry, "order", (index) => (index === 0 ? 0.9 : 0));
    expect(compareTraces(otlp, later).verdict).toBe("equal");
    const { differences, verdict } = compareTraces(otlp, later, { toleranceMillis: 0.5 });
    expect(verdict).toBe("different");
    expect(differences.filter((difference) => difference.verdict === "unexplained")).toMatchObject([
      { field: "start", service: "order" },
    ]);
  });
});

describe("clock skew", () => {
  test("a service whose spans are all shifted by the same is explained, with its name and the time", () => {
    for (const millis of [250, -250, 3_599_000]) {
      const { verdict, explanations, differences } = compareTraces(
        otlp,
        retime(jaeger, "factory", () => millis),
      );
      expect(verdict).toBe("equal");
      expect(explanations).toContainEqual(
        expect.objectContaining({
          rule: "clock-skew:factory",
          title: `The clock of factory is ${Math.abs(millis)} ms ${millis > 0 ? "ahead" : "behind"} on the right side`,
          count: 5,
        }),
      );
      expect(differences.filter(({ field }) => field === "start")).toHaveLength(5);
    }
  });

  test("spans that are not all shifted by the same stay unexplained", () => {
    const { verdict, counts } = compareTraces(
      otlp,
      retime(jaeger, "factory", (index) => 250 + 2 * index),
    );
    expect(verdict).toBe("different");
    expect(counts.unexplained).toBeGreaterThanOrEqual(5);
  });

  test("Sentry and OTLP have their times from one clock, so no shift between them is explained", () => {
    const { verdict, counts } = compareTraces(
      otlp,
      retime(sentry, "factory", () => 250),
    );
    expect(verdict).toBe("different");
    expect(counts.unexplained).toBeGreaterThanOrEqual(5);
  });

  test("a shift of more than an hour is no clock skew", () => {
    expect(
      compareTraces(
        otlp,
        retime(jaeger, "factory", () => 3_601_000),
      ).verdict,
    ).toBe("different");
  });

  test("a service with one span may have any reason, so its shift stays unexplained", () => {
    const keep = (trace: Trace): Trace => {
      const one = trace.spans.find(({ service }) => service === "factory");
      return { ...trace, spans: trace.spans.filter((span) => span === one || span.service !== "factory") };
    };
    const { counts } = compareTraces(
      keep(otlp),
      retime(keep(jaeger), "factory", () => 250),
    );
    expect(counts.unexplained).toBe(1);
  });
});

describe("what is late", () => {
  const ends = sentry.spans.map((span) => readMillis(span.endTimeUnixNano));
  const nowMillis = Math.max(...ends) + 5000;
  const fewer: Trace = {
    ...sentry,
    spans: sentry.spans.filter(({ name }) => name !== "process web"),
    logs: sentry.logs.slice(0, -1),
  };

  test("spans and logs that are too new to be missed are late, and the comparison is incomplete", () => {
    const { verdict, counts } = compareTraces(otlp, fewer, { nowMillis });
    expect(verdict).toBe("incomplete");
    expect(counts).toMatchObject({ unexplained: 0, late: 3 });
  });

  test("after the time of grace they are missing, and without a time nothing is late", () => {
    for (const options of [{ nowMillis: nowMillis + 10_000 }, { nowMillis, graceMillis: 1000 }, {}]) {
      const { verdict, counts } = compareTraces(otlp, fewer, options);
      expect(verdict).toBe("different");
      expect(counts).toMatchObject({ unexplained: 3, late: 0 });
    }
  });

  test("what a clock stamped that is minutes ahead is late, what lies further in the future is missing", () => {
    for (const [aheadMillis, verdict] of [
      [60_000, "incomplete"],
      [3_600_000, "different"],
    ] as const) {
      expect(compareTraces(otlp, fewer, { nowMillis: nowMillis - aheadMillis }).verdict).toBe(verdict);
    }
  });

  test("a flag that differs is called flags", () => {
    const other = { ...otlp, spans: otlp.spans.map((span) => ({ ...span, flags: 0 })) };
    const { differences } = compareTraces(otlp, other);
    expect([...new Set(differences.map(({ field, key }) => `${field} ${key}`))]).toEqual(["flags undefined"]);
  });

  test("a contradiction counts more than what is late", () => {
    const renamed = { ...fewer, spans: fewer.spans.map((span) => ({ ...span, name: "made up" })) };
    expect(compareTraces(otlp, renamed, { nowMillis }).verdict).toBe("different");
  });
});

test("a side without spans is no side to compare with", () => {
  const empty: Trace = { ...sentry, spans: [], errors: [], logs: [] };
  expect(compareTraces(otlp, empty).verdict).toBe("one-sided");
  expect(compareTraces(empty, otlp, { nowMillis: 0 }).verdict).toBe("one-sided");
  expect(compareTraces(empty, empty).verdict).toBe("no-spans");
});
