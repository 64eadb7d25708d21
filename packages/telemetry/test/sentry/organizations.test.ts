import { ROOT_CONTEXT, SpanKind, defaultTextMapGetter, trace } from "@opentelemetry/api";
import { afterEach, expect, test } from "vitest";
import type { SentryHooks } from "../../src/sentry/index.ts";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";
const w3c = { traceparent: `00-${TRACE}-${SPAN}-01` };
const sentry = { "sentry-trace": `${TRACE}-${SPAN}-1` };
const from = (orgId: string) => ({
  ...sentry,
  baggage: `sentry-trace_id=${TRACE},sentry-public_key=key,sentry-org_id=${orgId}`,
});
const own: SentryHooks = { orgId: 1 };
const strict: SentryHooks = { orgId: 1, strictTraceContinuation: true };
const unknown: SentryHooks = { strictTraceContinuation: true };

let started: TestBridge | undefined;
afterEach(() => started?.close());

/** Serves one request with these headers; returns the trace that Sentry received. */
async function serve(hooks: SentryHooks, headers: Record<string, string>) {
  started = await startTestBridge({ sentry: { hooks } });
  const { propagator, receiver, bridge } = started;
  const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const span = started.tracer().startSpan("GET", { kind: SpanKind.SERVER }, parent);
  const sent: Record<string, string> = {};
  propagator.inject(trace.setSpan(ROOT_CONTEXT, span), sent, {
    set: (carrier, key, value) => Object.assign(carrier, { [key]: value }),
  });
  span.end();
  await bridge.forceFlush(5_000);
  return { span: receiver.sentry.spans[0], baggage: sent["baggage"] };
}

test.each([
  ["a trace of the same organisation", own, from("1")],
  ["a trace whose organisation is not told", own, sentry],
  ["a trace with W3C headers only", own, w3c],
  ["also strictly, a trace of the same organisation", strict, from("1")],
  ["also strictly, a trace of which both ends know no organisation", unknown, sentry],
  ["also strictly, a trace with W3C headers only, which is nobody's", strict, w3c],
])("%s is continued", async (_, hooks, headers) => {
  const { span } = await serve(hooks, headers);
  expect(span).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
});

test.each([
  ["of another organisation", own, from("2")],
  ["of another organisation, with W3C headers beside it", own, { ...w3c, ...from("2") }],
  ["strictly, of another organisation", strict, from("2")],
  ["strictly, whose organisation is not told", strict, sentry],
  ["strictly, of an organisation when we do not know ours", unknown, from("1")],
])("a trace %s is not continued: a new one starts, in our name", async (_, hooks, headers) => {
  const { span, baggage } = await serve(hooks, headers);
  expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(span?.traceId).not.toBe(TRACE);
  expect(span).not.toHaveProperty("parentSpanId");
  expect(baggage).toContain(`sentry-trace_id=${span?.traceId}`);
  expect(baggage).not.toContain("sentry-org_id=2");
});

test("services further on are told our organisation", async () => {
  const { baggage } = await serve(own, {});
  expect(baggage).toContain("sentry-org_id=1");
});
