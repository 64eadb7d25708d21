import { ROOT_CONTEXT, TraceFlags, defaultTextMapGetter, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { BridgeTraceState, forStorage, readTraceState } from "../trace-state/index.ts";
import type { Reach } from "../trace-state/index.ts";
import { TracePropagator } from "./index.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const W3C_SPAN = "b7ad6b7169203331";
const W3C = `00-${TRACE}-${W3C_SPAN}-01`;
const SENTRY = `${TRACE}-00f067aa0ba902b7-1`;
const DSC = `sentry-trace_id=${TRACE},sentry-public_key=key,sentry-sample_rand=0.123456,sentry-sampled=true`;

const create = ({ hasTargets = false } = {}): TracePropagator =>
  new TracePropagator({ formats: { tracecontext: true, baggage: true, sentry: true }, hasTargets });

function extract(carrier: Record<string, string>): Context {
  return create().extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
}

function inject(context: Context, propagator = create()): Record<string, string> {
  const sent: Record<string, string> = {};
  propagator.inject(context, sent, {
    set: (carrier, key, value) => Object.assign(carrier, { [key]: value }),
  });
  return sent;
}

const headers = {
  traceparent: W3C,
  tracestate: "a=1",
  "sentry-trace": SENTRY,
  baggage: `${DSC},orderId=o-1`,
};
const from = extract(headers);
const state = readTraceState(trace.getSpanContext(from));
const calling = (reach: Reach): Context =>
  trace.setSpanContext(from, {
    traceId: TRACE,
    spanId: W3C_SPAN,
    traceFlags: TraceFlags.NONE,
    ...(state && { traceState: state.withReach(reach) }),
  });
const withoutIds = ["baggage", "sentry-trace", "traceparent", "tracestate"];
const keysOf = (sent: Record<string, string>): string[] => Object.keys(sent).toSorted();

test("a call to a named receiver carries everything, also when it is not recorded", () => {
  for (const hasTargets of [true, false]) {
    expect(inject(calling("all"), create({ hasTargets }))["baggage"]).toBe(headers.baggage);
  }
});

test("a call carries the trace and Sentry's members where there is no list", () => {
  const sent = inject(calling("trace"));
  expect(keysOf(sent)).toEqual(withoutIds);
  expect(sent["baggage"]).toBe(DSC);
});

test("a call to a receiver that is not named carries nothing", () => {
  expect(inject(calling("none"), create({ hasTargets: true }))).toEqual({});
});

test("an injection that belongs to no call carries the trace without a list, and nothing with one", () => {
  expect(inject(from)["baggage"]).toBe(DSC);
  expect(inject(from, create({ hasTargets: true }))).toEqual({});
  expect(inject(extract({ baggage: "orderId=o-1" }))).toEqual({});
});

test("a carrier of the application's own carries everything, whatever the list says", () => {
  expect(inject(forStorage(calling("none")), create({ hasTargets: true }))["baggage"]).toBe(headers.baggage);
});

test("a changed tracestate keeps who may be told", () => {
  const changed = state?.withReach("none").set("b", "2");
  expect(changed?.serialize()).toBe("b=2,a=1");
  expect(changed instanceof BridgeTraceState && changed.reach).toBe("none");
});
