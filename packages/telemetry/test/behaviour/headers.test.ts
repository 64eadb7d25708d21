import { beforeAll, expect, test } from "vitest";
import { passRequests } from "./pass-requests.ts";
import type { Passed } from "./pass-requests.ts";

const W3C_SPAN = "b7ad6b7169203331";
const SENTRY_SPAN = "00f067aa0ba902b7";
const OTHER = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: SENTRY_SPAN };
/** Stands for a trace id of each request's own. */
const T = "{trace}";
const w3c = `traceparent: 00-${T}-${W3C_SPAN}-01`;
const sentry = `sentry-trace: ${T}-${SENTRY_SPAN}-1`;
const dsc = `sentry-trace_id=${T},sentry-public_key=other,sentry-sample_rand=0.25,sentry-sampled=true,sentry-strange=yes`;

const requests: Record<string, string[]> = {
  "/w3c": [w3c, "tracestate: vendor=1,other@x=2"],
  "/sentry-1": [sentry, `baggage: ${dsc}`],
  "/sentry-0": [`sentry-trace: ${T}-${SENTRY_SPAN}-0`],
  "/deferred": [`sentry-trace: ${T}-${SENTRY_SPAN}`],
  "/two-spans": [w3c, sentry],
  "/two-traces": [
    w3c,
    `sentry-trace: ${OTHER.traceId}-${OTHER.spanId}-1`,
    `baggage: sentry-trace_id=${OTHER.traceId},sentry-release=theirs`,
  ],
  "/disagree": [w3c, `sentry-trace: ${T}-${SENTRY_SPAN}-0`],
  "/twice": [sentry, sentry],
  "/baggage": [
    w3c,
    "baggage: a=1,=2,b",
    "baggage: c=%E0%A4%A,d=4;p=x;q",
    `baggage: long=${"x".repeat(8_100)}`,
  ],
  "/long": [sentry, `baggage: long=${"x".repeat(8_100)},small=1,${dsc}`],
};

let look: (path: string) => Passed;
beforeAll(async () => {
  look = await passRequests(requests);
});

const dscOf = ({ traceId }: Passed): string => dsc.replace(T, traceId);

/** The headers name the span that called, with the flag of each back end. */
function expectFlags(
  { headers, callingSpanId, traceId }: Passed,
  otlp: "01" | "00",
  toSentry: "-1" | "-0" | "",
): void {
  expect(callingSpanId).toBeDefined();
  expect(headers["traceparent"]).toBe(`00-${traceId}-${callingSpanId}-${otlp}`);
  expect(headers["sentry-trace"]).toBe(`${traceId}-${callingSpanId}${toSentry}`);
}

test("W3C headers alone are continued, and Sentry's decision is taken here and sent on", () => {
  const passed = look("/w3c");
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN });
  expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN });
  expectFlags(passed, "01", "-1");
  expect(passed.dsc).toMatchObject({ trace_id: passed.traceId, release: "ours@1", sample_rand: "0.557404" });
});

test("tracestate of others goes on, and nothing of ours is in it", () => {
  const passed = look("/w3c");
  expect(passed.headers["tracestate"]).toBe("vendor=1,other@x=2");
  expect(passed.otlp?.traceState).toBe("vendor=1,other@x=2");
  expect(look("/sentry-1").headers).not.toHaveProperty("tracestate");
});

test("sentry-trace alone is continued at both back ends when its flag is 1", () => {
  const passed = look("/sentry-1");
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
  expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
  expectFlags(passed, "01", "-1");
});

test("sentry-trace alone with the flag 0 is recorded nowhere and goes on as it is", () => {
  const { sentry: segment, otlp, headers, traceId } = look("/sentry-0");
  expect([segment, otlp]).toEqual([undefined, undefined]);
  expect(headers["sentry-trace"]).toMatch(new RegExp(`^${traceId}-[0-9a-f]{16}-0$`));
  expect(headers["traceparent"]).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
});

