import { expect, test } from "vitest";
import { runFixture, toOtlp } from "./fixture-process.ts";

const quiet = { OTEL_LOGS_EXPORTER: "none" };

test("a process that simply ends is flushed; a second start is told and changes nothing; workers are left alone", async () => {
  const { receiver, stdout, warnings, exitCode } = await runFixture((to) => ({ ...toOtlp(to), ...quiet }), {
    fixture: "process-that-ends.ts",
  });
  expect(receiver.otlp.spans.map((span) => span.name)).toEqual(["last words"]);
  expect(warnings).toEqual([expect.stringContaining("started a second time")]);
  expect(JSON.parse(stdout)).toEqual({ uninstrumented: true, again: true });
  expect(exitCode).toBe(0);
});

test("no variable of OpenTelemetry makes the SDK add exporters of its own", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_METRIC_EXPORT_INTERVAL: "10",
    OTEL_NODE_RESOURCE_DETECTORS: "all",
    FIXTURE_WAIT_MILLIS: "200",
  }));
  expect(receiver.otlp.requests).toEqual([]);
  expect(warnings).toEqual([]);
});
