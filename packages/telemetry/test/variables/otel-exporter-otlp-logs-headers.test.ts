import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_EXPORTER_OTLP_LOGS_HEADERS go with log records alone, beside the common ones, and win over those", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=all,x-common=yes",
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-tenant=logs,x-own=a%20b",
  }));
  const headersOf = (path: string) =>
    receiver.otlp.requests.find((request) => request.path === path)?.headers;
  expect(headersOf("/v1/logs")).toMatchObject({ "x-tenant": "logs", "x-own": "a b", "x-common": "yes" });
  expect(headersOf("/v1/traces")).toMatchObject({ "x-tenant": "all", "x-common": "yes" });
  expect(headersOf("/v1/traces")).not.toHaveProperty("x-own");
});

test("a malformed OTEL_EXPORTER_OTLP_LOGS_HEADERS is told once, without the value", async () => {
  const { warnings, stderr } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: "hunter2",
  }));
  expect(warnings).toEqual([expect.stringContaining("OTEL_EXPORTER_OTLP_LOGS_HEADERS: malformed")]);
  expect(stderr).not.toContain("hunter2");
});