test("a sentry-trace without a flag is decided here, and then has one", () => {
  const passed = look("/deferred");
  expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
  expectFlags(passed, "01", "-1");
});

test("a service that sends Sentry no spans passes a sentry-trace without a flag on without a flag", async () => {
  const lookThere = await passRequests(
    { "/deferred": requests["/deferred"] ?? [] },
    { env: { OTEL_TRACES_EXPORTER: "otlp" } },
  );
  const passed = lookThere("/deferred");
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
  expectFlags(passed, "01", "");
  expect(passed.headers).not.toHaveProperty("baggage");
});

test("of one trace with two parents OTLP gets that of traceparent and Sentry that of sentry-trace", () => {
  const passed = look("/two-spans");
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN });
  expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
});

test("of two traces W3C's wins, the context of the other is not sent on, and the other is a link", () => {
  const passed = look("/two-traces");
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN, links: [OTHER] });
  expect(passed.sentry).toMatchObject({
    traceId: passed.traceId,
    parentSpanId: W3C_SPAN,
    links: [{ trace_id: OTHER.traceId, span_id: OTHER.spanId }],
  });
  expect(passed.headers["baggage"]).toContain(`sentry-trace_id=${passed.traceId}`);
  expect(passed.headers["baggage"]).not.toContain("theirs");
});

test("the option turns it round: of two traces Sentry's wins, and W3C's is a link", async () => {
  const lookThere = await passRequests(
    { "/two-traces": [...(requests["/two-traces"] ?? []), "tracestate: vendor=1"] },
    { preload: new URL("start-preferring-sentry.ts", import.meta.url) },
  );
  const passed = lookThere("/two-traces");
  for (const span of [passed.otlp, passed.sentry])
    expect(span).toMatchObject({ traceId: OTHER.traceId, parentSpanId: OTHER.spanId });
  expect(passed.otlp?.links).toMatchObject([{ traceId: passed.traceId, spanId: W3C_SPAN }]);
  expect(passed.headers["baggage"]).toContain("sentry-release=theirs");
  expect(passed.headers).not.toHaveProperty("tracestate");
});

test("flags that disagree: recorded for OTLP, not for Sentry, and both go on as they came", () => {
  const passed = look("/disagree");
  expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN });
  expect(passed.sentry).toBeUndefined();
  expectFlags(passed, "01", "-0");
});

test("the same sentry-trace twice is one", () => {
  const passed = look("/twice");
  expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN });
});

test("several baggage headers become one, without broken members and with their metadata", () => {
  const members = look("/baggage").headers["baggage"]?.split(",") ?? [];
  const own = members.filter((member) => !member.startsWith("sentry-"));
  expect(own).toEqual(["a=1", "d=4;p=x;q"]);
});

test("at most 8,192 bytes of baggage go on, Sentry's members first", () => {
  const passed = look("/long");
  expect(passed.headers["baggage"]).toBe(`${dscOf(passed)},small=1`);
  for (const path of Object.keys(requests))
    expect(Buffer.byteLength(look(path).headers["baggage"] ?? "")).toBeLessThanOrEqual(8_192);
});

test("the sampling context of a continued trace goes on unchanged and is in the envelope, unknown keys too", () => {
  const passed = look("/sentry-1");
  expect(passed.headers["baggage"]).toBe(dscOf(passed));
  expect(passed.dsc).toEqual({
    trace_id: passed.traceId,
    public_key: "other",
    sample_rand: "0.25",
    sampled: "true",
    strange: "yes",
  });
});

test("a sentry-trace without a sampling context gets no release, environment or transaction of ours", () => {
  const { headers, dsc: sent, sentry: segment } = look("/twice");
  expect(segment).toBeDefined();
  expect(`${headers["baggage"]}${JSON.stringify(sent)}`).not.toMatch(/release|environment|transaction/);
});
