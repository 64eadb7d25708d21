import { beforeAll, expect, test } from "vitest";
import { passRequests } from "./pass-requests.ts";
import type { Passed } from "./pass-requests.ts";

const W3C_SPAN = "b7ad6b7169203331";
const SENTRY_SPAN = "00f067aa0ba902b7";
/** Stands for a trace id of each request's own. */
const T = "{trace}";

const badSentryTraces: Record<string, string[]> = {
  garbage: ["garbage"],
  nothing: [""],
  "a zero trace id": [`${"0".repeat(32)}-${SENTRY_SPAN}-1`],
  "a zero span id": [`${T}-${"0".repeat(16)}-1`],
  "a trace id alone": [T],
  "flag 2": [`${T}-${SENTRY_SPAN}-2`],
  "parts behind the flag": [`${T}-${SENTRY_SPAN}-1-more`],
  "upper case": [`${T}-${SENTRY_SPAN}-1`.toUpperCase()],
  "two values that differ": [`${T}-${SENTRY_SPAN}-1`, `${T}-${W3C_SPAN}-1`],
};
const badTraceparents: Record<string, string[]> = {
  garbage: ["garbage"],
  "version ff": [`ff-${T}-${W3C_SPAN}-01`],
  "a zero trace id": [`00-${"0".repeat(32)}-${W3C_SPAN}-01`],
  "a part behind version 00": [`00-${T}-${W3C_SPAN}-01-more`],
  "no flags": [`00-${T}-${W3C_SPAN}`],
  "two values that differ": [`00-${T}-${W3C_SPAN}-01`, `00-4bf92f3577b34da6a3ce929d0e0e4736-${W3C_SPAN}-01`],
};
const pathOf = (family: string, title: string): string => `/${family}/${title.replaceAll(" ", "-")}`;
const write = (name: string, values: readonly string[]): string[] =>
  values.map((value) => `${name}: ${value}`);

let look: (path: string) => Passed;
beforeAll(async () => {
  const requests: Record<string, string[]> = {};
  for (const [title, values] of Object.entries(badSentryTraces)) {
    const good = `traceparent: 00-${T}-${W3C_SPAN}-01`;
    requests[pathOf("sentry-trace", title)] = [good, ...write("sentry-trace", values)];
  }
  for (const [title, values] of Object.entries(badTraceparents)) {
    const good = `sentry-trace: ${T}-${SENTRY_SPAN}-1`;
    requests[pathOf("traceparent", title)] = [good, ...write("traceparent", values)];
  }
  look = await passRequests(requests);
});

test.each(Object.keys(badSentryTraces))(
  "a sentry-trace of %s is ignored, and traceparent is used",
  (title) => {
    const passed = look(pathOf("sentry-trace", title));
    expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN, links: [] });
    expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: W3C_SPAN, links: [] });
  },
);

test.each(Object.keys(badTraceparents))(
  "a traceparent of %s is ignored, and sentry-trace is used",
  (title) => {
    const passed = look(pathOf("traceparent", title));
    expect(passed.otlp).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN, links: [] });
    expect(passed.sentry).toMatchObject({ traceId: passed.traceId, parentSpanId: SENTRY_SPAN, links: [] });
  },
);
