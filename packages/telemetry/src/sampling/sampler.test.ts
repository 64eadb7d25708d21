import { ROOT_CONTEXT, SpanKind, TraceFlags, defaultTextMapGetter, trace } from "@opentelemetry/api";
import type { Attributes, Context } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { TracePropagator } from "../propagation/index.ts";
import { BridgeTraceState } from "../trace-state/index.ts";
import { createFindRule, createSampler } from "./index.ts";
import type { SamplerOptions } from "./index.ts";
import type { SamplingRule } from "./rules.ts";

const { NOT_RECORD, RECORD, RECORD_AND_SAMPLED } = SamplingDecision;
const TRACE = "0af7651916cd43dd8448eb211c80319c"; // its number is 0.557405
const SPAN = "b7ad6b7169203331";
const propagator = new TracePropagator({ formats: { tracecontext: true, baggage: true, sentry: true } });
const on = new AlwaysOnSampler();
const off = new AlwaysOffSampler();
const parentBased = new ParentBasedSampler({ root: on });

interface Asked {
  readonly headers?: Record<string, string>;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly from?: Context;
  readonly traceId?: string;
}

interface Options extends SamplerOptions {
  readonly rules?: readonly SamplingRule[];
}

function sample({ rules, ...options }: Options, asked: Asked = {}) {
  const { headers = {}, kind = SpanKind.SERVER, attributes = {}, traceId = TRACE } = asked;
  const from = asked.from ?? propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const sampler = createSampler({ ...options, ...(rules && { findRule: createFindRule(rules) }) });
  const result = sampler.shouldSample(from, traceId, "GET", kind, attributes, []);
  const state = result.traceState instanceof BridgeTraceState ? result.traceState : undefined;
  return { decision: result.decision, state, info: state?.info, segment: state?.segment };
}

test.each([
  ["both back ends", { otlp: on, sentry: { tracesSampleRate: 1 } }, RECORD_AND_SAMPLED],
  ["OTLP only", { otlp: on, sentry: { tracesSampleRate: 0 } }, RECORD_AND_SAMPLED],
  ["OTLP without Sentry", { otlp: on }, RECORD_AND_SAMPLED],
  ["Sentry only", { otlp: off, sentry: { tracesSampleRate: 1 } }, RECORD],
  ["Sentry without OTLP", { sentry: { tracesSampleRate: 1 } }, RECORD],
  ["neither", { otlp: off, sentry: { tracesSampleRate: 0 } }, NOT_RECORD],
  ["no back end at all", {}, NOT_RECORD],
  ["no back end but errors", { recordForErrors: true }, RECORD],
  ["OTLP declines but errors", { otlp: off, recordForErrors: true }, RECORD],
])("%s", (_, options, decision) => {
  expect(sample(options).decision).toBe(decision);
});

test.each([
  ["-1", 0, true],
  ["-0", 1, false],
])("a decision in sentry-trace (%s) is followed whatever the rate", (flag, tracesSampleRate, sampled) => {
  const headers = { "sentry-trace": `${TRACE}-${SPAN}${flag}` };
  const { info, segment } = sample({ sentry: { tracesSampleRate } }, { headers });
  expect(info?.sampled).toBe(sampled);
  expect(segment).toMatchObject({ sentry: sampled });
  expect(segment?.localSampleRate).toBeUndefined();
});

test.each([
  ["W3C only", { traceparent: `00-${TRACE}-${SPAN}-01` }],
  ["W3C only, not sampled", { traceparent: `00-${TRACE}-${SPAN}-00` }],
  ["a deferred sentry-trace", { "sentry-trace": `${TRACE}-${SPAN}` }],
  ["no headers", {}],
])("with %s the decision is taken here, from the trace id, the same in every service", (_, headers) => {
  const { info, segment } = sample({ sentry: { tracesSampleRate: 0.6 } }, { headers });
  expect(info).toMatchObject({ sampled: true, sampleRate: 0.6 });
  expect(segment?.localSampleRate).toBe(0.6);
  expect(sample({ sentry: { tracesSampleRate: 0.5 } }, { headers }).info?.sampled).toBe(false);
});

