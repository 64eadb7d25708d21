import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_TRACES_SAMPLER_ARG is the share of traces that traceidratio takes", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.5",
    FIXTURE_REQUESTS: "200",
  }));
  const traces = new Set(receiver.otlp.spans.map((span) => span.traceId)).size;
  // Outside of these bounds by chance: less than once in ten million runs.
  expect(traces).toBeGreaterThan(60);
  expect(traces).toBeLessThan(140);
  expect(receiver.otlp.spans).toHaveLength(3 * traces);
});

test("0 takes none", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0",
  }));
  expect(receiver.otlp.spans).toEqual([]);
});

test("a value that is no rate is told once and 1 is used", async () => {
  for (const value of ["half", "1.5", "10%"]) {
    const { receiver, warnings } = await runFixture((to) => ({
      ...toOtlp(to),
      OTEL_TRACES_SAMPLER: "traceidratio",
      OTEL_TRACES_SAMPLER_ARG: value,
    }));
    expect(warnings).toEqual([expect.stringContaining(`OTEL_TRACES_SAMPLER_ARG="${value}": `)]);
    expect(warnings[0]).toContain("allowed: number from 0 to 1. Using the default 1.");
    expect(receiver.otlp.spans).toHaveLength(3);
  }
});
