import { context } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { afterEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge | undefined;

afterEach(async () => {
  await started?.close();
  started = undefined;
});

test("an error that is captured while the shutdown goes on arrives", async () => {
  started = await startTestBridge();
  const ended = started.bridge.shutdown(5_000);
  started.bridge.captureError(new Error("in the middle"));
  await ended;
  expect(started.receiver.sentry.events).toHaveLength(1);
  expect(started.bridge.stats().errors).toEqual({ accepted: 1, delivered: 1, dropped: {} });
});

test("errors and logs after the shutdown are counted, whoever hands them in", async () => {
  started = await startTestBridge();
  const { bridge } = started;
  // A request that is still open keeps the scopes it began with.
  const request = started.tracer().startActiveSpan("request", (span) => {
    span.end();
    return context.active();
  });
  await bridge.shutdown(5_000);
  bridge.captureError(new Error("by telemetry"));
  context.with(request, () => {
    Sentry.captureException(new Error("by Sentry"));
    for (let index = 0; index < 101; index += 1) Sentry.logger.info("too late");
  });
  await expect
    .poll(() => bridge.stats().errors)
    .toEqual({ accepted: 2, delivered: 0, dropped: { shutdown: 2 } });
  // Sentry's own buffer lets go of its first hundred when the next one comes.
  expect(bridge.stats().logs.dropped).toEqual({ shutdown: 100 });
});

test("a span after the shutdown does not blame a second Sentry.init", async () => {
  started = await startTestBridge();
  started.tracer().startSpan("before").end();
  await started.bridge.shutdown(5_000);
  started.tracer().startSpan("after").end();
  expect(started.problems).toEqual([]);
  expect(started.bridge.stats().spans.dropped).toEqual({ shutdown: 1 });
});

test("without a DSN all is counted as dropped, for that reason", async () => {
  started = await startTestBridge({ sentry: { dsn: "" } });
  started.tracer().startSpan("span").end();
  Sentry.captureException(new Error("error"));
  started.loggers.getLogger("pino").emit({ body: "log" });
  await started.bridge.shutdown(1_000);
  const { spans, errors, logs } = started.bridge.stats();
  const dropped = { accepted: 1, delivered: 0, dropped: { no_dsn: 1 } };
  expect({ spans, errors, logs }).toEqual({ spans: dropped, errors: dropped, logs: dropped });
});

test("an error whose beforeSend throws is counted as such", async () => {
  const beforeSend = (): never => {
    throw new Error("in the hook");
  };
  started = await startTestBridge({ sentry: { hooks: { beforeSend } } });
  Sentry.captureException(new Error("error"));
  await started.bridge.shutdown(1_000);
  expect(started.bridge.stats().errors).toEqual({
    accepted: 1,
    delivered: 0,
    dropped: { callback_error: 1 },
  });
});

test("errors that come faster than they can be prepared are accepted, and counted as lost", async () => {
  // The last test, as the errors are prepared for a while.
  started = await startTestBridge();
  for (let index = 0; index < 2_500; index += 1) Sentry.captureException(new Error(`error ${index}`));
  const { accepted, dropped } = started.bridge.stats().errors;
  expect({ accepted, dropped }).toEqual({ accepted: 2_500, dropped: { queue_overflow: 500 } });
});
