import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_BSP_SCHEDULE_DELAY is how long spans wait: a short one sends them before the shutdown", async () => {
  const { receiver, report } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BSP_SCHEDULE_DELAY: "10",
    // Less than the default.
    FIXTURE_WAIT_MILLIS: "4000",
    FIXTURE_WAIT_FOR: "traces",
  }));
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(report.deliveredBeforeShutdown["traces"]).toBe(3);
});

test("unset, they wait longer than that", async () => {
  const { receiver, report } = await runFixture((to) => ({ ...toOtlp(to), FIXTURE_WAIT_MILLIS: "500" }));
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(report.deliveredBeforeShutdown["traces"]).toBe(0);
});

test("a value that is no whole number is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({ ...toOtlp(to), OTEL_BSP_SCHEDULE_DELAY: "5s" }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_BSP_SCHEDULE_DELAY="5s": not a whole number; allowed: whole number from 1 to 2147483647 (ms)',
    ),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
