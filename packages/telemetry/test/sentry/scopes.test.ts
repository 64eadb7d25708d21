import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import { ROOT_CONTEXT, SpanKind, context, propagation, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentryEvent, SentrySpan } from "@tracebridge/receivers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

const { SERVER, CONSUMER, INTERNAL } = SpanKind;
const REMOTE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
let test1: TestBridge;

beforeEach(async () => {
  test1 = await startTestBridge();
});

afterEach(() => test1.close());

async function flush(): Promise<{ spans: SentrySpan[]; events: SentryEvent[] }> {
  await test1.bridge.forceFlush(5_000);
  return test1.receiver.sentry;
}

/** Runs `fn` inside a segment as instrumentations do: the parent comes from headers, not from the active context. */
async function runSegment(kind: SpanKind, name: string, fn: () => Promise<void> | void): Promise<void> {
  const span = test1.tracer().startSpan(name, { kind }, ROOT_CONTEXT);
  await context.with(trace.setSpan(ROOT_CONTEXT, span), fn);
  span.end();
}

function readUser(span: SentrySpan | undefined): unknown {
  return span?.attributes["user.id"];
}

test("200 concurrent requests and messages keep their users, tags and attributes to themselves", async () => {
  const segments = Array.from({ length: 200 }, (_, index) =>
    runSegment(index % 2 === 0 ? SERVER : CONSUMER, `segment ${index}`, async () => {
      Sentry.setUser({ id: `user-${index}` });
      Sentry.setTag("segment", String(index));
      Sentry.getIsolationScope().setAttribute("app.segment", index);
      await setImmediate();
      await test1.tracer().startActiveSpan(`child ${index}`, async (span) => {
        await setImmediate();
        Sentry.captureException(new Error(`error ${index}`));
        span.end();
      });
    }),
  );
  await Promise.all(segments);
  // A busy machine needs longer than one flush to read the source lines of 200 errors.
  await test1.receiver.waitFor("all errors", ({ sentry }) => sentry.events.length === 200);
  const { spans, events } = await flush();
  expect(spans).toHaveLength(400);
  for (const span of spans) {
    const index =
      /\d+/.exec(span.attributes["sentry.segment.name"] as string)?.[0] ?? /\d+/.exec(span.name)?.[0];
    expect(span.attributes).toMatchObject({
      "user.id": expect.any(String),
      "app.segment": expect.any(Number),
    });
    if (index !== undefined) expect(readUser(span)).toBe(`user-${index}`);
  }
  expect(events).toHaveLength(200);
  for (const { exceptions, tags, raw } of events) {
    const index = exceptions[0]?.value.split(" ")[1];
    expect(tags["segment"]).toBe(index);
    expect(raw["user"]).toEqual({ id: `user-${index}` });
  }
  expect(Sentry.getIsolationScope().getUser()).toEqual({});
});

test("unsampled segments are isolated too, and their errors carry trace and decision", async () => {
  await test1.close();
  test1 = await startTestBridge({ otlp: false, sentry: { tracesSampleRate: 0 } });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      runSegment(CONSUMER, "message", async () => {
        Sentry.setUser({ id: `user-${index}` });
        await setImmediate();
        test1.bridge.captureError(new Error(`error ${index}`));
      }),
    ),
  );
  const { events, spans } = await flush();
  expect(spans).toEqual([]);
  expect(events).toHaveLength(20);
  for (const { exceptions, raw, traceId } of events) {
    expect(raw["user"]).toEqual({ id: `user-${exceptions[0]?.value.split(" ")[1]}` });
    const envelope = test1.receiver.sentry.envelopes.find(
      ({ events: [event] }) => event?.traceId === traceId,
    );
    expect(envelope?.header["trace"]).toMatchObject({ trace_id: traceId, sampled: "false" });
  }
});

test("a message does not get the user of the request in which the connection was opened", async () => {
  let deliver = (): Promise<void> => Promise.resolve();
  await runSegment(SERVER, "request", () => {
    Sentry.setUser({ id: "requester" });
    // The library calls back in the context in which it was set up.
    deliver = context.bind(context.active(), () => runSegment(CONSUMER, "message", () => {}));
  });
  await deliver();
  const { spans } = await flush();
  expect(readUser(spans.find(({ attributes }) => attributes["sentry.kind"] === "server"))).toBe("requester");
  expect(readUser(spans.find(({ attributes }) => attributes["sentry.kind"] === "consumer"))).toBeUndefined();
});

