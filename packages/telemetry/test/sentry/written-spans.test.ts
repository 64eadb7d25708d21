import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentrySpan } from "@tracebridge/receivers";
import { afterEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let running: TestBridge | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function receive(work: (bridge: TestBridge) => void): Promise<readonly SentrySpan[]> {
  running = await startTestBridge({ sentry: { attributes: { team: "shop" } } });
  work(running);
  await running.bridge.forceFlush(5_000);
  const { spans } = running.receiver.sentry;
  await running.close();
  running = undefined;
  return spans;
}

/** A request with a user, an error, a link, and texts that JSON has to escape. */
function runRequest(bridge: TestBridge): void {
  const http = bridge.tracer("@opentelemetry/instrumentation-http");
  const attributes = {
    "http.request.method": "POST",
    "http.route": "/orders/:id",
    "client.address": "203.0.113.9",
    "service.name": "own",
    "text.quoted": 'a "quoted" \\ path\n\u0001\u2028 ünï 漢字 \ud83d\ude00',
    "list.mixed": ["a", "\ud800"],
    "number.large": 1e21,
    "number.part": -0.25,
  };
  const link = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
  const links = [{ context: link, attributes: { why: 'a "retry"' } }];
  const root = http.startSpan("POST", { kind: SpanKind.SERVER, attributes, links }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, root), () => {
    Sentry.setUser({ id: "u-1", username: "eve" });
    Sentry.getCurrentScope().setAttributes({ team: "billing", "service.name": "scope", "scope.own": 7 });
    const child = bridge.tracer("@opentelemetry/instrumentation-mongodb").startSpan("find", {
      kind: SpanKind.CLIENT,
      attributes: {
        "db.system.name": "mongodb",
        "db.operation.name": "find",
        "db.collection.name": "orders",
      },
    });
    child.setStatus({ code: SpanStatusCode.ERROR, message: "no \u0000 stock" });
    child.end();
  });
  root.end();
}

const VOLATILE = /^(app|device)\.|^sentry\.segment\.id$/;

function describeSpan({ name, status, isSegment, attributes, links }: SentrySpan) {
  const lasting = Object.entries(attributes).filter(([key]) => !VOLATILE.test(key));
  return { name, status, isSegment, links, attributes: Object.fromEntries(lasting) };
}

test("a span reads the same whether or not somebody hooks into spans", async () => {
  const plain = await receive(runRequest);
  const hooked = await receive((bridge) => {
    Sentry.getClient()?.on("processSpan", () => {});
    runRequest(bridge);
  });
  expect(plain).toHaveLength(2);
  expect(hooked.map(describeSpan)).toEqual(plain.map(describeSpan));
});

test("what a span says itself goes before what its scopes say, and that before what the service says", async () => {
  const spans = await receive(runRequest);
  const segment = spans.find(({ isSegment }) => isSegment);
  const child = spans.find(({ isSegment }) => !isSegment);
  expect(segment?.attributes).toMatchObject({ "service.name": "own" });
  expect(segment?.attributes).not.toHaveProperty("client.address");
  expect(child).toMatchObject({ name: "find orders", status: "error" });
  expect(child?.attributes).toMatchObject({
    team: "billing",
    "service.name": "test-service",
    "scope.own": 7,
    "user.id": "u-1",
    "user.name": "eve",
    "sentry.op": "db",
    "sentry.origin": "auto.db.mongo",
    "sentry.status.message": "no \u0000 stock",
    "sentry.segment.name": "POST /orders/:id",
  });
});

test("texts of every kind arrive as they were, and half a character as a sign for it", async () => {
  const spans = await receive(runRequest);
  const segment = spans.find(({ isSegment }) => isSegment);
  expect(segment?.attributes).toMatchObject({
    "text.quoted": 'a "quoted" \\ path\n\u0001\u2028 ünï 漢字 \ud83d\ude00',
    "list.mixed": ["a", "\ufffd"],
    "number.large": 1e21,
    "number.part": -0.25,
  });
  expect(segment?.links).toMatchObject([{ attributes: { why: { value: 'a "retry"', type: "string" } } }]);
});

test("times arrive to the nanosecond as far as a number holds them, and odd ones as well", async () => {
  const spans = await receive((bridge) => {
    bridge
      .tracer()
      .startSpan("exact", { startTime: [1_700_000_000, 7] })
      .end([1_700_000_000, 999_999_999]);
    bridge
      .tracer()
      .startSpan("odd", { startTime: [1_700_000_000, 0.5] })
      .end([1_700_000_000, 1_500_000_000]);
  });
  expect(spans).toMatchObject([
    {
      name: "exact",
      startTimestamp: Number("1700000000.000000007"),
      endTimestamp: Number("1700000000.999999999"),
    },
    { name: "odd", startTimestamp: 1_700_000_000, endTimestamp: 1_700_000_001.5 },
  ]);
});

