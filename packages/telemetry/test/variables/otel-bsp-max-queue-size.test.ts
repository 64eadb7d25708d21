import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_BSP_MAX_QUEUE_SIZE bounds what waits; what is beyond is dropped and told", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BSP_MAX_QUEUE_SIZE: "4",
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "4",
    FIXTURE_REQUESTS: "40",
  }));
  expect(receiver.otlp.spans.length).toBeGreaterThan(0);
  expect(receiver.otlp.spans.length).toBeLessThan(120);
  expect(warnings.some((line) => line.includes("Not delivered until the end"))).toBe(true);
});

test("zero is out of range: it is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({ ...toOtlp(to), OTEL_BSP_MAX_QUEUE_SIZE: "0" }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_BSP_MAX_QUEUE_SIZE="0": out of range; allowed: whole number from 1'),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
