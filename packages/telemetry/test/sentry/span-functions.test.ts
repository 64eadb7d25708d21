import { ROOT_CONTEXT, SpanKind, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentrySpan } from "@tracebridge/receivers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let running: TestBridge;

beforeAll(() => {
  // Sentry's functions reach the tracer that the application has.
  trace.setGlobalTracerProvider({ getTracer: (name) => running.tracer(name) });
});

afterAll(() => trace.disable());

beforeEach(async () => {
  running = await startTestBridge();
});

afterEach(() => running.close());

async function flush(): Promise<(name: string) => SentrySpan | undefined> {
  await running.bridge.forceFlush(5_000);
  return (name) => running.receiver.sentry.spans.find((span) => span.name === name);
}

/** Runs `fn` inside the span of a request. */
function runRequest(fn: () => void): void {
  const span = running.tracer().startSpan("request", { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), fn);
  span.end();
}

test("Sentry.startSpan makes a span below the active one, and the parent of what is inside", async () => {
  runRequest(() => {
    Sentry.startSpan({ name: "step", op: "task" }, (span) => {
      expect(trace.getActiveSpan()?.spanContext()).toEqual(span.spanContext());
      Sentry.captureException(new Error("inside"));
      running.tracer().startSpan("child").end();
    });
  });
  const find = await flush();
  const [request, step] = [find("request"), find("step")];
  expect(step).toMatchObject({ op: "task", parentSpanId: request?.spanId, isSegment: false });
  expect(find("child")?.parentSpanId).toBe(step?.spanId);
  expect(running.receiver.sentry.events[0]).toMatchObject({ spanId: step?.spanId, traceId: step?.traceId });
});

test("what the application does to the span and asks of it goes to OpenTelemetry's span", async () => {
  const complained = vi.spyOn(console, "error");
  runRequest(() => {
    const span = Sentry.startInactiveSpan({ name: "first name", attributes: { a: 1 } });
    expect(span.isRecording()).toBe(true);
    Sentry.updateSpanName(span, "last name");
    span.setAttribute("b", undefined).addEvent("seen", { n: 1 }, 1_700_000_000);
    expect(Sentry.spanToJSON(span)).toMatchObject({ name: "last name", attributes: { a: 1 } });
    expect(Sentry.spanToTraceHeader(span)).toContain(span.spanContext().spanId);
    span.recordException(new Error("noted"));
    span.end();
    span.setAttribute("too", "late").end();
    expect(span.isRecording()).toBe(false);
  });
  const find = await flush();
  expect(find("last name")?.attributes).toMatchObject({ a: 1, "sentry.origin": "manual" });
  expect(find("last name")?.attributes).not.toHaveProperty("too");
  expect(running.receiver.sentry.events.map(({ exceptions }) => exceptions[0]?.value)).toEqual(["noted"]);
  expect(complained).not.toHaveBeenCalled();
});

test("Sentry.getRootSpan finds the first span of the segment from any span in it", async () => {
  runRequest(() => {
    const request = trace.getActiveSpan();
    running.tracer().startActiveSpan("child", (child) => {
      Sentry.startSpan({ name: "step" }, (step) => {
        expect(Sentry.getRootSpan(step).spanContext()).toEqual(request?.spanContext());
        expect(Sentry.spanToJSON(step).is_segment).toBe(false);
      });
      const active = Sentry.getActiveSpan();
      expect(active && Sentry.getRootSpan(active)).toBe(request);
      child.end();
    });
  });
  await flush();
});

test("a span that is only wanted below another is neither made nor counted without one", async () => {
  expect(Sentry.startSpan({ name: "alone", onlyIfParent: true }, () => "done")).toBe("done");
  const find = await flush();
  expect(find("alone")).toBeUndefined();
  expect(running.bridge.stats().spans).toMatchObject({ accepted: 0, dropped: {} });
});

test("ignoreSpans keeps a span of Sentry.startSpan from Sentry, and its children go to its parent", async () => {
  await running.close();
  running = await startTestBridge({ sentry: { hooks: { ignoreSpans: ["noise"] } } });
  runRequest(() => {
    Sentry.startSpan({ name: "noise" }, (span) => {
      expect(span.isRecording()).toBe(true);
      Sentry.startSpan({ name: "work" }, () => {});
    });
  });
  const find = await flush();
  expect(find("noise")).toBeUndefined();
  expect(find("work")?.parentSpanId).toBe(find("request")?.spanId);
  expect(running.bridge.stats().spans).toMatchObject({ accepted: 3, delivered: 2, dropped: { ignored: 1 } });
});

test("a tracer that throws is told, and the application goes on", async () => {
  vi.spyOn(running, "tracer").mockImplementation(() => {
    throw new Error("no tracer");
  });
  expect(Sentry.startSpan({ name: "step" }, () => "done")).toBe("done");
  expect(running.problems.map(({ message }) => message)).toEqual([
    "A span of Sentry.startSpan goes to Sentry alone: Error: no tracer",
  ]);
});

test("nothing is made while tracing is suppressed", async () => {
  Sentry.suppressTracing(() => Sentry.startSpan({ name: "hidden" }, () => {}));
  const find = await flush();
  expect(find("hidden")).toBeUndefined();
  expect(running.bridge.stats().spans).toMatchObject({ accepted: 0, dropped: {} });
});