test("who listens for envelopes sees those of spans as objects", async () => {
  const seen: unknown[] = [];
  const spans = await receive((bridge) => {
    Sentry.getClient()?.on("beforeEnvelope", (envelope) => seen.push(structuredClone(envelope)));
    bridge.tracer().startSpan("listened").end();
  });
  expect(spans).toHaveLength(1);
  expect(seen).toMatchObject([
    [
      { trace: { trace_id: spans[0]?.traceId } },
      [
        [
          { type: "span", item_count: 1 },
          { version: 2, items: [{ name: "listened" }] },
        ],
      ],
    ],
  ]);
});

test("spans of several traces that fill the same pages again and again arrive with their own texts", async () => {
  const spans = await receive((bridge) => {
    const roots = ["a", "b", "c"].map((name) => bridge.tracer().startSpan(name, {}, ROOT_CONTEXT));
    for (let round = 0; round < 4; round += 1) {
      for (let index = 0; index < 240; index += 1) {
        const [root] = roots.slice(index % 3);
        const name = `${round}-${index}`;
        const attributes = { own: name.repeat(300), large: index === 7 ? "ä".repeat(300_000) : "" };
        if (root) {
          bridge.tracer().startSpan(name, { attributes }, trace.setSpan(ROOT_CONTEXT, root)).end();
        }
      }
      // Pages that are empty by now are written to again.
      void bridge.bridge.forceFlush(5_000);
    }
    for (const root of roots) root.end();
  });
  expect(spans).toHaveLength(4 * 240 + 3);
  const children = spans.filter(({ name }) => name.includes("-"));
  expect(children.filter(({ name, attributes }) => attributes["own"] !== name.repeat(300))).toEqual([]);
  expect(children.filter(({ attributes }) => attributes["large"] === "ä".repeat(300_000))).toHaveLength(4);
  expect(new Set(children.map(({ name }) => name)).size).toBe(960);
});

test("a listener for envelopes that throws costs its spans, which are counted, and nothing else", async () => {
  running = await startTestBridge();
  Sentry.getClient()?.on("beforeEnvelope", () => {
    throw new Error("broken listener");
  });
  running.tracer().startSpan("lost").end();
  await running.bridge.forceFlush(2_000);
  expect(running.bridge.stats().spans).toEqual({
    accepted: 1,
    delivered: 0,
    dropped: { internal_sdk_error: 1 },
  });
});

test("an attribute of a scope with the address of a client stays away from a server span", async () => {
  const spans = await receive((bridge) => {
    const span = bridge.tracer().startSpan("GET", { kind: SpanKind.SERVER }, ROOT_CONTEXT);
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
      const attributes = {
        "network.peer.address": "203.0.113.9",
        "os.name": "own",
        "url.full": "http://own/",
      };
      Sentry.getIsolationScope().setAttributes(attributes);
      Sentry.getIsolationScope().setSDKProcessingMetadata({
        normalizedRequest: Object.freeze({ url: "http://h/first?token=1", method: "GET" }),
      });
    });
    span.end();
  });
  expect(spans).toHaveLength(1);
  expect(spans[0]?.attributes).not.toHaveProperty("network.peer.address");
  // Each key once: an object that is read from JSON would hide the first of two.
  expect(spans[0]?.attributes).toMatchObject({ "os.name": "own", "url.full": "http://own/" });
});

test("a span that hooks have made too large is left without its links, and its envelope is whole", async () => {
  const spans = await receive((bridge) => {
    Sentry.getClient()?.on("processSpan", () => {});
    const link = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    bridge
      .tracer()
      .startSpan("large", {
        links: [{ context: link }],
        attributes: { list: Array.from({ length: 25_000 }, () => 1) },
      })
      .end();
    bridge.tracer().startSpan("small").end();
  });
  expect(spans.map(({ name }) => name).toSorted()).toEqual(["large", "small"]);
});

test("spans whose segment has a long name are sent in envelopes that Sentry takes", async () => {
  running = await startTestBridge();
  const root = running.tracer().startSpan("n".repeat(8_000), {}, ROOT_CONTEXT);
  for (let index = 0; index < 900; index += 1) {
    running.tracer().startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root)).end();
  }
  root.end();
  await running.bridge.forceFlush(5_000);
  const { envelopes, spans } = running.receiver.sentry;
  expect(spans).toHaveLength(901);
  expect(envelopes.length).toBeGreaterThan(1);
});
