import { setImmediate } from "node:timers/promises";
import { ROOT_CONTEXT, SpanKind, TraceFlags, context, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentryEvent, SentrySpan } from "@tracebridge/receivers";
import { AlwaysOnSampler } from "@opentelemetry/sdk-trace";
import { afterEach, expect, test } from "vitest";
import { startTestBridge } from "../sentry/start-test-bridge.ts";
import type { TestBridge, TestBridgeOptions } from "../sentry/start-test-bridge.ts";

const { SERVER, CONSUMER } = SpanKind;
let running: TestBridge;

afterEach(async () => {
  trace.disable();
  await running.close();
});

async function start(options: TestBridgeOptions = {}): Promise<void> {
  running = await startTestBridge(options);
  // Sentry's functions reach the tracer that the application has.
  trace.setGlobalTracerProvider({ getTracer: (name) => running.tracer(name) });
}

/** Runs `fn` inside a segment whose parent comes from headers, as instrumentations do. */
async function runSegment(
  kind: SpanKind,
  name: string,
  fn: (span: Span) => Promise<void> | void,
): Promise<void> {
  const span = running.tracer().startSpan(name, { kind, attributes: { "test.name": name } }, ROOT_CONTEXT);
  await context.with(trace.setSpan(ROOT_CONTEXT, span), () => fn(span));
  span.end();
}

/** For a context that is not the active one. */
function writeHeaders(span: Span): Record<string, string> {
  const headers: Record<string, string> = {};
  running.propagator.inject(trace.setSpan(ROOT_CONTEXT, span), headers, {
    set: (to, key, value) => Object.assign(to, { [key]: value }),
  });
  return headers;
}

/** A CONSUMER span has a name of Sentry's own. */
function nameOf({ name, attributes }: SentrySpan): string {
  return (attributes["test.name"] as string | undefined) ?? name;
}

async function flush(): Promise<{ spans: SentrySpan[]; events: SentryEvent[] }> {
  await running.bridge.forceFlush(10_000);
  return running.receiver.sentry;
}

/** Everything that can be set on a scope, one step of work, and an error at its end. */
async function workAs(id: string): Promise<void> {
  const scope = Sentry.getIsolationScope();
  Sentry.setUser({ id });
  Sentry.setTag("owner", id);
  Sentry.setContext("work", { owner: id });
  scope.setAttribute("app.owner", id);
  await setImmediate();
  Sentry.addBreadcrumb({ message: id });
  await running.tracer().startActiveSpan(`step of ${id}`, async (span) => {
    await setImmediate();
    Sentry.captureException(new Error(id));
    span.end();
  });
}

test.each([
  ["recorded for OTLP", new AlwaysOnSampler()],
  ["not recorded at all", false],
] as const)(
  "200 concurrent SERVER and CONSUMER segments keep user, tag, context and attributes to themselves; the unsampled are %s",
  async (_, otlp) => {
    await start({ otlp, sentry: { tracesSampleRate: 0.5 } });
    const ids = Array.from({ length: 200 }, (__, index) => `owner-${index}`);
    const unsampled = new Set<string>();
    await Promise.all(
      ids.map((id, index) =>
        runSegment(index % 2 === 0 ? SERVER : CONSUMER, `segment of ${id}`, (span) => {
          if (writeHeaders(span)["sentry-trace"]?.endsWith("-0")) unsampled.add(id);
          return workAs(id);
        }),
      ),
    );
    const { spans, events } = await flush();
    // Outside of these bounds by chance: less than once in a million runs.
    expect(Math.abs(unsampled.size - 100)).toBeLessThan(40);
    expect(spans).toHaveLength(2 * (200 - unsampled.size));
    for (const span of spans) {
      const id = nameOf(span).split(" ").at(-1);
      expect(unsampled).not.toContain(id);
      expect(span.attributes).toMatchObject({ "user.id": id, "app.owner": id });
    }
    expect(new Set(events.map(({ exceptions }) => exceptions[0]?.value))).toEqual(new Set(ids));
    for (const { exceptions, tags, contexts, breadcrumbs, raw } of events) {
      const id = exceptions[0]?.value;
      expect(raw["user"]).toMatchObject({ id });
      expect(tags["owner"]).toBe(id);
      expect(contexts["work"]).toEqual({ owner: id });
      expect(breadcrumbs.map(({ message }) => message)).toEqual([id]);
    }
    expect(Sentry.getIsolationScope().getUser()).toEqual({});
  },
);

test("a span gets user and attributes of its own isolation scope although it ended in another", async () => {
  await start();
  let open: Span | undefined;
  await runSegment(SERVER, "first", async () => {
    await workAs("first");
    open = running.tracer().startSpan("ends elsewhere");
  });
  await runSegment(CONSUMER, "second", async () => {
    await workAs("second");
    open?.end();
  });
  const span = (await flush()).spans.find(({ name }) => name === "ends elsewhere");
  expect(span?.attributes).toMatchObject({ "user.id": "first", "app.owner": "first" });
});

test("withIsolationScope(scope) inside a segment survives nested spans, and a new CONSUMER root inside it forks", async () => {
  await start();
  const own = new Sentry.Scope();
  own.setUser({ id: "inner" });
  await runSegment(SERVER, "request", async () => {
    Sentry.setUser({ id: "outer" });
    await Sentry.withIsolationScope(own, () =>
      running.tracer().startActiveSpan("nested", async (span) => {
        await setImmediate();
        expect(Sentry.getIsolationScope()).toBe(own);
        await runSegment(CONSUMER, "message", () => {
          expect(Sentry.getIsolationScope()).not.toBe(own);
          Sentry.setUser({ id: "message" });
          running.tracer().startSpan("in the message").end();
        });
        running.tracer().startSpan("after the message").end();
        span.end();
      }),
    );
    running.tracer().startSpan("outside again").end();
  });
  const { spans } = await flush();
  expect(Object.fromEntries(spans.map((span) => [nameOf(span), span.attributes["user.id"]]))).toEqual({
    request: "outer",
    nested: "inner",
    message: "message",
    "in the message": "message",
    "after the message": "inner",
    "outside again": "outer",
  });
});

test("an error inside Sentry.startSpan names OpenTelemetry's span, and OpenTelemetry's spans below stay sampled", async () => {
  await start();
  await runSegment(SERVER, "request", async () => {
    await Sentry.startSpan({ name: "step" }, async () => {
      await running.tracer().startActiveSpan("child", async (child) => {
        expect(child.isRecording()).toBe(true);
        expect(child.spanContext().traceFlags).toBe(TraceFlags.SAMPLED);
        await setImmediate();
        child.end();
      });
      Sentry.captureException(new Error("in the step"));
    });
  });
  const { spans, events } = await flush();
  const find = (name: string) => spans.find((span) => span.name === name);
  expect(find("step")?.parentSpanId).toBe(find("request")?.spanId);
  expect(find("child")?.parentSpanId).toBe(find("step")?.spanId);
  expect(events).toMatchObject([{ traceId: find("step")?.traceId, spanId: find("step")?.spanId }]);
});

test("headers are those of the context that is named, not of the active one", async () => {
  await start();
  const other = running.tracer().startSpan("other", { kind: SERVER }, ROOT_CONTEXT);
  await runSegment(SERVER, "active", () => {
    const { traceId, spanId } = other.spanContext();
    expect(writeHeaders(other)).toEqual({
      traceparent: `00-${traceId}-${spanId}-01`,
      "sentry-trace": `${traceId}-${spanId}-1`,
      baggage: expect.stringContaining(`sentry-trace_id=${traceId}`) as unknown,
    });
  });
  other.end();
});
