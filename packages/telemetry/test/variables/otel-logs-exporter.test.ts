import { expect, test } from "vitest";
import { runFixture, toBoth, toOtlp } from "../fixture-process.ts";

test("OTEL_LOGS_EXPORTER=none sends no log records, and lines keep their trace ids", async () => {
  const { receiver, logLines, report } = await runFixture((to) => ({
    ...toBoth(to),
    OTEL_LOGS_EXPORTER: "none",
  }));
  expect(receiver.otlp.logs).toEqual([]);
  expect(receiver.sentry.logs).toEqual([]);
  expect(logLines[0]).toMatchObject({ trace_id: report.seen[0]?.traceId, orderId: "order-1" });
});

test("OTEL_LOGS_EXPORTER=otlp sends log records to OTLP only, with trace id, span id and order id", async () => {
  const { receiver, report } = await runFixture((to) => ({ ...toBoth(to), OTEL_LOGS_EXPORTER: "otlp" }));
  const server = receiver.otlp.spans.find((span) => span.kind === "server");
  expect(receiver.otlp.logs).toHaveLength(1);
  expect(receiver.otlp.logs[0]).toMatchObject({
    body: "working",
    traceId: report.seen[0]?.traceId,
    spanId: server?.spanId,
    attributes: { orderId: "order-1", step: 1 },
  });
  expect(receiver.sentry.logs).toEqual([]);
});

test("OTEL_LOGS_EXPORTER=sentry sends log records to Sentry only, with trace id and order id", async () => {
  const { receiver, report } = await runFixture((to) => ({ ...toBoth(to), OTEL_LOGS_EXPORTER: "sentry" }));
  expect(receiver.sentry.logs).toHaveLength(1);
  expect(receiver.sentry.logs[0]).toMatchObject({
    body: "working",
    traceId: report.seen[0]?.traceId,
    attributes: { orderId: "order-1" },
  });
  expect(receiver.otlp.logs).toEqual([]);
});

test("OTEL_LOGS_EXPORTER=console prints log records", async () => {
  const { receiver, stdout } = await runFixture((to) => ({ ...toOtlp(to), OTEL_LOGS_EXPORTER: "console" }));
  expect(stdout).toContain("body: 'working'");
  expect(receiver.otlp.logs).toEqual([]);
});

test("an unknown member is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({ ...toOtlp(to), OTEL_LOGS_EXPORTER: "syslog" }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_LOGS_EXPORTER="syslog": unknown "syslog"; allowed:'),
  ]);
  expect(receiver.otlp.logs).toHaveLength(1);
});
