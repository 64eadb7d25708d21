import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ends an export of spans that is never answered, and wins over the common limit", async () => {
  const { report } = await runFixture(
    (to) => ({
      ...toOtlp(to),
      OTEL_EXPORTER_OTLP_TIMEOUT: "60000",
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "200",
      OTEL_LOGS_EXPORTER: "none",
    }),
    { receiver: { respond: () => ({ status: 200, delayMillis: Infinity }) } },
  );
  expect(report.stats?.spans.sinks["otlp"]).toEqual({ accepted: 3, delivered: 0, dropped: { timeout: 3 } });
});

test("a malformed OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is told once and the common limit is used", async () => {
  const { warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_TIMEOUT: "9000",
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "soon",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT="soon": not a whole number'),
  ]);
});
