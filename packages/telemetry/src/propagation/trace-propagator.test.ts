import { ROOT_CONTEXT, defaultTextMapGetter, propagation, trace } from "@opentelemetry/api";
import type { Context, SpanContext, TextMapGetter } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forStorage, readTraceState } from "../trace-state/index.ts";
import { TracePropagator } from "./index.ts";
import type { PropagationFormats, TracePropagatorOptions } from "./index.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const W3C_SPAN = "b7ad6b7169203331";
const SENTRY_SPAN = "00f067aa0ba902b7";
const W3C = `00-${TRACE}-${W3C_SPAN}-01`;
const SENTRY = `${TRACE}-${SENTRY_SPAN}-1`;
const DSC = `sentry-trace_id=${TRACE},sentry-public_key=key,sentry-sample_rand=0.123456,sentry-sampled=true`;
const ALL: PropagationFormats = { tracecontext: true, baggage: true, sentry: true };

type Headers = Readonly<Record<string, unknown>>;

function create(options: Partial<TracePropagatorOptions> = {}): TracePropagator {
  return new TracePropagator({ formats: ALL, ...options });
}

function extract(headers: Headers, propagator = create()): Context {
  return propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

function readParent(headers: Headers, propagator = create()): SpanContext | undefined {
  return trace.getSpanContext(extract(headers, propagator));
}

function inject(from: Context, propagator = create()): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagator.inject(from, carrier, { set: (target, key, value) => Object.assign(target, { [key]: value }) });
  return carrier;
}

/** All that is known travels into a carrier of the application's own. */
function store(from: Context, propagator = create()): Record<string, string> {
  return inject(forStorage(from), propagator);
}

function passThrough(headers: Headers, propagator = create()): Record<string, string> {
  return store(extract(headers, propagator), propagator);
}

