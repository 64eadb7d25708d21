import { afterEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge | undefined;

afterEach(async () => {
  await started?.close();
  started = undefined;
});

function sendOneOfEach(from: TestBridge): void {
  const { bridge, loggers } = from;
  from.tracer().startActiveSpan("span", (span) => {
    loggers.getLogger("pino").emit({ body: "log" });
    bridge.captureError(new Error("error"));
    span.end();
  });
}

test("a shutdown sends spans, errors and logs that have waited, in one trace", async () => {
  started = await startTestBridge();
  sendOneOfEach(started);
  await started.bridge.shutdown(5_000);
  const { spans, events, logs } = started.receiver.sentry;
  expect([spans.length, events.length, logs.length]).toEqual([1, 1, 1]);
  expect(new Set([spans[0]?.traceId, events[0]?.traceId, logs[0]?.traceId]).size).toBe(1);
});

// Without a deadline of its own, the shutdown would take the 10 seconds of a request, and the test end before it.
test(
  "a hung Sentry holds neither the flush nor the shutdown, and all it cost is counted",
  { timeout: 9_000 },
  async () => {
    started = await startTestBridge({
      receiver: { respond: () => ({ status: 200, delayMillis: Infinity }) },
    });
    sendOneOfEach(started);
    const { bridge } = started;
    await bridge.forceFlush(200);
    await bridge.shutdown(300);
    const { spans, logs, errors, queue } = bridge.stats();
    const lost = { accepted: 1, delivered: 0, dropped: { shutdown: 1 } };
    expect({ spans, logs, errors, queue }).toEqual({
      spans: lost,
      logs: lost,
      errors: lost,
      queue: { envelopes: 0, bytes: 0 },
    });
  },
);

test("a dead Sentry is counted as a network error", async () => {
  started = await startTestBridge({ sentry: { dsn: "http://public@127.0.0.1:9/1" } });
  sendOneOfEach(started);
  await started.bridge.shutdown(5_000);
  const { spans, logs, errors } = started.bridge.stats();
  const lost = { accepted: 1, delivered: 0, dropped: { network_error: 1 } };
  expect({ spans, logs, errors }).toEqual({ spans: lost, logs: lost, errors: lost });
});

test("what was refused is told to Sentry in a client report before the end", async () => {
  let requests = 0;
  const respond = () => {
    requests += 1;
    return requests === 1 ? { status: 500 } : undefined;
  };
  started = await startTestBridge({ receiver: { respond } });
  started.tracer().startSpan("span").end();
  await started.bridge.shutdown(5_000);
  const discarded = started.receiver.sentry.clientReports.flatMap((report) => report.discarded);
  expect(discarded).toEqual([{ reason: "send_error", category: "span", quantity: 1 }]);
});

test("a second shutdown with less time shortens the first", async () => {
  started = await startTestBridge({ receiver: { respond: () => ({ status: 200, delayMillis: Infinity }) } });
  sendOneOfEach(started);
  let hasFirstEnded = false;
  const first = started.bridge.shutdown(60_000).then(() => {
    hasFirstEnded = true;
  });
  await started.bridge.shutdown(200);
  expect(hasFirstEnded).toBe(false);
  expect(started.bridge.stats().spans).toEqual({ accepted: 1, delivered: 0, dropped: { shutdown: 1 } });
  await first;
});

test("after the shutdown no listener of ours is left on the process", async () => {
  const before = [process.listenerCount("uncaughtException"), process.listenerCount("beforeExit")];
  started = await startTestBridge();
  await Promise.all([started.bridge.shutdown(1_000), started.bridge.shutdown(1_000)]);
  expect([process.listenerCount("uncaughtException"), process.listenerCount("beforeExit")]).toEqual(before);
});