test("a span gets the user of its own segment although it ended inside another", async () => {
  let open = test1.tracer().startSpan("unused");
  await runSegment(SERVER, "first", () => {
    Sentry.setUser({ id: "first" });
    open = test1.tracer().startSpan("ends elsewhere");
  });
  await runSegment(SERVER, "second", () => {
    Sentry.setUser({ id: "second" });
    open.end();
  });
  const { spans } = await flush();
  expect(readUser(spans.find(({ name }) => name === "ends elsewhere"))).toBe("first");
});

test("withIsolationScope inside a segment survives nested spans, and a message inside it forks", async () => {
  await runSegment(SERVER, "request", async () => {
    Sentry.setUser({ id: "outer" });
    await Sentry.withIsolationScope(async () => {
      Sentry.setUser({ id: "inner" });
      await test1.tracer().startActiveSpan("nested", async (span) => {
        expect(Sentry.getIsolationScope().getUser()).toEqual({ id: "inner" });
        await runSegment(CONSUMER, "message", () => {
          expect(Sentry.getIsolationScope().getUser()).toEqual({});
        });
        span.end();
      });
    });
    expect(Sentry.getIsolationScope().getUser()).toEqual({ id: "outer" });
  });
  const { spans } = await flush();
  expect(readUser(spans.find(({ name }) => name === "nested"))).toBe("inner");
});

test("withScope and withActiveSpan work on OpenTelemetry's context", async () => {
  await runSegment(SERVER, "request", () => {
    const span = trace.getActiveSpan();
    expect(Sentry.getActiveSpan()).toBe(span);
    Sentry.withScope((scope) => {
      scope.setTag("only", "here");
      Sentry.captureException(new Error("inside"));
    });
    Sentry.captureException(new Error("outside"));
    Sentry.withActiveSpan(null, () => expect(trace.getActiveSpan()).toBeUndefined());
    Sentry.suppressTracing(() => expect(test1.tracer().startSpan("never").isRecording()).toBe(false));
  });
  const { events } = await flush();
  const tags = Object.fromEntries(events.map((event) => [event.exceptions[0]?.value, event.tags["only"]]));
  expect(tags).toEqual({ inside: "here", outside: undefined });
});

test("Sentry.continueTrace continues for OpenTelemetry's spans, startNewTrace begins anew", async () => {
  Sentry.continueTrace({ sentryTrace: `${REMOTE.traceId}-${REMOTE.spanId}-1`, baggage: undefined }, () => {
    const span = test1.tracer().startSpan("continued", { kind: INTERNAL });
    expect(span.spanContext().traceId).toBe(REMOTE.traceId);
    span.end();
    Sentry.startNewTrace(() => {
      expect(test1.tracer().startSpan("new").spanContext().traceId).not.toBe(REMOTE.traceId);
    });
  });
  const { spans } = await flush();
  expect(spans[0]).toMatchObject({ traceId: REMOTE.traceId, parentSpanId: REMOTE.spanId });
});

test("Sentry.getTraceData gives the headers of the active span", async () => {
  await runSegment(SERVER, "request", () => {
    const { traceId, spanId } = trace.getActiveSpan()?.spanContext() ?? REMOTE;
    const data = Sentry.getTraceData({ propagateTraceparent: true });
    expect(data["sentry-trace"]).toBe(`${traceId}-${spanId}-1`);
    expect(data["baggage"]).toContain(`sentry-trace_id=${traceId}`);
    expect(data["traceparent"]).toBe(`00-${traceId}-${spanId}-01`);
  });
});

test("a bound emitter calls its listeners in the context it was bound to, and lets go of them", async () => {
  const emitter = new EventEmitter();
  const seen: unknown[] = [];
  const listener = () => seen.push(Sentry.getIsolationScope().getUser()?.id);
  await runSegment(SERVER, "request", () => {
    Sentry.setUser({ id: "bound" });
    context.bind(context.active(), emitter);
  });
  emitter.on("event", listener);
  emitter.once("event", listener);
  emitter.emit("event");
  emitter.off("event", listener);
  emitter.emit("event");
  expect(seen).toEqual(["bound", "bound"]);
});

test("a bound function keeps its length, and `with` its this and its arguments", () => {
  const bound = context.bind(ROOT_CONTEXT, function (this: unknown, a: number, b: number) {
    return [this, a, b];
  });
  expect(bound.length).toBe(2);
  expect(bound.call("me", 1, 2)).toEqual(["me", 1, 2]);
  expect(context.with(ROOT_CONTEXT, (value: number) => value + 1, undefined, 1)).toBe(2);
  expect(context.bind(ROOT_CONTEXT, 42)).toBe(42);
});

test("baggage and other values of a context survive", () => {
  const from = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ a: { value: "1" } }));
  context.with(from, () => expect(propagation.getActiveBaggage()?.getEntry("a")?.value).toBe("1"));
});
