import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_BLRP_EXPORT_TIMEOUT ends the wait for one export, when it is shorter than the exporter's own limit", async () => {
  const { report, exitCode } = await runFixture(
    (to) => ({ ...toOtlp(to), OTEL_BLRP_EXPORT_TIMEOUT: "200", OTEL_TRACES_EXPORTER: "none" }),
    { receiver: { respond: () => ({ status: 200, delayMillis: Infinity }) } },
  );
  // The exporter's own limit is ten seconds: at the end of the shutdown nothing would be counted yet.
  expect(report.stats?.logs.sinks["otlp"]).toMatchObject({ delivered: 0, dropped: { timeout: 1 } });
  expect(exitCode).toBe(0);
});

test("a negative value is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_BLRP_EXPORT_TIMEOUT: "-1",
  }));
  expect(warnings).toEqual([expect.stringContaining('OTEL_BLRP_EXPORT_TIMEOUT="-1": out of range')]);
  expect(receiver.otlp.logs).toHaveLength(1);
});