describe("which headers are continued", () => {
  test.each([
    ["W3C only", { traceparent: W3C }, W3C_SPAN, 1, undefined],
    ["W3C only, not sampled", { traceparent: `00-${TRACE}-${W3C_SPAN}-00` }, W3C_SPAN, 0, undefined],
    [
      "a later W3C version with more fields",
      { traceparent: `01-${TRACE}-${W3C_SPAN}-01-more` },
      W3C_SPAN,
      1,
      undefined,
    ],
    ["unknown W3C flags", { traceparent: `00-${TRACE}-${W3C_SPAN}-ff` }, W3C_SPAN, 1, undefined],
    ["W3C with space around", { traceparent: ` ${W3C}\t` }, W3C_SPAN, 1, undefined],
    ["Sentry only, sampled", { "sentry-trace": SENTRY }, SENTRY_SPAN, 1, true],
    ["Sentry only, not sampled", { "sentry-trace": `${TRACE}-${SENTRY_SPAN}-0` }, SENTRY_SPAN, 0, false],
    ["Sentry only, deferred", { "sentry-trace": `${TRACE}-${SENTRY_SPAN}` }, SENTRY_SPAN, 1, undefined],
    ["the same sentry-trace twice", { "sentry-trace": `${SENTRY}, ${SENTRY}` }, SENTRY_SPAN, 1, true],
    ["both, of the same trace", { traceparent: W3C, "sentry-trace": SENTRY }, W3C_SPAN, 1, true],
    [
      "both, whose flags disagree",
      { traceparent: W3C, "sentry-trace": `${TRACE}-${SENTRY_SPAN}-0` },
      W3C_SPAN,
      1,
      false,
    ],
  ])("%s", (_, headers, spanId, traceFlags, sampled) => {
    const parent = readParent(headers);
    expect(parent).toMatchObject({ traceId: TRACE, spanId, traceFlags, isRemote: true });
    expect(readTraceState(parent)?.info.sampled).toBe(sampled);
  });

  test.each([
    "garbage",
    "",
    `${"0".repeat(32)}-${SENTRY_SPAN}-1`,
    `${TRACE}-${"0".repeat(16)}-1`,
    TRACE,
    `${TRACE}-${SENTRY_SPAN}-2`,
    `${TRACE}-${SENTRY_SPAN}-1-more`,
    SENTRY.toUpperCase(),
    `${SENTRY},${TRACE}-${W3C_SPAN}-1`,
  ])("sentry-trace %j is ignored and traceparent still used", (sentryTrace) => {
    const parent = readParent({ traceparent: W3C, "sentry-trace": sentryTrace });
    expect(parent?.spanId).toBe(W3C_SPAN);
    expect(readTraceState(parent)?.info).toMatchObject({ sampled: undefined });
    expect(readTraceState(parent)?.info.sentryParentSpanId).toBeUndefined();
    expect(readParent({ "sentry-trace": sentryTrace })).toBeUndefined();
  });

  test.each([
    "garbage",
    "",
    `ff-${TRACE}-${W3C_SPAN}-01`,
    `00-${"0".repeat(32)}-${W3C_SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE}-${W3C_SPAN}-01-more`,
    `00-${TRACE}-${W3C_SPAN}`,
    `00-${TRACE}-${W3C_SPAN}-1`,
    W3C.toUpperCase(),
    `${W3C}, 00-${OTHER_TRACE}-${W3C_SPAN}-01`,
  ])("traceparent %j is ignored and sentry-trace still used", (traceparent) => {
    expect(readParent({ traceparent, "sentry-trace": SENTRY })?.spanId).toBe(SENTRY_SPAN);
    expect(readParent({ traceparent })).toBeUndefined();
  });

  test("two traceparent headers are none", () => {
    expect(readParent({ traceparent: [W3C, `00-${OTHER_TRACE}-${W3C_SPAN}-01`] })).toBeUndefined();
  });

  test("with the same trace and different spans each family keeps its own parent", () => {
    const parent = readParent({ traceparent: W3C, "sentry-trace": SENTRY });
    expect(parent?.spanId).toBe(W3C_SPAN);
    expect(readTraceState(parent)?.info.sentryParentSpanId).toBe(SENTRY_SPAN);
  });

  test("of two traces W3C wins; the other is kept as a link and its context is dropped", () => {
    const dsc = `sentry-trace_id=${OTHER_TRACE},sentry-release=other@1`;
    const headers = { traceparent: W3C, "sentry-trace": `${OTHER_TRACE}-${SENTRY_SPAN}-1`, baggage: dsc };
    const { traceId, traceState } = readParent(headers) ?? {};
    expect(traceId).toBe(TRACE);
    expect(readTraceState(readParent(headers))?.info).toMatchObject({
      sampled: undefined,
      otherParent: { traceId: OTHER_TRACE, spanId: SENTRY_SPAN, traceFlags: 1 },
    });
    expect(passThrough(headers)["baggage"]).toBeUndefined();
    expect(traceState?.serialize()).toBe("");
  });

  test("of two traces Sentry's wins where that is preferred, and W3C's tracestate is dropped", () => {
    const propagator = create({ preferOnConflict: "sentry" });
    const headers = {
      traceparent: W3C,
      tracestate: "foo=1",
      "sentry-trace": `${OTHER_TRACE}-${SENTRY_SPAN}-0`,
    };
    const parent = readParent(headers, propagator);
    expect(parent).toMatchObject({ traceId: OTHER_TRACE, spanId: SENTRY_SPAN });
    expect(parent?.traceState?.serialize()).toBe("");
    expect(readTraceState(parent)?.info.otherParent).toMatchObject({ traceId: TRACE, spanId: W3C_SPAN });
  });

  test("a trace of another organisation is not continued, one without Sentry headers is", () => {
    const dsc = { readDsc: () => undefined, isTrustedOrganization: (orgId?: string) => orgId === "1" };
    const propagator = create({ dsc });
    const from = (orgId: string) => ({ "sentry-trace": SENTRY, baggage: `${DSC},sentry-org_id=${orgId}` });
    expect(readParent(from("1"), propagator)?.traceId).toBe(TRACE);
    expect(readParent(from("2"), propagator)).toBeUndefined();
    expect(readParent({ traceparent: W3C }, propagator)?.traceId).toBe(TRACE);
  });
});

describe("what is passed on", () => {
  test("a pure pass-through changes nothing", () => {
    const headers = {
      traceparent: W3C,
      tracestate: "vendor=1,other@x=2",
      "sentry-trace": `${TRACE}-${SENTRY_SPAN}`,
      baggage: `sentry-trace_id=${TRACE},sentry-sample_rand=0.5,sentry-unknown_key=kept,orderId=o-1;property=1`,
    };
    expect(passThrough(headers)).toEqual(headers);
  });

  test("sentry-trace without a context invents none", () => {
    expect(passThrough({ "sentry-trace": SENTRY })["baggage"]).toBeUndefined();
  });

  test("traceparent carries OTLP's flag and sentry-trace Sentry's", () => {
    const headers = { traceparent: W3C, "sentry-trace": `${TRACE}-${SENTRY_SPAN}-0` };
    expect(passThrough(headers)).toEqual(headers);
  });

  test.each(["02", "03"])(
    "the random flag of traceparent (%s) goes through, its unknown flags do not",
    (flags) => {
      const headers = { traceparent: `00-${TRACE}-${W3C_SPAN}-${flags}` };
      expect(passThrough(headers)).toMatchObject(headers);
      const unknown = { traceparent: `00-${TRACE}-${W3C_SPAN}-f${flags[1]}` };
      expect(passThrough(unknown)).toMatchObject(headers);
    },
  );

  test("nothing is injected while tracing is suppressed", () => {
    expect(store(suppressTracing(extract({ traceparent: W3C, baggage: "orderId=1" })))).toEqual({});
  });

  test("baggage travels without a trace", () => {
    expect(passThrough({ baggage: "orderId=o-1" })).toEqual({ baggage: "orderId=o-1" });
  });

  test.each([
    ["tracecontext", { traceparent: W3C, tracestate: "a=1" }, ["traceparent", "tracestate"]],
    ["baggage", { baggage: "orderId=1" }, ["baggage"]],
    ["sentry", { "sentry-trace": SENTRY, baggage: DSC }, ["baggage", "sentry-trace"]],
  ] as const)("only %s when the other formats are off", (format, expected, fields) => {
    const formats = { tracecontext: false, baggage: false, sentry: false, [format]: true };
    const propagator = create({ formats });
    const baggage = format === "sentry" ? DSC : "orderId=1";
    const headers = { traceparent: W3C, tracestate: "a=1", "sentry-trace": SENTRY, baggage };
    expect(passThrough(headers, propagator)).toEqual(expected);
    expect(propagator.fields()).toEqual(fields);
  });

  test("a carrier that takes nothing is left alone", () => {
    const setter = {
      set: () => {
        throw new TypeError("frozen");
      },
    };
    expect(() => create().inject(extract({ traceparent: W3C }), {}, setter)).not.toThrow();
  });
});

