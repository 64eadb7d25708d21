import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("OTEL_SDK_DISABLED=true sends nothing and the application runs as it is", async () => {
  const { receiver, report, exitCode, logLines, warnings } = await runFixture((to) => ({
    ...toBoth(to),
    OTEL_SDK_DISABLED: "true",
    OTEL_TRACES_EXPORTER: "nonsense",
  }));
  expect(exitCode).toBe(0);
  expect(receiver.otlp.requests).toEqual([]);
  expect(receiver.sentry.envelopes).toEqual([]);
  expect(report.seen).toEqual([{ carrier: {} }]);
  expect(report.stats).toBeUndefined();
  expect(logLines.map((line) => line["msg"])).toEqual(["working"]);
  expect(logLines[0]).not.toHaveProperty("trace_id");
  expect(warnings).toEqual([]);
});

test('OTEL_SDK_DISABLED="false" is false, and so is an empty value', async () => {
  for (const value of ["false", "FALSE", "", " "]) {
    const { receiver, warnings } = await runFixture((to) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
      OTEL_SDK_DISABLED: value,
    }));
    expect(receiver.otlp.spans).toHaveLength(3);
    expect(warnings).toEqual([]);
  }
});

test("a value that is no boolean is told once, and telemetry runs", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
    OTEL_SDK_DISABLED: "yes",
  }));
  expect(warnings).toEqual([
    '[tracebridge] OTEL_SDK_DISABLED="yes": not a boolean; allowed: true, false. Using the default false. (variable)',
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
