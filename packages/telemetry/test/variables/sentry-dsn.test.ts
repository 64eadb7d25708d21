import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("SENTRY_DSN sends spans, logs and errors to Sentry, in one trace, with the order id", async () => {
  const { receiver, report } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, OTEL_SERVICE_NAME: "order" }));
  const traceId = report.seen[0]?.traceId;
  expect(receiver.sentry.spans.map((span) => [span.traceId, span.attributes["orderId"]])).toEqual([
    [traceId, "order-1"],
    [traceId, "order-1"],
    [traceId, "order-1"],
  ]);
  expect(receiver.sentry.logs).toHaveLength(1);
  expect(receiver.sentry.logs[0]).toMatchObject({ traceId, attributes: { orderId: "order-1" } });
  expect(receiver.sentry.events).toHaveLength(1);
  expect(receiver.sentry.events[0]).toMatchObject({
    traceId,
    exceptions: [{ type: "Error", value: "out of stock" }],
    tags: { orderId: "order-1" },
  });
  expect(receiver.sentry.events[0]?.spanId).toBe(
    receiver.sentry.spans.find((span) => span.isSegment)?.spanId,
  );
  expect(receiver.sentry.spans.map((span) => span.service)).toEqual(["order", "order", "order"]);
});

test("a malformed DSN is told once without its value, and the rest runs", async () => {
  const { receiver, warnings, stderr } = await runFixture((to) => ({
    ...toBoth(to),
    SENTRY_DSN: "https://s3cr3tk3y.example",
    OTEL_TRACES_EXPORTER: "sentry,otlp",
  }));
  expect(warnings).toEqual([
    "[tracebridge] SENTRY_DSN: malformed; allowed: https://PUBLIC_KEY@HOST/PROJECT_ID. Using nothing instead. (variable)",
  ]);
  expect(stderr).not.toContain("s3cr3tk3y");
  expect(receiver.otlp.spans).toHaveLength(3);
});

test("stats() tells what became of spans, logs and errors", async () => {
  const { report, warnings } = await runFixture((to) => ({ SENTRY_DSN: to.dsn }));
  const delivered = (count: number) => ({ accepted: count, delivered: count, dropped: {} });
  expect(report.stats?.sentry).toEqual({
    spans: delivered(3),
    logs: delivered(1),
    errors: delivered(1),
    sessions: delivered(0),
    spanEvents: delivered(0),
    queue: { envelopes: 0, bytes: 0 },
  });
  expect(warnings).toEqual([]);
});

test("what Sentry refused is told once at the time, and at the end with the reasons", async () => {
  const { receiver, report, warnings } = await runFixture((to) => ({ SENTRY_DSN: to.dsn }), {
    receiver: { respond: () => ({ status: 403 }) },
  });
  expect(report.stats?.sentry?.errors).toEqual({ accepted: 1, delivered: 0, dropped: { send_error: 1 } });
  expect(warnings).toEqual([
    `[tracebridge] Sentry does not take what is sent to ${receiver.url}: the answer was 403. ` +
      "Check SENTRY_DSN and the network; telemetry goes on trying, and losses are counted. (sentry-unreachable)",
    "[tracebridge] Not delivered until the end: 3 of 3 spans for sentry (send_error 3); " +
      "1 of 1 log records for sentry (send_error 1); 1 of 1 errors for sentry (send_error 1). (losses)",
  ]);
});

test("a Sentry that cannot be reached is told once, without the key", async () => {
  const { warnings, stderr } = await runFixture({ SENTRY_DSN: "http://s3cr3tk3y@127.0.0.1:1/4" });
  expect(warnings).toEqual([
    expect.stringMatching(/Sentry does not take what is sent to http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
    expect.stringContaining("Not delivered until the end: 3 of 3 spans for sentry (network_error 3)"),
  ]);
  expect(stderr).not.toContain("s3cr3tk3y");
});
