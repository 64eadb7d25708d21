import { ROOT_CONTEXT, SpanKind, context, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentryEvent } from "@tracebridge/receivers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTestBridge, withOrderId } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

const { SERVER, CONSUMER } = SpanKind;
let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge({ sentry: { tags: { team: "orders" }, serverName: "host-1" } });
});

afterEach(() => started.close());

async function receiveEvents(): Promise<SentryEvent[]> {
  await started.bridge.forceFlush(5_000);
  return started.receiver.sentry.events;
}

function runSegment(name: string, fn: (span: Span) => void, kind = SERVER): Span {
  const attributes = { "http.request.method": "POST", "http.route": "/order" };
  const span = started.tracer().startSpan(name, { kind, attributes }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => fn(span));
  span.end();
  return span;
}

test("an error carries trace, span, segment, service, order id, breadcrumbs, tags and the full context of its trace", async () => {
  let child: Span | undefined;
  const root = runSegment("request", () => {
    withOrderId("o-1", () =>
      started.tracer().startActiveSpan("reserve", (span) => {
        child = span;
        started.bridge.addBreadcrumb({ message: "reserving", category: "stock", data: { left: 0 } });
        started.bridge.captureError(new Error("no stock"), {
          tags: { part: "bolt" },
          extra: { left: 0 },
          level: "warning",
        });
        span.end();
      }),
    );
  });
  const [event] = await receiveEvents();
  const { traceId, spanId } = child?.spanContext() ?? root.spanContext();
  expect(event).toMatchObject({
    traceId,
    spanId,
    level: "warning",
    exceptions: [{ type: "Error", value: "no stock" }],
    tags: { service: "test-service", orderId: "o-1", part: "bolt", team: "orders" },
    contexts: { business: { orderId: "o-1" }, trace: { parent_span_id: root.spanContext().spanId } },
    breadcrumbs: [{ message: "reserving", category: "stock", data: { left: 0 } }],
  });
  expect(event?.raw).toMatchObject({
    transaction: "POST /order",
    extra: { left: 0 },
    environment: "test",
    release: "test@1.0.0",
    server_name: "host-1",
  });
  const envelope = started.receiver.sentry.envelopes.find(({ events }) => events.length > 0);
  expect(envelope?.header["trace"]).toEqual({
    trace_id: traceId,
    public_key: "public",
    environment: "test",
    release: "test@1.0.0",
    sample_rate: "1",
    sample_rand: expect.stringMatching(/^0\.\d{1,6}$/),
    sampled: "true",
    transaction: "POST /order",
  });
});

test("breadcrumbs stay with their request, at most 50 of them", async () => {
  runSegment("first", () => started.bridge.addBreadcrumb({ message: "of the first" }));
  runSegment("second", () => {
    for (let index = 0; index < 60; index += 1) started.bridge.addBreadcrumb({ message: `crumb ${index}` });
    started.bridge.captureError(new Error("second"));
  });
  const [event] = await receiveEvents();
  expect(event?.breadcrumbs).toHaveLength(50);
  expect(event?.breadcrumbs[0]).toMatchObject({ message: "crumb 10" });
});

test("an exception that a span records becomes an issue in that span, with its order id", async () => {
  let inner: Span | undefined;
  const error = new TypeError("no such field");
  runSegment("request", () => {
    inner = started.tracer().startSpan("work", { attributes: { orderId: "o-2" } });
    inner.recordException(error);
    inner.end();
  });
  const events = await receiveEvents();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    spanId: inner?.spanContext().spanId,
    traceId: inner?.spanContext().traceId,
    exceptions: [{ type: "TypeError", value: "no such field" }],
    tags: { service: "test-service", orderId: "o-2" },
    contexts: { business: { orderId: "o-2" } },
  });
  expect(JSON.stringify(events[0]?.raw["exception"])).toMatch(/"filename":"[^"]*errors\.test\.ts"/);
  const envelope = started.receiver.sentry.envelopes.find((candidate) => candidate.events.length > 0);
  expect(envelope?.header["trace"]).toMatchObject({
    trace_id: inner?.spanContext().traceId,
    sampled: "true",
  });
});

test.each<[string, (error: Error, span: Span) => void]>([
  [
    "recorded by a span and then captured",
    (error, span) => {
      span.recordException(error);
      started.bridge.captureError(error, { tags: { by: "hand" } });
    },
  ],
  [
    "captured and then recorded",
    (error, span) => {
      started.bridge.captureError(error, { tags: { by: "hand" } });
      span.recordException(error);
    },
  ],
  [
    "recorded by a child that ended, and captured after that",
    (error) => {
      const child = started.tracer().startSpan("child");
      child.recordException(error);
      child.end();
      started.bridge.captureError(error, { tags: { by: "hand" } });
    },
  ],
  [
    "captured by Sentry's own function, and recorded",
    (error, span) => {
      Sentry.captureException(error, { tags: { by: "hand" } });
      span.recordException(error);
    },
  ],
])("an error that is %s is one issue, with what the capture knew", async (_, report) => {
  runSegment("request", (span) => report(new Error("once"), span));
  const events = await receiveEvents();
  expect(events).toHaveLength(1);
  expect(events[0]?.tags["by"]).toBe("hand");
});

