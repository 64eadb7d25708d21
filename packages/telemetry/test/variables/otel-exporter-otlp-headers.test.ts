import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_EXPORTER_OTLP_HEADERS go with every request, those of a signal with its own", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=abc%20def,x-tenant=all",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-tenant=traces",
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-extra=logs",
  }));
  const headersOf = (path: string) =>
    receiver.otlp.requests.find((request) => request.path === path)?.headers;
  expect(headersOf("/v1/traces")).toMatchObject({ "x-api-key": "abc def", "x-tenant": "traces" });
  expect(headersOf("/v1/traces")).not.toHaveProperty("x-extra");
  expect(headersOf("/v1/logs")).toMatchObject({
    "x-api-key": "abc def",
    "x-tenant": "all",
    "x-extra": "logs",
  });
});

test("a malformed value is told once, without the value", async () => {
  const { receiver, warnings, stderr } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_HEADERS: "hunter2",
  }));
  expect(warnings).toEqual([
    expect.stringMatching(/OTEL_EXPORTER_OTLP_HEADERS: malformed; allowed: comma list of key=value/),
  ]);
  expect(stderr).not.toContain("hunter2");
  expect(receiver.otlp.spans).toHaveLength(3);
});
