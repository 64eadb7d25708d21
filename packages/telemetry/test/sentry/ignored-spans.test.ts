import { ROOT_CONTEXT, SpanKind, context, defaultTextMapGetter, trace } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";
import type { SentrySpan } from "@tracebridge/receivers";
import { afterEach, expect, test } from "vitest";
import type { SentryHooks } from "../../src/sentry/index.ts";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

type Patterns = NonNullable<SentryHooks["ignoreSpans"]>;

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const { SERVER, CLIENT, PRODUCER, CONSUMER } = SpanKind;
const get = { "http.request.method": "GET" };
let running: TestBridge | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(
  ignoreSpans: Patterns,
  ignoreTransactions: (string | RegExp)[] = [],
): Promise<TestBridge> {
  running = await startTestBridge({ sentry: { hooks: { ignoreSpans }, ignoreTransactions } });
  return running;
}

/** What arrived: each span's name and the name of its parent. */
function readTree(spans: readonly SentrySpan[]): Record<string, string | undefined> {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return Object.fromEntries(
    spans.map(({ name, parentSpanId = "" }) => [
      name,
      names.get(parentSpanId) ?? (parentSpanId || undefined),
    ]),
  );
}

function inside(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

function readHeaders({ propagator }: TestBridge, from: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  propagator.inject(from, headers, { set: (to, key, value) => Object.assign(to, { [key]: value }) });
  return headers;
}

test("the children of spans that are left out belong to the span above them", async () => {
  const bridge = await start(["cache", { op: "db", name: /^find/ }]);
  const root = bridge.tracer().startSpan("root");
  const cache = bridge.tracer().startSpan("ask the cache", {}, inside(root));
  const attributes = {
    "db.system": "mongodb",
    "db.operation": "find",
    "db.mongodb.collection": "order",
  };
  const find = bridge.tracer().startSpan("find", { kind: CLIENT, attributes }, inside(cache));
  bridge.tracer().startSpan("connect", {}, inside(find)).end();
  bridge.tracer().startSpan("step", {}, inside(cache)).end();
  for (const span of [find, cache, root]) span.end();
  await bridge.bridge.shutdown(5_000);
  expect(readTree(bridge.receiver.sentry.spans)).toEqual({ root: undefined, connect: "root", step: "root" });
  expect(bridge.bridge.stats().spans).toEqual({ accepted: 5, delivered: 3, dropped: { ignored: 2 } });
  expect(bridge.receiver.sentry.clientReports.flatMap(({ discarded }) => discarded)).toContainEqual({
    reason: "ignored",
    category: "span",
    quantity: 2,
  });
});

test("a child that is sent before the span above it ends knows already whom it belongs to, and so does a late one", async () => {
  const bridge = await start([{ attributes: { "cache.hit": true, layer: /^l\d$/ } }]);
  const root = bridge.tracer().startSpan("root");
  const attributes = { "cache.hit": true, layer: "l2" };
  const cache = bridge.tracer().startSpan("cache", { attributes }, inside(root));
  bridge.tracer().startSpan("early", {}, inside(cache)).end();
  await bridge.bridge.forceFlush(5_000);
  const late = bridge.tracer().startSpan("late", {}, inside(cache));
  for (const span of [cache, root, late]) span.end();
  await bridge.bridge.forceFlush(5_000);
  expect(readTree(bridge.receiver.sentry.spans)).toEqual({ early: "root", root: undefined, late: "root" });
});

test("headers, errors and logs name the nearest span that Sentry has; traceparent names the span itself", async () => {
  const bridge = await start(["GET host"]);
  const root = bridge.tracer().startSpan("root");
  const attributes = { ...get, "server.address": "host" };
  const call = bridge.tracer().startSpan("GET", { kind: CLIENT, attributes }, inside(root));
  const headers = readHeaders(bridge, inside(call));
  context.with(inside(call), () => bridge.bridge.captureError(new Error("broken")));
  bridge.loggers.getLogger("shop").emit({ body: "calling", context: inside(call) });
  for (const span of [call, root]) span.end();
  await bridge.bridge.forceFlush(5_000);
  const { traceId, spanId } = root.spanContext();
  expect(headers["sentry-trace"]).toBe(`${traceId}-${spanId}-1`);
  expect(headers["traceparent"]).toBe(`00-${traceId}-${call.spanContext().spanId}-01`);
  expect(bridge.receiver.sentry.events).toMatchObject([{ traceId, spanId }]);
  expect(bridge.receiver.sentry.logs).toMatchObject([{ traceId, spanId }]);
});

test("a segment that is left out at its start takes its tree along, and the services further on are told", async () => {
  const bridge = await start([{ op: "http.server", attributes: { "url.path": /^\/static\// } }]);
  const incoming = {
    "sentry-trace": `${TRACE}-${"2".repeat(16)}-1`,
    baggage: `sentry-trace_id=${TRACE},sentry-sampled=true,sentry-sample_rand=0.1`,
    traceparent: `00-${TRACE}-${"2".repeat(16)}-01`,
  };
  const from = bridge.propagator.extract(ROOT_CONTEXT, incoming, defaultTextMapGetter);
  const attributes = { ...get, "url.path": "/static/logo.svg" };
  const root = bridge.tracer().startSpan("GET", { kind: SERVER, attributes }, from);
  const child = bridge.tracer().startSpan("child", {}, inside(root));
  const headers = readHeaders(bridge, inside(child));
  for (const span of [child, root]) span.end();
  const other = { ...get, "url.path": "/order" };
  bridge.tracer().startSpan("GET", { kind: SERVER, attributes: other }).end();
  await bridge.bridge.forceFlush(5_000);
  expect(bridge.receiver.sentry.spans).toHaveLength(1);
  expect(bridge.bridge.stats().spans).toMatchObject({ accepted: 3, dropped: { ignored: 2 } });
  expect(headers["sentry-trace"]).toMatch(/-0$/);
  expect(headers["baggage"]).toContain("sentry-sampled=false");
  expect(headers["traceparent"]).toMatch(/-01$/);
  expect(child.spanContext().traceFlags).toBe(1);
});

test.each<[string, Patterns, (string | RegExp)[]]>([
  ["ignoreSpans", ["/late/:id"], []],
  ["ignoreTransactions", [], [/^GET \/late\/:id$/]],
])(
  "a segment that %s matches by its route is left out when it ends, with what waits of it",
  async (_, spans, transactions) => {
    const bridge = await start(spans, transactions);
    const caller = bridge.tracer().startSpan("caller");
    const from = bridge.propagator.extract(
      ROOT_CONTEXT,
      readHeaders(bridge, inside(caller)),
      defaultTextMapGetter,
    );
    const root = bridge.tracer().startSpan("GET", { kind: SERVER, attributes: get }, from);
    bridge.tracer().startSpan("early", {}, inside(root)).end();
    const late = bridge.tracer().startSpan("late", {}, inside(root));
    root.setAttribute("http.route", "/late/:id");
    for (const span of [root, late, caller]) span.end();
    await bridge.bridge.forceFlush(5_000);
    expect(readTree(bridge.receiver.sentry.spans)).toEqual({ caller: undefined });
    expect(bridge.bridge.stats().spans).toEqual({ accepted: 4, delivered: 1, dropped: { ignored: 3 } });
  },
);

test("spans that were sent before a long segment got its name stay", async () => {
  const bridge = await start([], ["/long"]);
  const root = bridge.tracer().startSpan("GET", { kind: SERVER, attributes: get });
  bridge.tracer().startSpan("early", {}, inside(root)).end();
  await bridge.bridge.forceFlush(5_000);
  root.setAttribute("http.route", "/long").end();
  await bridge.bridge.forceFlush(5_000);
  expect(bridge.receiver.sentry.spans.map(({ name }) => name)).toEqual(["early"]);
  expect(bridge.bridge.stats().spans).toEqual({ accepted: 2, delivered: 1, dropped: { ignored: 1 } });
});

test("the method alone is no name as long as a route may follow", async () => {
  const bridge = await start([/^GET$/], [/^GET$/]);
  bridge
    .tracer()
    .startSpan("GET", { kind: SERVER, attributes: get })
    .setAttribute("http.route", "/order")
    .end();
  bridge.tracer().startSpan("GET", { kind: SERVER, attributes: get }).end();
  await bridge.bridge.forceFlush(5_000);
  expect(bridge.receiver.sentry.spans.map(({ name }) => name)).toEqual(["GET /order"]);
});

test("messages are matched by the name they have in Sentry, whatever the instrumentation calls them", async () => {
  const bridge = await start(["send audit"], ["process jobs"]);
  const of = (routingKey: string) => ({
    "messaging.system": "rabbitmq",
    "messaging.destination": "",
    "messaging.rabbitmq.routing_key": routingKey,
  });
  const kinds = [
    ["publish <default>", PRODUCER, "audit"],
    ["publish <default>", PRODUCER, "jobs"],
    ["jobs process", CONSUMER, "jobs"],
    ["other process", CONSUMER, "other"],
  ] as const;
  for (const [name, kind, key] of kinds)
    bridge
      .tracer()
      .startSpan(name, { kind, attributes: of(key) })
      .end();
  await bridge.bridge.forceFlush(5_000);
  const names = bridge.receiver.sentry.spans.map(({ name }) => name);
  expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual(["process other", "send jobs"]);
});

test("an ignored transaction is no ignored span: children of that name stay", async () => {
  const bridge = await start([], ["audit"]);
  const root = bridge.tracer().startSpan("root");
  bridge.tracer().startSpan("audit", {}, inside(root)).end();
  root.end();
  bridge.tracer().startSpan("audit").end();
  await bridge.bridge.forceFlush(5_000);
  expect(readTree(bridge.receiver.sentry.spans)).toEqual({ audit: "root", root: undefined });
});