test("the number in the incoming context decides, and the decision is added to a context that had none", () => {
  const baggage = `sentry-trace_id=${TRACE},sentry-sample_rand=0.950000,sentry-release=a`;
  const headers = { "sentry-trace": `${TRACE}-${SPAN}`, baggage };
  const { info } = sample({ sentry: { tracesSampleRate: 0.9 } }, { headers });
  expect(info).toMatchObject({ sampled: false, sampleRand: 0.95 });
  expect(info?.frozenDsc).toEqual({
    trace_id: TRACE,
    release: "a",
    sample_rand: "0.950000",
    sample_rate: "0.9",
    sampled: "false",
  });
});

test("flags that disagree are followed each by its own back end", () => {
  const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, "sentry-trace": `${TRACE}-${SPAN}-0` };
  const { decision, segment } = sample({ otlp: parentBased, sentry: { tracesSampleRate: 1 } }, { headers });
  expect(decision).toBe(RECORD_AND_SAMPLED);
  expect(segment).toMatchObject({ otlp: true, sentry: false });
});

test("a parent that left the decision open does not force OTLP to record", () => {
  const otlp = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0) });
  const deferred = { "sentry-trace": `${TRACE}-${SPAN}` };
  expect(sample({ otlp }, { headers: deferred }).segment?.otlp).toBe(false);
  const sampled = { traceparent: `00-${TRACE}-${SPAN}-01` };
  expect(sample({ otlp }, { headers: sampled }).segment?.otlp).toBe(true);
});

test.each(["/health", "/healthz", "/ready", "/readiness", "/metrics", "/health/", "/metrics?format=text"])(
  "%s is sampled nowhere, not even for a sampled parent",
  (path) => {
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, "sentry-trace": `${TRACE}-${SPAN}-1` };
    const options = { otlp: on, sentry: { tracesSampleRate: 1 }, recordForErrors: true };
    const attributes = { "url.path": path };
    const { decision, info } = sample(options, { headers, attributes });
    expect(decision).toBe(NOT_RECORD);
    expect(info?.sampled).toBe(false);
    expect(sample(options, { headers, attributes: { "http.target": path } }).decision).toBe(NOT_RECORD);
  },
);

test.each([
  ["another path", SpanKind.SERVER, "/healthy"],
  ["a path below", SpanKind.SERVER, "/health/report"],
  ["a call to a health path", SpanKind.CLIENT, "/health"],
])("%s is no health probe", (_, kind, path) => {
  const attributes = { "url.path": path };
  expect(sample({ otlp: on }, { kind, attributes }).decision).toBe(RECORD_AND_SAMPLED);
});

test("children inherit both decisions and stay in their segment, also below a span that is not recorded", () => {
  for (const otlp of [on, off]) {
    const options = { otlp, sentry: { tracesSampleRate: 0 } };
    const root = sample(options);
    const spanContext = {
      traceId: TRACE,
      spanId: SPAN,
      traceFlags: TraceFlags.NONE,
      ...(root.state && { traceState: root.state }),
    };
    const from = trace.setSpanContext(ROOT_CONTEXT, spanContext);
    const child = sample({ otlp: on, sentry: { tracesSampleRate: 1 } }, { from, kind: SpanKind.INTERNAL });
    expect(child.decision).toBe(root.decision);
    expect(child.state).toBeUndefined();
  }
});

const checkout = { "http.request.method": "POST", "url.path": "/checkout" };

test("a rule sets the rate of each back end that it names, the others keep theirs", () => {
  const rules = [
    { path: "/checkout", sentry: 1 },
    { path: "/search", otlp: 0 },
  ];
  const options = { otlp: on, sentry: { tracesSampleRate: 0 }, rules };
  const found = sample(options, { attributes: checkout });
  expect(found.decision).toBe(RECORD_AND_SAMPLED);
  expect(found.segment).toMatchObject({ otlp: true, sentry: true, localSampleRate: 1 });
  expect(found.info?.sampleRate).toBe(1);
  const other = sample(options, { attributes: { ...checkout, "url.path": "/search" } });
  expect(other.segment).toMatchObject({ otlp: false, sentry: false, localSampleRate: 0 });
});

test("a rule sets no rate for a back end that gets no spans", () => {
  const rules = [{ sentry: 1, otlp: 1 }];
  expect(sample({ rules }).decision).toBe(NOT_RECORD);
  expect(sample({ otlp: off, rules }).segment).toMatchObject({ otlp: true, sentry: false });
  expect(sample({ sentry: { tracesSampleRate: 0 }, rules }).segment).toMatchObject({
    otlp: false,
    sentry: true,
  });
});

