import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_BLRP_SCHEDULE_DELAY is how long log records wait: a short one sends them before the shutdown", async () => {
  const { receiver, report } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BLRP_SCHEDULE_DELAY: "10",
    // Less than the default.
    FIXTURE_WAIT_MILLIS: "900",
    FIXTURE_WAIT_FOR: "logs",
  }));
  expect(receiver.otlp.logs).toHaveLength(1);
  expect(report.deliveredBeforeShutdown["logs"]).toBe(1);
});

test("unset, they wait longer than that", async () => {
  const { receiver, report } = await runFixture((to) => ({ ...toOtlp(to), FIXTURE_WAIT_MILLIS: "500" }));
  expect(receiver.otlp.logs).toHaveLength(1);
  expect(report.deliveredBeforeShutdown["logs"]).toBe(0);
});

test("a value that is no whole number is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BLRP_SCHEDULE_DELAY: "5s",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_BLRP_SCHEDULE_DELAY="5s": not a whole number; allowed: whole number from 1 to 2147483647 (ms)',
    ),
  ]);
  expect(receiver.otlp.logs).toHaveLength(1);
});
