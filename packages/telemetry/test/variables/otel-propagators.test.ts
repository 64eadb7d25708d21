import { expect, test } from "vitest";
import { runFixture, toBoth, toOtlp } from "../fixture-process.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const carrier = {
  traceparent: `00-${traceId}-${spanId}-01`,
  "sentry-trace": `${traceId}-${spanId}-1`,
  baggage: `orderId=order-9,sentry-trace_id=${traceId},sentry-sample_rand=0.5`,
};
const incoming = { FIXTURE_CARRIER: JSON.stringify(carrier), FIXTURE_IDS: "{}" };

test("unset, W3C headers, baggage and Sentry's headers are read and sent", async () => {
  const { receiver, report } = await runFixture((to) => ({ ...toBoth(to), ...incoming }));
  expect(report.seen[0]?.traceId).toBe(traceId);
  expect(report.seen[0]?.carrier).toMatchObject({
    traceparent: expect.stringContaining(traceId) as unknown,
    "sentry-trace": expect.stringContaining(traceId) as unknown,
    baggage: expect.stringContaining("orderId=order-9") as unknown,
  });
  expect(receiver.otlp.spans.map((span) => span.attributes["orderId"])).toEqual([
    "order-9",
    "order-9",
    "order-9",
  ]);
});

test("OTEL_PROPAGATORS=tracecontext knows W3C headers only", async () => {
  const { receiver, report } = await runFixture((to) => ({
    ...toBoth(to),
    ...incoming,
    OTEL_PROPAGATORS: "tracecontext",
  }));
  expect(Object.keys(report.seen[0]?.carrier ?? {})).toEqual(["traceparent"]);
  expect(receiver.otlp.spans[0]?.attributes).not.toHaveProperty("orderId");
});

test("OTEL_PROPAGATORS=sentry continues a trace by sentry-trace alone", async () => {
  const { report } = await runFixture((to) => ({ ...toBoth(to), ...incoming, OTEL_PROPAGATORS: "sentry" }));
  expect(report.seen[0]?.traceId).toBe(traceId);
  expect(report.seen[0]?.carrier).not.toHaveProperty("traceparent");
  expect(report.seen[0]?.carrier).toHaveProperty("sentry-trace");
});

test("OTEL_PROPAGATORS=none reads and sends nothing", async () => {
  const { report } = await runFixture((to) => ({ ...toOtlp(to), ...incoming, OTEL_PROPAGATORS: "none" }));
  expect(report.seen[0]?.traceId).not.toBe(traceId);
  expect(report.seen[0]?.carrier).toEqual({});
});

test("an unknown propagator is told once and left out", async () => {
  const { report, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    ...incoming,
    OTEL_PROPAGATORS: "b3,tracecontext",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_PROPAGATORS="b3,tracecontext": unknown "b3"; allowed:'),
  ]);
  expect(report.seen[0]?.traceId).toBe(traceId);
});

test("of headers that name two traces W3C wins, and the other becomes one link, also without Sentry", async () => {
  const other = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
  const torn = { ...carrier, "sentry-trace": `${other.traceId}-${other.spanId}-1`, baggage: "" };
  for (const to of [toOtlp, toBoth]) {
    const { receiver } = await runFixture((address) => ({
      ...to(address),
      FIXTURE_CARRIER: JSON.stringify(torn),
    }));
    const links = receiver.otlp.spans.flatMap((span) => span.links.map((link) => [span.name, link]));
    expect(links).toMatchObject([["GET /work", other]]);
    expect(new Set(receiver.otlp.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  }
});
