import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_EXPORTER_OTLP_HEADERS go with every request", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=abc%20def,x-tenant=all",
  }));
  const headersOf = (path: string) =>
    receiver.otlp.requests.find((request) => request.path === path)?.headers;
  for (const path of ["/v1/traces", "/v1/logs"]) {
    expect(headersOf(path)).toMatchObject({ "x-api-key": "abc def", "x-tenant": "all" });
  }
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
