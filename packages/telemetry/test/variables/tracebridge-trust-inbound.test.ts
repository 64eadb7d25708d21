import { describe, expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";
import { runOrderFlow } from "../run-order-flow.ts";
import { runEdge } from "../propagation/run-edge.ts";
import type { EdgeRun } from "../propagation/run-edge.ts";

const SPAN = "b7ad6b7169203331";
/** A caller who asks for everything: to be sampled, and to be believed. */
const greedy = {
  traceparent: `00-TRACE-${SPAN}-01`,
  tracestate: "vendor=1",
  "sentry-trace": `TRACE-${SPAN}-1`,
  baggage:
    "orderId=order-1,tenant=acme,user.id=root,requestId=mine,sentry-trace_id=TRACE,sentry-public_key=forged," +
    "sentry-sample_rand=0,sentry-sample_rate=1,sentry-sampled=true,sentry-release=forged",
};
const w3cOnly = { traceparent: greedy.traceparent };
const sentryOnly = { "sentry-trace": greedy["sentry-trace"], baggage: greedy.baggage };
const declining = { traceparent: `00-TRACE-${SPAN}-00`, "sentry-trace": `TRACE-${SPAN}-0` };
const each = [greedy, w3cOnly, sentryOnly, declining].map((headers) => [headers, 1] as const);
const trust = (value: string) => ({ TRACEBRIDGE_TRUST_INBOUND: value });

const servers = (edge: EdgeRun) => edge.run.receiver.otlp.spans.filter(({ kind }) => kind === "server");
const segments = (edge: EdgeRun) => edge.run.receiver.sentry.spans.filter(({ isSegment }) => isSegment);
const joined = (edge: EdgeRun) => edge.handled.map(({ traceId, chosenTraceId }) => traceId === chosenTraceId);

describe.each(["http", "express", "fastify"])("on a server of %s", (framework) => {
  const env = { FIXTURE_FRAMEWORK: framework };

  test("unset, everything is followed and passed on", async () => {
    const edge = await runEdge(each, env);
    expect(joined(edge)).toEqual([true, true, true, true]);
    const [everything] = edge.handled;
    expect(everything?.ids).toMatchObject({ orderId: "order-1", "user.id": "root" });
    expect(everything?.sends["tracestate"]).toBe("vendor=1");
    expect(everything?.sends["baggage"]).toContain("sentry-release=forged");
    expect(everything?.sends["baggage"]).toContain("tenant=acme");
    expect(servers(edge)).toHaveLength(3);
    expect(edge.run.warnings).toEqual([]);
  });

  test("TRACEBRIDGE_TRUST_INBOUND=ids follows the ids, and keeps business ids alone of what outsiders say", async () => {
    const edge = await runEdge(each, { ...env, ...trust("ids") });
    expect(joined(edge)).toEqual([true, true, true, true]);
    const [everything, , sentry, declined] = edge.handled;
    for (const handled of [everything, sentry]) {
      expect(handled?.ids).toEqual({ orderId: "order-1" });
      expect(Object.keys(handled?.sends ?? {}).toSorted()).toEqual([
        "baggage",
        "sentry-trace",
        "traceparent",
      ]);
      expect(handled?.sends["baggage"]).toMatch(/sentry-public_key=public.*,orderId=order-1$/);
      expect(handled?.sends["baggage"]).not.toMatch(/forged|acme|root|mine|sample_rand=0,/);
    }
    expect(servers(edge)).toMatchObject([
      { traceId: everything?.traceId, parentSpanId: SPAN },
      { parentSpanId: SPAN },
      { parentSpanId: SPAN },
    ]);
    expect(segments(edge).map(({ parentSpanId }) => parentSpanId)).toEqual([SPAN, SPAN, SPAN]);
    expect(declined?.sends).toMatchObject({
      traceparent: expect.stringMatching(/-00$/),
      "sentry-trace": expect.stringMatching(/-0$/),
    });
  });

  test("TRACEBRIDGE_TRUST_INBOUND=none starts a trace of its own, which links to the stranger's", async () => {
    const edge = await runEdge(each, { ...env, ...trust("none") });
    expect(joined(edge)).toEqual([false, false, false, false]);
    expect(servers(edge).map(({ parentSpanId, links }) => ({ parentSpanId, links }))).toMatchObject(
      edge.handled.map(({ chosenTraceId }) => ({
        parentSpanId: undefined,
        links: [{ traceId: chosenTraceId, spanId: SPAN }],
      })),
    );
    const own = new Set(edge.handled.map(({ traceId }) => traceId));
    expect(new Set(segments(edge).map(({ traceId }) => traceId))).toEqual(own);
    expect(new Set(edge.run.receiver.sentry.events.map(({ traceId }) => traceId))).toEqual(own);
    for (const { ids, sends } of edge.handled) {
      expect(ids).toEqual({});
      expect(sends["baggage"]).not.toMatch(/forged|acme|orderId/);
    }
  });
});

/** Within six standard deviations of a tenth: chance leaves them once in a hundred million runs. */
const isATenthOf = (all: number) => (count: number) => Math.abs(count - all / 10) < 6 * Math.sqrt(all * 0.09);
const tenth = {
  SENTRY_TRACES_SAMPLE_RATE: "0.1",
  OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
  OTEL_TRACES_SAMPLER_ARG: "0.1",
  TRACEBRIDGE_ERRORS: "off",
};

test.each(["ids", "none"])(
  "with %s, 1,000 chosen trace ids that ask to be sampled are sampled at our rates",
  async (level) => {
    const edge = await runEdge([[greedy, 1_000]], { ...tenth, ...trust(level) });
    expect(edge.handled).toHaveLength(1_000);
    expect(new Set(joined(edge))).toEqual(new Set([level === "ids"]));
    expect(servers(edge).length).toSatisfy(isATenthOf(1_000));
    expect(segments(edge).length).toSatisfy(isATenthOf(1_000));
    const flags = edge.handled.map(({ sends }) => sends["sentry-trace"]?.endsWith("-1"));
    expect(flags.filter(Boolean)).toHaveLength(segments(edge).length);
    // What is sent on agrees with what was decided: a number below the rate, or not.
    for (const { sends } of edge.handled) {
      const number = Number(/sentry-sample_rand=([\d.]+)/.exec(sends["baggage"] ?? "")?.[1]);
      expect(number < 0.1).toBe(sends["sentry-trace"]?.endsWith("-1"));
    }
  },
);

test("unset, they are all sampled: that is what trust means", async () => {
  const edge = await runEdge([[greedy, 100]], tenth);
  expect(servers(edge)).toHaveLength(100);
  expect(segments(edge)).toHaveLength(100);
});

test("a sampler that looks at the trace id alone cannot be fooled either", async () => {
  const edge = await runEdge([[greedy, 400]], {
    ...tenth,
    ...trust("ids"),
    OTEL_TRACES_SAMPLER: "traceidratio",
  });
  expect(servers(edge).length).toSatisfy(isATenthOf(400));
});

test("an edge without Sentry hands fresh randomness to the services behind it, which may have Sentry", async () => {
  const edge = await runEdge([[greedy, 3]], { ...trust("ids"), SENTRY_DSN: "" });
  const sent = edge.handled.map(({ sends }) => sends["baggage"] ?? "");
  for (const baggage of sent) {
    expect(baggage).toMatch(
      /^sentry-trace_id=[0-9a-f]{32},sentry-sample_rand=0(\.\d{1,6})?,orderId=order-1$/,
    );
  }
  expect(new Set(sent.map((baggage) => baggage.split(",")[1])).size).toBeGreaterThan(1);
});

test("a caller may ask not to be sampled, and is not", async () => {
  const edge = await runEdge([[declining, 20]], { ...trust("ids") });
  expect(joined(edge)).not.toContain(false);
  expect(servers(edge)).toEqual([]);
  expect(segments(edge)).toEqual([]);
});

test.each([
  ["ids", true],
  ["none", false],
])(
  "with %s, requests over HTTP/2, which only Fastify reads, are trusted no more",
  async (level, isJoined) => {
    const edge = await runEdge([[greedy, 3]], { ...trust(level), FIXTURE_FRAMEWORK: "http2" });
    expect(joined(edge)).toEqual([isJoined, isJoined, isJoined]);
    for (const { sends } of edge.handled) expect(JSON.stringify(sends)).not.toMatch(/forged|acme|vendor/);
  },
);

test("a stored context is the service's own, whatever the setting", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const carrier = { traceparent: `00-${traceId}-${SPAN}-01`, baggage: "orderId=order-9" };
  const { report } = await runFixture((to) => ({
    ...toOtlp(to),
    ...trust("none"),
    FIXTURE_CARRIER: JSON.stringify(carrier),
    FIXTURE_IDS: "{}",
  }));
  expect(report.seen[0]?.traceId).toBe(traceId);
  expect(report.seen[0]?.carrier["baggage"]).toBe("orderId=order-9");
});

test("a value that is none of the three is told once, and the default is used", async () => {
  const edge = await runEdge([[greedy, 1]], trust("nobody"));
  expect(edge.run.warnings).toEqual([
    expect.stringMatching(
      /TRACEBRIDGE_TRUST_INBOUND="nobody": unknown value; allowed: all, ids, none\. Using the default all/,
    ),
  ]);
  expect(joined(edge)).toEqual([true]);
});

test("messages continue their trace whatever the setting, while a request starts a new one", async () => {
  const { receiver } = await runOrderFlow((to) => ({ ...toOtlp(to), ...trust("none") }));
  const { spans } = receiver.otlp;
  const [send, consume] = ["producer", "consumer"].map((kind) => spans.find((span) => span.kind === kind));
  expect(consume).toMatchObject({ traceId: send?.traceId, parentSpanId: send?.spanId });
  expect(consume?.attributes["orderId"]).toBe("4111111111111111");
  const requests = spans.filter(({ kind }) => kind === "server");
  expect(requests).toHaveLength(2);
  for (const { links, parentSpanId } of requests) {
    expect(parentSpanId).toBeUndefined();
    expect(spans.map(({ spanId }) => spanId)).toContain(links[0]?.spanId);
  }
});
