import { ROOT_CONTEXT, SeverityNumber, SpanKind, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge, withOrderId } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge();
});

afterEach(() => started.close());

async function receiveLogs() {
  await started.bridge.forceFlush(5_000);
  return started.receiver.sentry.logs;
}

test("a log arrives with its own time, trace, span, level, attributes, service, order id and user", async () => {
  const span = started.tracer().startSpan("request", { kind: SpanKind.SERVER });
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
    Sentry.setUser({ id: "u-1" });
    withOrderId("o-1", () =>
      started.loggers.getLogger("pino").emit({
        timestamp: 1_700_000_000_250,
        severityNumber: SeverityNumber.WARN,
        body: "order received",
        attributes: { queue: "order", count: 2, nested: { a: [1] } },
      }),
    );
  });
  const [log] = await receiveLogs();
  const { traceId, spanId } = span.spanContext();
  expect(log).toMatchObject({
    traceId,
    spanId,
    timestamp: 1_700_000_000.25,
    level: "warn",
    severityNumber: 13,
    body: "order received",
    service: "test-service",
    attributes: {
      queue: "order",
      count: 2,
      nested: '{"a":[1]}',
      orderId: "o-1",
      "user.id": "u-1",
      "service.name": "test-service",
      "sentry.release": "test@1.0.0",
      "sentry.environment": "test",
      "sentry.trace.parent_span_id": spanId,
    },
  });
});

test.each([
  [SeverityNumber.TRACE, "trace"],
  [SeverityNumber.DEBUG4, "debug"],
  [SeverityNumber.INFO, "info"],
  [SeverityNumber.WARN2, "warn"],
  [SeverityNumber.ERROR, "error"],
  [SeverityNumber.FATAL, "fatal"],
  [SeverityNumber.FATAL4, "fatal"],
  [SeverityNumber.UNSPECIFIED, "info"],
  [undefined, "info"],
])("severity %s is level %s", async (severityNumber, level) => {
  started.loggers
    .getLogger("pino")
    .emit({ body: "text", ...(severityNumber !== undefined && { severityNumber }) });
  const [log] = await receiveLogs();
  expect(log).toMatchObject({ level, severityNumber: severityNumber || 9 });
});

test("a log outside of any trace has a trace id, the one of errors from the same place", async () => {
  started.loggers.getLogger("pino").emit({ body: { answer: 42 } });
  started.bridge.captureError(new Error("same place"));
  const [log] = await receiveLogs();
  expect(log).toMatchObject({ body: '{"answer":42}', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(log?.spanId).toBeUndefined();
  expect(started.receiver.sentry.events[0]?.traceId).toBe(log?.traceId);
});

test("250 logs arrive in envelopes of at most 100", async () => {
  for (let index = 0; index < 250; index += 1)
    started.loggers.getLogger("pino").emit({ body: `log ${index}` });
  expect(await receiveLogs()).toHaveLength(250);
  expect(started.receiver.sentry.envelopes.map(({ logs }) => logs.length).toSorted((a, b) => a - b)).toEqual([
    50, 100, 100,
  ]);
  expect(started.bridge.stats().logs).toEqual({ accepted: 250, delivered: 250, dropped: {} });
});

test("a log that the application writes by Sentry's own function is in the trace and in the books too", async () => {
  const span = started.tracer().startSpan("request");
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => Sentry.logger.info("by hand"));
  const [log] = await receiveLogs();
  expect(log).toMatchObject({ body: "by hand", traceId: span.spanContext().traceId });
  expect(started.bridge.stats().logs).toEqual({ accepted: 1, delivered: 1, dropped: {} });
});

test("a log is sent without a flush", async () => {
  started.loggers.getLogger("pino").emit({ body: "alone" });
  await started.receiver.waitFor("the log", ({ sentry }) => sentry.logs.length === 1);
  expect(started.receiver.sentry.logs[0]?.body).toBe("alone");
});
