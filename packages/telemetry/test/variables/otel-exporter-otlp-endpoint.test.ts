import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

const paths = (requests: readonly { path: string }[]): string[] =>
  requests.map((request) => request.path).toSorted();

test("OTEL_EXPORTER_OTLP_ENDPOINT gets /v1/traces and /v1/logs appended, after a path of its own too", async () => {
  const seen: string[] = [];
  await runFixture((to) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: `${to.url}/tenant/` }), {
    receiver: {
      fallback: (request, response) => {
        seen.push(request.url ?? "");
        response.end();
      },
    },
  });
  expect(seen.toSorted()).toEqual(["/tenant/v1/logs", "/tenant/v1/traces"]);
  const { receiver } = await runFixture((to) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: to.url }));
  expect(paths(receiver.otlp.requests)).toEqual(["/v1/logs", "/v1/traces"]);
});

test("an endpoint that is no URL is told once; the default address is used and named", async () => {
  const { warnings, exitCode } = await runFixture({
    OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318",
    OTEL_EXPORTER_OTLP_TIMEOUT: "500",
    OTEL_LOGS_EXPORTER: "none",
  });
  expect(warnings[0]).toContain('OTEL_EXPORTER_OTLP_ENDPOINT="collector:4318": not a usable URL');
  expect(warnings[0]).toContain("Using the default (`http://localhost:4318`");
  expect(exitCode).toBe(0);
});

test("an address nobody listens at is told once for each signal, with the variable; nothing floods", async () => {
  const { warnings, exitCode, report } = await runFixture({
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
    OTEL_EXPORTER_OTLP_TIMEOUT: "300",
    OTEL_BSP_SCHEDULE_DELAY: "1",
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1",
    FIXTURE_REQUESTS: "20",
  });
  const unreachable = warnings.filter((line) => line.includes("cannot be delivered"));
  expect(unreachable).toHaveLength(2);
  for (const line of unreachable) expect(line).toMatch(/ECONNREFUSED.*Check OTEL_EXPORTER_OTLP_ENDPOINT/);
  expect(
    warnings.filter((line) => line.includes("Not delivered until the end: 60 of 60 spans")),
  ).toHaveLength(1);
  expect(warnings).toHaveLength(3);
  expect(report.stats?.spans.sinks["otlp"]).toMatchObject({ accepted: 60, delivered: 0 });
  expect(exitCode).toBe(0);
});

test("the exporter's own requests are not traced", async () => {
  const { receiver } = await runFixture(
    (to) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
      OTEL_BSP_SCHEDULE_DELAY: "1",
      FIXTURE_WAIT_MILLIS: "100",
    }),
    { receiver: {} },
  );
  expect(receiver.otlp.spans.map((span) => span.name).toSorted()).toEqual(["GET /work", "call", "step"]);
  expect(receiver.otlp.requests[0]?.headers).not.toHaveProperty("traceparent");
});
