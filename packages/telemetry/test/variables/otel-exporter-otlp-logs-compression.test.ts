import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";
import { headerByPath } from "../header-by-path.ts";

test("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION is the compression of log records alone, and wins over the common one", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_COMPRESSION: "none",
    OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: "gzip",
  }));
  expect(headerByPath(receiver, "content-encoding")).toEqual({ "/v1/logs": "gzip", "/v1/traces": undefined });
});

test("an unknown OTEL_EXPORTER_OTLP_LOGS_COMPRESSION is told once and the common compression is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: "br",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_EXPORTER_OTLP_LOGS_COMPRESSION="br": unknown value'),
  ]);
  expect(headerByPath(receiver, "content-encoding")["/v1/logs"]).toBe("gzip");
});
