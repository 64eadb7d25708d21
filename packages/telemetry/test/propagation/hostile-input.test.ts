import {
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  defaultTextMapGetter,
  isSpanContextValid,
  propagation,
  trace,
} from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { ParentBasedSampler, SamplingDecision, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InboundRule, TracePropagator, markInbound } from "../../src/propagation/index.ts";
import { createSampler } from "../../src/sampling/index.ts";
import { BridgeTraceState, forStorage } from "../../src/trace-state/index.ts";
import { hostileClasses } from "./hostile-input.ts";

/** Of each class; 79 classes make more than 100,000 inputs. */
const RUNS = 1_300;
const OWN_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const OWN_SPAN = "00f067aa0ba902b7";
const formats = { tracecontext: true, baggage: true, sentry: true };
const create = (trust: "ids" | "none") =>
  new TracePropagator({ formats, inbound: new InboundRule(trust, new Set(["orderId"])) });
const [trusting, careful, closed] = [new TracePropagator({ formats }), create("ids"), create("none")];
/** Nothing is sampled but what a parent forces. */
const sampler = createSampler({
  otlp: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0) }),
  sentry: { tracesSampleRate: 0 },
});

const extract = (propagator: TracePropagator, carrier: unknown): Context =>
  propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);

function store(propagator: TracePropagator, from: Context): Record<string, string> {
  const sent: Record<string, string> = {};
  propagator.inject(forStorage(from), sent, { set: (carrier, key, value) => (carrier[key] = value) });
  return sent;
}

/** Serves the request that `from` was extracted from. */
function serve(from: Context): { decision: SamplingDecision; traceId: string; within: Context } {
  const parent = trace.getSpanContext(from);
  const traceId = parent && isSpanContextValid(parent) ? parent.traceId : OWN_TRACE;
  const { decision, traceState } = sampler.shouldSample(from, traceId, "GET", SpanKind.SERVER, {}, []);
  const traceFlags = decision === SamplingDecision.RECORD_AND_SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const span = { traceId, spanId: OWN_SPAN, traceFlags, ...(traceState && { traceState }) };
  return { decision, traceId, within: trace.setSpanContext(from, span) };
}

/** By hand: a hundred thousand times ten `expect` would take longer than everything they look at. */
function check(condition: boolean, what: string, seen: unknown): void {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

const SHAPES: Readonly<Record<string, RegExp>> = {
  traceparent: /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/,
  tracestate: /^[\x20-\x7e]+$/,
  "sentry-trace": /^[0-9a-f]{32}-[0-9a-f]{16}(-[01])?$/,
  baggage: /^[\t\x20-\x7e]+$/,
};

function checkLimits(sent: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(sent)) check(SHAPES[name]?.test(value) === true, name, value);
  const { baggage = "", tracestate = "" } = sent;
  check(baggage.length <= 8_192, "bytes of baggage", baggage.length);
  check(baggage.split(",").length <= 64, "members of baggage", baggage);
  check(tracestate.split(",").length <= 32, "members of tracestate", tracestate);
}

function checkTrusting(carrier: unknown): void {
  const from = extract(trusting, carrier);
  const sent = store(trusting, from);
  checkLimits(sent);
  checkLimits(store(trusting, serve(from).within));
  const again = store(trusting, extract(trusting, sent));
  check(JSON.stringify(again) === JSON.stringify(sent), "round trip", [sent, again]);
}

/** Our own randomness, as no Sentry client makes more, and a business id. */
const OF_OUTSIDERS =
  /^(sentry-trace_id=[0-9a-f]{32},sentry-sample_rand=0(\.\d{1,6})?(,sentry-sample_rate=0,sentry-sampled=false)?)?(^|,|$)(orderId=[A-Za-z0-9-]{1,64})?$/;

function checkCareful(carrier: unknown): void {
  const from = extract(careful, carrier);
  const { decision, within } = serve(from);
  check(decision === SamplingDecision.NOT_RECORD, "forced sampling", decision);
  const sent = store(careful, within);
  checkLimits(sent);
  check(!("tracestate" in sent), "tracestate of an outsider", sent);
  check(OF_OUTSIDERS.test(sent["baggage"] ?? ""), "baggage of an outsider", sent);
  check(sent["sentry-trace"]?.endsWith("-0") === true, "a decision that is not ours", sent);
}

function checkClosed(carrier: unknown): void {
  const from = extract(closed, carrier);
  const { decision, traceId, within } = serve(from);
  check(decision === SamplingDecision.NOT_RECORD, "forced sampling", decision);
  check(traceId === OWN_TRACE, "a trace that was joined", traceId);
  check(propagation.getBaggage(from) === undefined, "baggage of an outsider", from);
  const state = trace.getSpanContext(within)?.traceState;
  const info = state instanceof BridgeTraceState ? state.info : undefined;
  check(info?.traceId === OWN_TRACE && !info.frozenDsc && state?.serialize() === "", "what is left", info);
}

describe("nothing throws, forces sampling, joins a closed service or goes past the limits, given", () => {
  test.each(hostileClasses)("%s", (_, carriers) => {
    let tried = 0;
    fc.assert(
      fc.property(carriers, (carrier) => {
        // What is no object can be no request's headers.
        const isObject = typeof carrier === "object" && carrier !== null;
        if (isObject) markInbound(carrier);
        checkTrusting(carrier);
        if (isObject) checkCareful(carrier);
        if (isObject) checkClosed(carrier);
        tried += 1;
      }),
      { numRuns: RUNS },
    );
    expect(tried).toBe(RUNS);
  });
});

test("that were at least 60 classes and 100,000 inputs", () => {
  expect(new Set(hostileClasses.map(([name]) => name)).size).toBeGreaterThanOrEqual(60);
  expect(hostileClasses.length * RUNS).toBeGreaterThanOrEqual(100_000);
});
