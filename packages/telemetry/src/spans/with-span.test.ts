import { ROOT_CONTEXT, SpanStatusCode, context, propagation, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { beforeEach, expect, test } from "vitest";
import { activeTraceId, readTraceCarrier, runUntraced, withSpan, withTraceCarrier } from "./index.ts";

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

beforeEach(() => exporter.reset());

const names = (): string[] => exporter.getFinishedSpans().map((span) => span.name);

test("withSpan returns what the function returns and ends the span then", () => {
  expect(withSpan("sum", () => 1 + 1, { op: "math", attributes: { a: 1 } })).toBe(2);
  expect(exporter.getFinishedSpans()[0]).toMatchObject({
    name: "sum",
    attributes: { a: 1, "sentry.op": "math" },
  });
});

test("withSpan ends after the promise, and inner spans are its children", async () => {
  const value = await withSpan("outer", async () => {
    await withSpan("inner", async () => {
      await Promise.resolve();
    });
    return 7;
  });
  expect(value).toBe(7);
  expect(names()).toEqual(["inner", "outer"]);
  const [inner, outer] = exporter.getFinishedSpans();
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
});

test("what the function throws or rejects with is passed on, and sets the status", async () => {
  expect(() =>
    withSpan("throws", () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  await expect(withSpan("rejects", () => Promise.reject(new Error("never")))).rejects.toThrow("never");
  expect(exporter.getFinishedSpans()).toMatchObject([
    {
      name: "throws",
      status: { code: SpanStatusCode.ERROR, message: "no" },
      events: [{ name: "exception" }],
    },
    { name: "rejects", status: { code: SpanStatusCode.ERROR, message: "never" } },
  ]);
});

test("runUntraced makes no spans, and nothing in it has a trace", () => {
  withSpan("outer", () => runUntraced(() => withSpan("hidden", () => {})));
  expect(names()).toEqual(["outer"]);
});

test("a stored carrier continues its own trace, also inside another one and inside runUntraced", () => {
  const stored = withSpan("first", () => ({ carrier: readTraceCarrier(), traceId: activeTraceId() }));
  withSpan("sweep", () =>
    runUntraced(() =>
      withTraceCarrier(stored.carrier, () => {
        expect(activeTraceId()).toBe(stored.traceId);
        withSpan("late", () => {});
      }),
    ),
  );
  const late = exporter.getFinishedSpans().find((span) => span.name === "late");
  expect(late?.spanContext().traceId).toBe(stored.traceId);
  expect(late?.parentSpanContext?.isRemote).toBe(true);
});

test("outside of any span there is no trace id and nothing to carry", () => {
  context.with(ROOT_CONTEXT, () => {
    expect(activeTraceId()).toBeUndefined();
    expect(readTraceCarrier()).toEqual({});
  });
});