test("what a parent has decided comes before the rules, each back end's own", () => {
  const rules = [{ sentry: 0, otlp: 0 }];
  const options = { otlp: parentBased, sentry: { tracesSampleRate: 0 }, rules };
  const both = { traceparent: `00-${TRACE}-${SPAN}-01`, "sentry-trace": `${TRACE}-${SPAN}-1` };
  expect(sample(options, { headers: both }).segment).toMatchObject({ otlp: true, sentry: true });
  const w3c = { traceparent: both.traceparent };
  expect(sample(options, { headers: w3c }).segment).toMatchObject({ otlp: true, sentry: false });
  const deferred = { "sentry-trace": `${TRACE}-${SPAN}` };
  expect(sample(options, { headers: deferred }).segment).toMatchObject({ otlp: false, sentry: false });
});

test("a rule's rate for OTLP takes the traces that a ratio sampler of this rate takes", () => {
  const byRule = { otlp: off, rules: [{ otlp: 0.3 }] };
  const byRatio = new TraceIdRatioBasedSampler(0.3);
  let taken = 0;
  for (let index = 0; index < 1_000; index += 1) {
    const traceId = (index * 2_654_435_761).toString(16).padStart(32, "0");
    const expected = byRatio.shouldSample(ROOT_CONTEXT, traceId).decision;
    const { decision } = sample(byRule, { traceId });
    expect(decision).toBe(expected);
    if (decision === RECORD_AND_SAMPLED) taken += 1;
  }
  expect(taken).toBeGreaterThan(200);
  expect(taken).toBeLessThan(400);
});

test("the rate of a rule decides with the number that came with the trace, and stands in its context", () => {
  const baggage = `sentry-trace_id=${TRACE},sentry-sample_rand=0.250000`;
  const headers = { "sentry-trace": `${TRACE}-${SPAN}`, baggage };
  const options = { sentry: { tracesSampleRate: 0.1 }, rules: [{ path: "/checkout", sentry: 0.5 }] };
  const { info } = sample(options, { headers, attributes: checkout });
  expect(info).toMatchObject({ sampled: true, sampleRate: 0.5 });
  expect(info?.frozenDsc).toMatchObject({ sample_rate: "0.5", sampled: "true" });
});

test("a health probe is sampled nowhere, whatever a rule says", () => {
  const options = { otlp: on, sentry: { tracesSampleRate: 1 }, rules: [{ sentry: 1, otlp: 1 }] };
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    const attributes = { "http.request.method": method, "url.path": "/health" };
    expect(sample(options, { attributes }).decision).toBe(NOT_RECORD);
  }
});

test("what Sentry is to ignore is not sampled for it, also below a sampled parent, and OTLP has it all the same", () => {
  const sentry = { tracesSampleRate: 1, ignores: ({ name }: { name: string }) => name === "GET" };
  const baggage = `sentry-trace_id=${TRACE},sentry-sampled=true`;
  const headers = { "sentry-trace": `${TRACE}-${SPAN}-1`, baggage };
  const { info, segment } = sample({ otlp: on, sentry }, { headers });
  expect(segment).toMatchObject({ otlp: true, sentry: false, sentryIgnored: true });
  expect(info).toMatchObject({ sampled: false, frozenDsc: { sampled: "false" } });
  expect(sample({ sentry }, { headers }).decision).toBe(NOT_RECORD);
});

test("members of other vendors survive a segment start", () => {
  const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "vendor=1" };
  expect(sample({ otlp: on }, { headers }).state?.serialize()).toBe("vendor=1");
});

test("without Sentry spans an undecided trace stays undecided", () => {
  const headers = { "sentry-trace": `${TRACE}-${SPAN}` };
  expect(sample({ otlp: on }, { headers }).info?.sampled).toBeUndefined();
});

test("a pattern that throws ignores nothing", () => {
  const ignores = (): boolean => {
    throw new Error("broken");
  };
  expect(sample({ sentry: { tracesSampleRate: 1, ignores } }).segment).toMatchObject({ sentry: true });
});

test("a sampler of the user that throws costs the span, not the request", () => {
  const otlp = {
    shouldSample: () => {
      throw new Error("broken");
    },
    toString: () => "Broken",
  };
  expect(sample({ otlp }).decision).toBe(NOT_RECORD);
});
