import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge();
});

afterEach(() => started.close());

/** A segment that ends with an error, as `withSpan` and instrumentations end it. */
async function runFailing(failure: Error): Promise<never> {
  const span = started
    .tracer("@tracebridge/telemetry")
    .startSpan("job", { kind: SpanKind.CONSUMER }, ROOT_CONTEXT);
  const work = async (): Promise<never> => {
    await Promise.resolve();
    Sentry.setUser({ id: "u-1" });
    started.bridge.addBreadcrumb({ message: "inside" });
    span.setAttribute("orderId", "o-1");
    span.recordException(failure);
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    throw failure;
  };
  return context.with(trace.setSpan(ROOT_CONTEXT, span), work);
}

test("an error captured above the segment that it left is one issue, told as from inside it", async () => {
  await runFailing(new Error("no bolts")).catch((error: unknown) =>
    started.bridge.captureError(error, { tags: { caught: "outside" } }),
  );
  await started.bridge.forceFlush(5_000);
  const { events, spans, envelopes } = started.receiver.sentry;
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    traceId: spans[0]?.traceId,
    spanId: spans[0]?.spanId,
    tags: { caught: "outside", orderId: "o-1", service: "test-service" },
    breadcrumbs: [{ message: "inside" }],
    contexts: { business: { orderId: "o-1" } },
    raw: { user: { id: "u-1" } },
  });
  const envelope = envelopes.find((candidate) => candidate.events.length > 0);
  expect(envelope?.header["trace"]).toMatchObject({ trace_id: spans[0]?.traceId, sampled: "true" });
});

test("an error that left its segment and was dealt with in silence is one issue all the same", async () => {
  await runFailing(new Error("no nuts")).catch(() => {});
  await started.bridge.forceFlush(5_000);
  expect(started.receiver.sentry.events).toMatchObject([
    { exceptions: [{ value: "no nuts" }], traceId: started.receiver.sentry.spans[0]?.traceId },
  ]);
});

test("two errors that left two segments are two issues, each in its own trace", async () => {
  for (const text of ["first", "second"]) {
    await runFailing(new Error(text)).catch((error: unknown) => started.bridge.captureError(error));
  }
  await started.bridge.forceFlush(5_000);
  const { events, spans } = started.receiver.sentry;
  expect(events.map(({ exceptions }) => exceptions[0]?.value ?? "").toSorted()).toEqual(["first", "second"]);
  expect(new Set(events.map(({ traceId }) => traceId))).toEqual(new Set(spans.map(({ traceId }) => traceId)));
});