test("an error that climbs through three spans and is captured twice is one issue", async () => {
  const error = new Error("climbing");
  runSegment("request", (root) => {
    started.tracer().startActiveSpan("middle", (middle) => {
      started.tracer().startActiveSpan("inner", (inner) => {
        inner.recordException(error);
        inner.end();
      });
      middle.recordException(error);
      middle.end();
    });
    root.recordException(error);
    started.bridge.captureError(error);
    expect(started.bridge.captureError(error)).toBeUndefined();
  });
  expect(await receiveEvents()).toHaveLength(1);
});

test("two orders that fail alike are two issues", async () => {
  for (const orderId of ["o-1", "o-2"]) {
    runSegment(
      "message",
      () => withOrderId(orderId, () => started.bridge.captureError(createFailure())),
      CONSUMER,
    );
  }
  const events = await receiveEvents();
  expect(new Set(events.map(({ tags }) => tags["orderId"]))).toEqual(new Set(["o-1", "o-2"]));
});

test("a flush does not wait for the end of a segment to send what a span recorded", async () => {
  const root = started.tracer().startSpan("endless", { kind: CONSUMER });
  const child = started.tracer().startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root));
  child.recordException(new Error("early"));
  child.end();
  expect(await receiveEvents()).toHaveLength(1);
  root.end();
  expect(await receiveEvents()).toHaveLength(1);
});

test("what a span recorded in a segment that goes on for long is sent after a minute", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const root = started.tracer().startSpan("endless", { kind: CONSUMER });
  const child = started.tracer().startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root));
  child.recordException(new Error("early"));
  child.end();
  vi.advanceTimersByTime(50_000);
  expect(started.bridge.stats().errors.accepted).toBe(0);
  vi.advanceTimersByTime(20_000);
  vi.useRealTimers();
  await started.receiver.waitFor("the error", ({ sentry }) => sentry.events.length === 1);
});

test("an exception of a span that only OTLP wanted still becomes an issue", async () => {
  await started.close();
  started = await startTestBridge({ sentry: { tracesSampleRate: 0 } });
  runSegment("request", (span) => span.recordException(new Error("unsampled")));
  expect(await receiveEvents()).toHaveLength(1);
});

test("recorded exceptions stay out of Sentry when that is switched off", async () => {
  await started.close();
  started = await startTestBridge({ sentry: { recordedExceptions: false } });
  runSegment("request", (span) => {
    span.recordException(new Error("recorded"));
    started.bridge.captureError(new Error("captured"));
  });
  const events = await receiveEvents();
  expect(events.map(({ exceptions }) => exceptions[0]?.value)).toEqual(["captured"]);
});

test("no error leaves, whoever captures it, when errors are switched off", async () => {
  await started.close();
  started = await startTestBridge({ sentry: { errors: false, recordedExceptions: false } });
  runSegment("request", (span) => {
    span.recordException(new Error("recorded"));
    started.bridge.captureError(new Error("captured"));
    Sentry.captureException(new Error("by Sentry's own function"));
  });
  expect(await receiveEvents()).toEqual([]);
  expect(started.receiver.sentry.spans).toHaveLength(1);
});

test.each<[string, unknown, string]>([
  ["a text", "just text", "just text"],
  ["an object", { code: 7 }, "code"],
  ["undefined", undefined, "undefined"],
])("%s can be captured", async (_, thrown, expected) => {
  started.bridge.captureError(thrown);
  const [event] = await receiveEvents();
  expect(JSON.stringify([event?.message, event?.exceptions])).toContain(expected);
});

test("an error with a code is called by its class, whether a span recorded it or the application captured it", async () => {
  const createRefusal = (message: string): Error =>
    Object.assign(new TypeError(message), { code: "ECONNREFUSED" });
  runSegment("request", (span) => {
    span.recordException(createRefusal("recorded"));
    started.bridge.captureError(createRefusal("captured"));
  });
  const types = (await receiveEvents()).map(({ exceptions }) => exceptions[0]?.type);
  expect(types).toEqual(["TypeError", "TypeError"]);
});

test("what is thrown as undefined, and recorded by the span it leaves, is one issue", async () => {
  runSegment("request", (span) => {
    started.bridge.captureError(undefined);
    span.recordException(String(undefined));
  });
  expect(await receiveEvents()).toHaveLength(1);
});

test("the cause of an error arrives too", async () => {
  started.bridge.captureError(new Error("outer", { cause: new Error("inner") }));
  const [event] = await receiveEvents();
  expect(event?.exceptions.map(({ value }) => value)).toEqual(["inner", "outer"]);
});

test("every error is accounted for", async () => {
  for (let index = 0; index < 100; index += 1) started.bridge.captureError(new Error(`error ${index}`));
  expect(await receiveEvents()).toHaveLength(100);
  expect(started.bridge.stats().errors).toEqual({ accepted: 100, delivered: 100, dropped: {} });
});

function createFailure(): Error {
  return new Error("no stock");
}
