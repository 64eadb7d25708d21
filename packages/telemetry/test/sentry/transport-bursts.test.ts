import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, onTestFinished, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge, TestBridgeOptions } from "./start-test-bridge.ts";

async function startBridge(options?: TestBridgeOptions): Promise<TestBridge> {
  const started = await startTestBridge(options);
  onTestFinished(() => started.close());
  return started;
}

/** A trace of two spans. */
function endTrace(started: TestBridge): void {
  const tracer = started.tracer();
  tracer.startActiveSpan("parent", {}, ROOT_CONTEXT, (parent) => {
    tracer.startSpan("child").end();
    parent.end();
  });
}

test("200 errors that are captured in one tick all arrive", async () => {
  const started = await startBridge();
  for (let number = 0; number < 200; number += 1) started.bridge.captureError(new Error(`error ${number}`));
  await started.bridge.forceFlush(30_000);
  const values = started.receiver.sentry.events.map(({ exceptions }) => exceptions[0]?.value);
  expect(new Set(values).size).toBe(200);
  expect(started.bridge.stats().errors).toEqual({ accepted: 200, delivered: 200, dropped: {} });
});

test("174 traces that are flushed at once all arrive, each span once", async () => {
  const started = await startBridge();
  for (let number = 0; number < 174; number += 1) endTrace(started);
  await started.bridge.forceFlush(30_000);
  const { spans } = started.receiver.sentry;
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(174);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(348);
  expect(spans).toHaveLength(348);
  expect(started.bridge.stats().spans).toEqual({ accepted: 348, delivered: 348, dropped: {} });
});

test("what was lost to an outage is in the next client report after it", async () => {
  let isDown = true;
  const started = await startBridge({
    receiver: { respond: () => (isDown ? { status: 500 } : undefined) },
  });
  endTrace(started);
  started.bridge.captureError(new Error("lost"));
  await started.bridge.forceFlush(30_000);
  isDown = false;
  await started.bridge.shutdown(5_000);
  const discarded = started.receiver.sentry.clientReports.flatMap((report) => report.discarded);
  expect(discarded).toHaveLength(2);
  expect(discarded).toContainEqual({ reason: "send_error", category: "span", quantity: 2 });
  expect(discarded).toContainEqual({ reason: "send_error", category: "error", quantity: 1 });
});

// The limit of the shutdown is longer than the test may take: it must not be used up by waiting.
test("a shutdown asks a Sentry that is down once more, and does not wait", { timeout: 20_000 }, async () => {
  let requests = 0;
  const respond = () => {
    requests += 1;
    return { status: 503, headers: { "retry-after": "60" } };
  };
  const started = await startBridge({ receiver: { respond } });
  for (let number = 0; number < 20; number += 1) endTrace(started);
  await started.bridge.shutdown(60_000);
  expect(started.bridge.stats().spans).toEqual({
    accepted: 40,
    delivered: 0,
    dropped: { send_error: 40 },
  });
  expect(started.bridge.stats().queue).toEqual({ envelopes: 0, bytes: 0 });
  // One for each connection, and one for each of the two flushes of a shutdown.
  expect(requests).toBe(10);
  expect(started.problems).toContainEqual({
    code: "sentry-unreachable",
    message: expect.stringMatching(/^Sentry does not take what is sent to http:.*: the answer was 503\./),
  });
});

test("a shutdown delivers what has waited when Sentry is back by then", async () => {
  let isDown = true;
  const started = await startBridge({
    receiver: { respond: () => (isDown ? { status: 503, headers: { "retry-after": "60" } } : undefined) },
  });
  for (let number = 0; number < 20; number += 1) endTrace(started);
  await started.bridge.forceFlush(10_000);
  expect(started.bridge.stats().queue.envelopes).toBe(20);
  isDown = false;
  await started.bridge.shutdown(10_000);
  expect(started.bridge.stats().spans).toEqual({ accepted: 40, delivered: 40, dropped: {} });
  expect(started.receiver.sentry.spans).toHaveLength(40);
  expect(started.problems.map(({ code }) => code)).toContain("sentry-recovered");
});
