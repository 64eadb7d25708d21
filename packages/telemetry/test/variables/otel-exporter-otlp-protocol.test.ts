import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";
import { headerByPath } from "../header-by-path.ts";
import { startGrpcCollector } from "../start-grpc-collector.ts";

test("unset, OTLP is http/protobuf", async () => {
  const { receiver } = await runFixture(toOtlp);
  expect(headerByPath(receiver, "content-type")).toEqual({
    "/v1/traces": "application/x-protobuf",
    "/v1/logs": "application/x-protobuf",
  });
});

test("OTEL_EXPORTER_OTLP_PROTOCOL=http/json sends JSON", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  }));
  expect(headerByPath(receiver, "content-type")).toEqual({
    "/v1/traces": "application/json",
    "/v1/logs": "application/json",
  });
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(receiver.otlp.logs).toHaveLength(1);
});

test("OTEL_EXPORTER_OTLP_PROTOCOL=grpc sends spans, log records and headers over gRPC", async () => {
  const collector = await startGrpcCollector();
  const { exitCode, warnings } = await runFixture({
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
    OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=abc",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
  });
  expect(warnings).toEqual([]);
  expect(collector.spans.map((span) => span.name).toSorted()).toEqual(["GET /work", "call", "step"]);
  expect(collector.logs.map((log) => log.body)).toEqual(["working"]);
  expect(new Set(collector.keys)).toEqual(new Set(["abc"]));
  expect(exitCode).toBe(0);
});

test("an unknown protocol is told once and http/protobuf is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_EXPORTER_OTLP_PROTOCOL="http": unknown value; allowed: http/protobuf, http/json, grpc',
    ),
  ]);
  expect(headerByPath(receiver, "content-type")["/v1/traces"]).toBe("application/x-protobuf");
});
