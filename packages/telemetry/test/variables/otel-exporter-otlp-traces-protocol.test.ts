import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";
import { headerByPath } from "../header-by-path.ts";

test("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is the protocol of spans alone, and wins over the common one", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
  }));
  expect(headerByPath(receiver, "content-type")).toEqual({
    "/v1/traces": "application/json",
    "/v1/logs": "application/x-protobuf",
  });
});

test("an unknown OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is told once and the common protocol is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "udp",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="udp": unknown value'),
  ]);
  expect(headerByPath(receiver, "content-type")["/v1/traces"]).toBe("application/json");
});