describe("baggage", () => {
  test("several headers merge, bad members are skipped, metadata is kept", () => {
    const headers = { traceparent: W3C, baggage: ["a=1,=2,b", "c=%E0%A4%A,d=4;p=x;q", "a=9, e = 5 "] };
    expect(passThrough(headers)["baggage"]).toBe("a=1,d=4;p=x;q,e=5");
  });

  test("at most 64 members are sent, Sentry's first", () => {
    const many = Array.from({ length: 100 }, (_, index) => `k${index}=v`).join(",");
    const members =
      passThrough({ "sentry-trace": SENTRY, baggage: `${many},${DSC}` })["baggage"]?.split(",") ?? [];
    expect(members).toHaveLength(64);
    expect(members.slice(0, 4).join(",")).toBe(DSC);
  });

  test("at most 8,192 bytes are sent, Sentry's first, and a member that still fits is kept", () => {
    const long = `long=${"x".repeat(8_100)}`;
    const baggage = passThrough({ "sentry-trace": SENTRY, baggage: `${long},small=1,${DSC}` })["baggage"];
    expect(baggage).toBe(`${DSC},small=1`);
  });

  test("a member cannot end the header", () => {
    const entries = { "a\r\nb": { value: "1\r\nx: y" }, "c(d)": { value: "ü", metadata: unsafeMetadata() } };
    const from = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries));
    expect(store(from)["baggage"]).toBe("a%0D%0Ab=1%0D%0Ax%3A%20y,c%28d%29=%C3%BC");
  });

  test("Sentry members that the application put into baggage are not sent as ours", () => {
    const entries = { "sentry-release": { value: "forged" }, orderId: { value: "1" } };
    const from = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries));
    expect(store(from)["baggage"]).toBe("orderId=1");
  });

  test("a member named like a prototype is a member like any other", () => {
    expect(passThrough({ baggage: "__proto__=1,constructor=2" })["baggage"]).toBe(
      "__proto__=1,constructor=2",
    );
    expect(Object.prototype).not.toHaveProperty("1");
  });
});

// Hostile headers have a table of their own: test/propagation/hostile-input.ts.
describe("odd carriers", () => {
  test("any baggage of the application is sent within the limits, as a legal header", () => {
    const entries = fc.dictionary(
      fc.string({ unit: "binary" }),
      fc.record({ value: fc.string({ unit: "binary" }) }),
    );
    fc.assert(
      fc.property(entries, (all) => {
        const from = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(all));
        const { baggage = "" } = store(from);
        expect(baggage).toMatch(/^[\x21-\x7e]*$/);
        expect(baggage.length).toBeLessThanOrEqual(8_192);
      }),
    );
  });

  test("AMQP headers of any type are read or ignored", () => {
    expect(readParent({ traceparent: Buffer.from(W3C) })?.spanId).toBe(W3C_SPAN);
    expect(readParent({ traceparent: 42, "sentry-trace": { "!": "timestamp", value: 1 } })).toBeUndefined();
    expect(readParent({ traceparent: [Buffer.from(W3C)] })?.traceId).toBe(TRACE);
  });

  test("a getter that throws counts as no header", () => {
    const getter: TextMapGetter = {
      keys: () => [],
      get: () => {
        throw new Error("no such table");
      },
    };
    expect(create().extract(ROOT_CONTEXT, {}, getter)).toBe(ROOT_CONTEXT);
  });
});

function unsafeMetadata() {
  return { toString: () => "p=1,injected=2" } as never;
}
