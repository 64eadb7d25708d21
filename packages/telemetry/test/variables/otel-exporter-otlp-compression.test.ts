import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";
import { headerByPath } from "../header-by-path.ts";

test("OTEL_EXPORTER_OTLP_COMPRESSION=gzip compresses requests", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
  }));
  expect(headerByPath(receiver, "content-encoding")).toEqual({ "/v1/traces": "gzip", "/v1/logs": "gzip" });
  expect(receiver.otlp.spans).toHaveLength(3);
});

test("an unknown compression is told once and none is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_COMPRESSION: "br",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_EXPORTER_OTLP_COMPRESSION="br": unknown value; allowed: none, gzip'),
  ]);
  expect(headerByPath(receiver, "content-encoding")).toEqual({
    "/v1/traces": undefined,
    "/v1/logs": undefined,
  });
});
