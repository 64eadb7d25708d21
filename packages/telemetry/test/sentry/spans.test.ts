import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  defaultTextMapGetter,
  trace,
} from "@opentelemetry/api";
import { RPCType, setRPCMetadata } from "@opentelemetry/core";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace";
import type { SentrySpan } from "@tracebridge/receivers";
import { afterEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

const HTTP = "@opentelemetry/instrumentation-http";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
let running: TestBridge | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(...options: Parameters<typeof startTestBridge>): Promise<TestBridge> {
  running = await startTestBridge(...options);
  return running;
}

async function receiveSpans({ bridge, receiver }: TestBridge, count: number): Promise<SentrySpan[]> {
  await bridge.forceFlush(5_000);
  await receiver.waitFor(`${count} spans`, ({ sentry }) => sentry.spans.length >= count);
  return receiver.sentry.spans;
}

const { SERVER, CONSUMER } = SpanKind;
const request = { "http.request.method": "GET" };

test("a trace arrives in one envelope with its context, its segments and what Sentry's own spans carry", async () => {
  const bridge = await start();
  const root = bridge
    .tracer(HTTP)
    .startSpan("GET", { kind: SERVER, attributes: { ...request, "http.route": "/a" } });
  const inRoot = trace.setSpan(ROOT_CONTEXT, root);
  bridge
    .tracer()
    .startSpan("child", { startTime: 1_700_000_000_500, attributes: { "server.address": "db" } }, inRoot)
    .end(1_700_000_001_000);
  root.end();
  const spans = await receiveSpans(bridge, 2);
  const child = spans.find(({ isSegment }) => !isSegment);
  const segment = spans.find(({ isSegment }) => isSegment);
  const { traceId, spanId } = root.spanContext();
  expect(bridge.receiver.sentry.envelopes).toHaveLength(1);
  expect(bridge.receiver.sentry.envelopes[0]?.header["trace"]).toEqual({
    trace_id: traceId,
    public_key: "public",
    environment: "test",
    release: "test@1.0.0",
    sample_rate: "1",
    sample_rand: expect.stringMatching(/^0\.\d{1,6}$/),
    sampled: "true",
    transaction: "GET /a",
  });
  expect(segment).toMatchObject({ traceId, spanId, status: "ok" });
  expect(segment?.parentSpanId).toBeUndefined();
  expect(segment?.attributes["sentry.sample_rate"]).toBe(1);
  expect(child).toMatchObject({
    traceId,
    parentSpanId: spanId,
    startTimestamp: 1_700_000_000.5,
    endTimestamp: 1_700_000_001,
  });
  expect(child?.attributes).toMatchObject({
    "sentry.trace_lifecycle": "stream",
    "sentry.segment.name": "GET /a",
    "sentry.segment.id": spanId,
    "sentry.sdk.name": "sentry.javascript.node",
    "sentry.release": "test@1.0.0",
    "sentry.environment": "test",
    "service.name": "test-service",
    "server.address": "db",
  });
});

test("attributes keep their types; what Sentry has no type for is left out", async () => {
  const bridge = await start();
  const attributes = {
    text: "a",
    yes: true,
    whole: 3,
    part: 0.5,
    list: ["a", "b"],
    mixed: [1, null],
    nan: Number.NaN,
    half: "a\ud800",
  };
  const span = bridge.tracer().startSpan("span", { attributes });
  span.setAttribute("nested", { a: 1 });
  span.end();
  const [received] = await receiveSpans(bridge, 1);
  expect(received?.attributes).toMatchObject({
    text: "a",
    yes: true,
    whole: 3,
    part: 0.5,
    list: ["a", "b"],
    mixed: [1],
    half: "a\ufffd",
  });
  expect(received?.attributes).not.toHaveProperty("nan");
  expect(received?.attributes).not.toHaveProperty("nested");
});

test("an error status arrives with its message, links with their attributes", async () => {
  const bridge = await start();
  const context = { traceId: TRACE, spanId: "b7ad6b7169203331", traceFlags: 1 };
  const span = bridge.tracer().startSpan("span", { links: [{ context, attributes: { why: "retry" } }] });
  span.setStatus({ code: SpanStatusCode.ERROR, message: "no stock" });
  span.end();
  const [received] = await receiveSpans(bridge, 1);
  expect(received).toMatchObject({ status: "error", attributes: { "sentry.status.message": "no stock" } });
  expect(received?.links).toMatchObject([{ trace_id: TRACE, span_id: "b7ad6b7169203331", sampled: true }]);
});

test("a child learns the route that its request matched after it had ended", async () => {
  const bridge = await start();
  const root = bridge.tracer(HTTP).startSpan("GET", { kind: SERVER, attributes: request });
  const rpc: Parameters<typeof setRPCMetadata>[1] = { type: RPCType.HTTP, span: root };
  const inRoot = setRPCMetadata(trace.setSpan(ROOT_CONTEXT, root), rpc);
  bridge.tracer().startSpan("early", {}, inRoot).end();
  rpc.route = "/late/:id";
  root.end();
  for (const { attributes } of await receiveSpans(bridge, 2)) {
    expect(attributes["sentry.segment.name"]).toBe("GET /late/:id");
  }
});

test("a child that ends after its segment is still sent, with the right segment", async () => {
  const bridge = await start();
  const root = bridge.tracer().startSpan("root", { kind: CONSUMER });
  const child = bridge.tracer().startSpan("late", {}, trace.setSpan(ROOT_CONTEXT, root));
  root.end();
  await receiveSpans(bridge, 1);
  child.end();
  const spans = await receiveSpans(bridge, 2);
  expect(spans.find(({ name }) => name === "late")).toMatchObject({
    isSegment: false,
    parentSpanId: root.spanContext().spanId,
    attributes: { "sentry.segment.id": root.spanContext().spanId },
  });
});

test("with different parents in the two header families, Sentry gets its own", async () => {
  const bridge = await start();
  const headers = {
    traceparent: `00-${TRACE}-${"1".repeat(16)}-01`,
    "sentry-trace": `${TRACE}-${"2".repeat(16)}-1`,
  };
  const from = bridge.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  bridge.tracer().startSpan("root", { kind: SERVER }, from).end();
  const [span] = await receiveSpans(bridge, 1);
  expect(span).toMatchObject({ traceId: TRACE, parentSpanId: "2".repeat(16), isSegment: true });
});

test("an exception on a call is an issue when the application recorded it, not when an instrumentation did", async () => {
  const bridge = await start();
  for (const scope of ["@opentelemetry/instrumentation-pg", "@acme/otel", "shop"]) {
    const span = bridge.tracer(scope).startSpan("query", { kind: SpanKind.CLIENT });
    span.recordException(new Error(`recorded by ${scope}`));
    span.end();
  }
  await receiveSpans(bridge, 3);
  const messages = bridge.receiver.sentry.events.map(({ exceptions }) => exceptions[0]?.value);
  expect(messages).toEqual(["recorded by shop"]);
});

test("of two traces in the headers the one that lost becomes a link", async () => {
  const bridge = await start();
  const other = "4bf92f3577b34da6a3ce929d0e0e4736";
  const headers = {
    traceparent: `00-${TRACE}-${"1".repeat(16)}-01`,
    "sentry-trace": `${other}-${"2".repeat(16)}-1`,
  };
  const from = bridge.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  bridge.tracer().startSpan("root", { kind: SERVER }, from).end();
  const [span] = await receiveSpans(bridge, 1);
  expect(span).toMatchObject({ traceId: TRACE, links: [{ trace_id: other, span_id: "2".repeat(16) }] });
});

test("a continued trace keeps its context, unknown keys included, in the envelope and in outgoing headers", async () => {
  const bridge = await start();
  const dsc = `sentry-trace_id=${TRACE},sentry-public_key=other,sentry-sample_rand=0.1,sentry-strange=yes`;
  const headers = { "sentry-trace": `${TRACE}-${"2".repeat(16)}-1`, baggage: dsc };
  const from = bridge.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const span = bridge.tracer().startSpan("root", { kind: SERVER }, from);
  const sent: Record<string, string> = {};
  bridge.propagator.inject(trace.setSpan(ROOT_CONTEXT, span), sent, {
    set: (to, key, value) => Object.assign(to, { [key]: value }),
  });
  span.end();
  await receiveSpans(bridge, 1);
  expect(sent["baggage"]).toBe(dsc);
  expect(sent["sentry-trace"]).toBe(`${TRACE}-${span.spanContext().spanId}-1`);
  expect(bridge.receiver.sentry.envelopes[0]?.header["trace"]).toEqual({
    trace_id: TRACE,
    public_key: "other",
    sample_rand: "0.1",
    strange: "yes",
  });
});

test("a trace that came by W3C headers alone gets a context of ours", async () => {
  const bridge = await start();
  const headers = { traceparent: `00-${TRACE}-${"1".repeat(16)}-01` };
  const from = bridge.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const span = bridge.tracer().startSpan("root", { kind: SERVER }, from);
  const sent: Record<string, string> = {};
  bridge.propagator.inject(trace.setSpan(ROOT_CONTEXT, span), sent, {
    set: (to, key, value) => Object.assign(to, { [key]: value }),
  });
  span.end();
  expect(sent["baggage"]).toContain(`sentry-trace_id=${TRACE},`);
  expect(sent["baggage"]).toContain("sentry-sample_rand=0.557404");
  expect(sent["baggage"]).toContain("sentry-release=test%401.0.0");
});

test("spans that only OTLP wanted are reported as sample_rate; spans that only Sentry wanted arrive", async () => {
  const none = await start({ sentry: { tracesSampleRate: 0 } });
  none.tracer().startSpan("span").end();
  await none.bridge.shutdown(5_000);
  expect(none.bridge.stats().spans).toEqual({ accepted: 1, delivered: 0, dropped: { sample_rate: 1 } });
  expect(none.receiver.sentry.spans).toEqual([]);
  expect(none.receiver.sentry.clientReports.flatMap(({ discarded }) => discarded)).toContainEqual({
    reason: "sample_rate",
    category: "span",
    quantity: 1,
  });
  await none.close();
  const only = await start({ otlp: new AlwaysOffSampler() });
  const span = only.tracer().startSpan("span");
  span.end();
  expect(span.spanContext().traceFlags).toBe(0);
  await receiveSpans(only, 1);
});

test("with 10% for Sentry and all for OTLP, every span has OTLP's flag and about a tenth arrives", async () => {
  const bridge = await start({ sentry: { tracesSampleRate: 0.1 } });
  for (let index = 0; index < 4_000; index += 1) {
    const span = bridge.tracer().startSpan("root", { kind: SERVER });
    expect(span.spanContext().traceFlags).toBe(1);
    span.end();
  }
  await bridge.bridge.forceFlush(10_000);
  const { accepted, delivered, dropped } = bridge.bridge.stats().spans;
  expect(accepted).toBe(4_000);
  expect(delivered + (dropped["sample_rate"] ?? 0)).toBe(4_000);
  // Six standard deviations either side of 400.
  expect(Math.abs(delivered - 400)).toBeLessThan(114);
  const withSpans = bridge.receiver.sentry.envelopes.filter(({ spans }) => spans.length > 0);
  for (const { header } of withSpans) {
    const { sample_rand: rand, sample_rate: rate } = header["trace"] as Record<string, string>;
    expect(Number(rand)).toBeLessThan(Number(rate));
  }
});

test("174 traces that are flushed at once all arrive, each in an envelope of its own", async () => {
  const bridge = await start();
  for (let index = 0; index < 174; index += 1) {
    const root = bridge.tracer().startSpan("root", { kind: SERVER });
    bridge.tracer().startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root)).end();
    root.end();
  }
  expect(await receiveSpans(bridge, 348)).toHaveLength(348);
  expect(bridge.receiver.sentry.envelopes).toHaveLength(174);
  for (const { header, spans } of bridge.receiver.sentry.envelopes) {
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(
      new Set([(header["trace"] as { trace_id: string }).trace_id]),
    );
  }
  expect(bridge.bridge.stats().spans).toEqual({ accepted: 348, delivered: 348, dropped: {} });
});

