import { ROOT_CONTEXT } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { createScrubber, SpanDoor } from "./index.ts";

const scrubber = createScrubber({ businessKeys: new Set(["orderId"]), maxTextLength: 4096 });

function startTracer(sinks: readonly SpanProcessor[], enrich: () => void = () => {}) {
  const problems: string[] = [];
  const door = new SpanDoor({
    sinks,
    scrubber,
    enrich,
    reportOnce: (_key, message) => problems.push(message),
  });
  return { tracer: new TracerProvider({ spanProcessors: [door] }).getTracer("test"), problems, door };
}

test("sinks get one scrubbed copy, and the application's span stays as it was", () => {
  const exporter = new InMemorySpanExporter();
  const other = new InMemorySpanExporter();
  const sinks = [new SimpleSpanProcessor({ exporter }), new SimpleSpanProcessor({ exporter: other })];
  const { tracer, door } = startTracer(sinks);
  const linked = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
  const span = tracer.startSpan("mail a.person@example.com", {
    attributes: { password: "hunter2" },
    links: [{ context: linked, attributes: { token: "hunter2" } }],
  });
  span.addEvent("sent to a.person@example.com", { cookie: "hunter2" });
  span.setStatus({ code: 2, message: "no mail for a.person@example.com" });
  span.end();
  const [copy] = exporter.getFinishedSpans();
  expect(copy).toMatchObject({
    name: "mail [Filtered]",
    attributes: { password: "[Filtered]" },
    status: { code: 2, message: "no mail for [Filtered]" },
    events: [{ name: "sent to [Filtered]", attributes: { cookie: "[Filtered]" } }],
    links: [{ context: linked, attributes: { token: "[Filtered]" } }],
  });
  expect(copy?.spanContext()).toBe(span.spanContext());
  expect(other.getFinishedSpans()[0]).toBe(copy);
  expect(span).toMatchObject({ name: "mail a.person@example.com", attributes: { password: "hunter2" } });
  expect(door.ended).toBe(1);
});

test("a sink that throws harms neither the application nor the other sinks", () => {
  const fail = (): never => {
    throw new Error("broken sink");
  };
  const broken: SpanProcessor = {
    onStart: fail,
    onEnd: fail,
    forceFlush: () => Promise.reject(new Error("broken sink")),
    shutdown: () => Promise.reject(new Error("broken sink")),
  };
  const exporter = new InMemorySpanExporter();
  const { tracer, problems, door } = startTracer([broken, new SimpleSpanProcessor({ exporter })], fail);
  tracer.startSpan("work", {}, ROOT_CONTEXT).end();
  expect(exporter.getFinishedSpans()).toHaveLength(1);
  expect(problems).toContain("A span could not be processed at its end: Error: broken sink");
  return expect(Promise.all([door.forceFlush(), door.shutdown()])).resolves.toBeDefined();
});

test("a span that cannot be prepared reaches no sink, is told and counted", () => {
  const exporter = new InMemorySpanExporter();
  const problems: string[] = [];
  const door = new SpanDoor({
    sinks: [new SimpleSpanProcessor({ exporter })],
    scrubber: {
      ...scrubber,
      attributes: () => {
        throw new Error("broken scrubber");
      },
    },
    enrich: () => {},
    reportOnce: (_key, message) => problems.push(message),
  });
  const provider = new TracerProvider({ spanProcessors: [door] });
  provider
    .getTracer("test")
    .startSpan("work", { attributes: { password: "hunter2" } }, ROOT_CONTEXT)
    .end();
  expect(exporter.getFinishedSpans()).toEqual([]);
  expect([door.ended, door.failed]).toEqual([1, 1]);
  expect(problems).toEqual(["A span could not be processed at its end: Error: broken scrubber"]);
});