test("more than 1,000 spans of one trace go in several envelopes", async () => {
  const bridge = await start();
  const root = bridge.tracer().startSpan("root");
  const inRoot = trace.setSpan(ROOT_CONTEXT, root);
  for (let index = 0; index < 1_500; index += 1) bridge.tracer().startSpan("child", {}, inRoot).end();
  root.end();
  expect(await receiveSpans(bridge, 1_501)).toHaveLength(1_501);
  const sizes = bridge.receiver.sentry.envelopes.map((envelope) => envelope.spans.length);
  expect(sizes.toSorted((a, b) => a - b)).toEqual([501, 1_000]);
});

test("spans that wait for their traces are bounded in bytes: the oldest go at once", async () => {
  const bridge = await start();
  const attributes = { text: "x".repeat(4_000) };
  for (let index = 0; index < 2_500; index += 1) bridge.tracer().startSpan("span", { attributes }).end();
  expect(bridge.bridge.stats().queue.envelopes).toBeGreaterThan(300);
  expect(await receiveSpans(bridge, 2_500)).toHaveLength(2_500);
});

test("a finished trace is sent without a flush", async () => {
  const bridge = await start();
  bridge.tracer().startActiveSpan("span", (span) => span.end());
  await bridge.receiver.waitFor("the span", ({ sentry }) => sentry.spans.length === 1);
  expect(context.active()).toBe(ROOT_CONTEXT);
});

test("a span after the shutdown is counted, not sent", async () => {
  const bridge = await start();
  await bridge.bridge.shutdown(2_000);
  bridge.tracer().startSpan("late").end();
  expect(bridge.bridge.stats().spans).toEqual({ accepted: 1, delivered: 0, dropped: { shutdown: 1 } });
});
