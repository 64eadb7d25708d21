import type { OtlpSpan } from "@tracebridge/receivers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toBoth, toOtlp } from "../fixture-process.ts";
import { openPageHost, startPageHost } from "./open-page-host.ts";
import type { OpenedPage, PageHost } from "./open-page-host.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

/** Sentry's members of the baggage, decoded. */
function readDsc({ meta }: OpenedPage): Record<string, string> {
  const members = (meta["baggage"] ?? "").split(",").map((member) => member.split("="));
  return Object.fromEntries(members.map(([key = "", value = ""]) => [key, decodeURIComponent(value)]));
}

/** The span with this id, and those above it. */
function readPathToRoot(spans: readonly OtlpSpan[], spanId: string | undefined): readonly OtlpSpan[] {
  const span = spans.find((candidate) => candidate.spanId === spanId);
  return span ? [span, ...readPathToRoot(spans, span.parentSpanId)] : [];
}

describe.each([
  ["express", ["internal", "server"]],
  ["fastify", ["internal", "internal", "server"]],
  ["node", ["server"]],
])("in %s", (framework, kinds) => {
  test("the page is told the trace of the span that rendered it, in both families and with Sentry's sampling context", async () => {
    const host = await openPageHost({
      env: (to) => ({ ...toBoth(to), SENTRY_RELEASE: "web@1", FIXTURE_FRAMEWORK: framework }),
    });
    const page = await host.open();
    expect(await host.end()).toBe(0);
    const { otlp, sentry } = host.receiver;
    const rendering = page.meta["traceparent"]?.split("-")[2];
    // Frameworks have spans of their own below that of the request.
    const path = readPathToRoot(otlp.spans, rendering);
    const span = path[0];
    expect(path.map(({ kind }) => kind)).toEqual(kinds);
    expect(page.meta["traceparent"]).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
    const sentrySpan = sentry.spans.find(({ spanId }) => spanId === rendering);
    expect(page.meta["sentry-trace"]).toBe(`${sentrySpan?.traceId}-${sentrySpan?.spanId}-1`);
    expect(readDsc(page)).toMatchObject({
      "sentry-trace_id": span?.traceId,
      "sentry-public_key": "public",
      "sentry-release": "web@1",
      "sentry-sampled": "true",
    });
    expect(host.warnings).toEqual([]);
  });
});

describe("to whatever comes with a request", () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost();
  });
  afterAll(() => host.close());

  test("a trace that came with the request goes on into the page, with the sampling context it came with", async () => {
    const page = await host.open({
      traceparent: TRACEPARENT,
      "sentry-trace": `${TRACE}-${PARENT}-0`,
      baggage: `sentry-trace_id=${TRACE},sentry-environment=far%20away,sentry-sample_rand=0.25,sentry-sampled=false`,
    });
    expect(page.meta["traceparent"]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(page.meta["sentry-trace"]).toMatch(new RegExp(`^${TRACE}-[0-9a-f]{16}-0$`));
    expect(readDsc(page)).toEqual({
      "sentry-trace_id": TRACE,
      "sentry-environment": "far away",
      "sentry-sample_rand": "0.25",
      "sentry-sampled": "false",
    });
  });

  test.each([
    ["markup", '"><script>alert(1)</script>'],
    ["single quotes", "' onload='alert(1)"],
    ["entities", "&quot;&#60;"],
    ["control characters", "a\u0000\r\n\u001b[31mb"],
    ["line separators", "a\u2028b\u2029c"],
    ["a comment", "<!--<script>"],
  ])("a sampling context with %s is one text of the tag, and nothing of it is markup", async (_, value) => {
    const page = await host.open({
      "sentry-trace": `${TRACE}-${PARENT}-1`,
      baggage: `sentry-trace_id=${TRACE},sentry-environment=${encodeURIComponent(value)}`,
    });
    expect(readDsc(page)["sentry-environment"]).toBe(value);
    expect(page.html.match(/<[a-z!/]+/g)).toEqual(
      "<!doctype <head <meta <meta <meta <script </script </head <title </title".split(" "),
    );
    expect(page.html.replaceAll(/[\x20-\x7e]/g, "")).toBe("");
  });
});

test("ids and the baggage of others stay out of the page, also where requests to named receivers carry them", async () => {
  for (const targets of [undefined, '["https://api.test/"]', "[]"]) {
    const host = await openPageHost({
      env: (to) => ({
        ...toBoth(to),
        ...(targets !== undefined && { TRACEBRIDGE_PROPAGATION_TARGETS: targets }),
      }),
    });
    const page = await host.open({ baggage: "orderId=bob,tenant=acme,requestId=r-1" });
    expect(page.meta["baggage"]).toMatch(/^sentry-/);
    expect(Object.keys(readDsc(page)).filter((key) => !key.startsWith("sentry-"))).toEqual([]);
    expect(page.meta["traceparent"]).toMatch(/^00-/);
  }
});

test("names with markup in the configuration end no element, and arrive as they are", async () => {
  const name = `</script><!--<script>&\u2028\u2029'"`;
  const host = await openPageHost({
    env: (to) => ({ ...toOtlp(to), TRACEBRIDGE_BROWSER_SERVICE_NAME: name, SENTRY_ENVIRONMENT: name }),
  });
  const page = await host.open();
  expect(page.config).toMatchObject({ serviceName: name, environment: name });
  expect(page.html.match(/<\/?script/g)).toEqual(["<script", "</script"]);
  expect(page.html).not.toMatch(/[\u2028\u2029]|<!--/);
});

test("only the families that are switched on are told", async () => {
  const host = await openPageHost({ env: (to) => ({ ...toBoth(to), OTEL_PROPAGATORS: "tracecontext" }) });
  expect(Object.keys((await host.open()).meta)).toEqual(["traceparent"]);
});

test("with telemetry off the head is empty, and what pages send is nobody's", async () => {
  const host = await openPageHost({ env: (to) => ({ ...toBoth(to), OTEL_SDK_DISABLED: "true" }) });
  const { html } = await host.open();
  expect(html).toBe("<!doctype html><head></head><title>page</title>");
  expect((await host.post("/tb/e", "{}")).status).toBe(404);
});

test("a DSN with a path keeps it, and its secret part is told to no page", async () => {
  const host = await openPageHost({
    env: (to) => ({
      SENTRY_DSN: to.dsn.replace("public@", "public:hidden_part@").replace(/\/1$/, "/prefix/1"),
    }),
  });
  const { html, config } = await host.open();
  expect(config?.sentry?.dsn).toBe(host.receiver.dsn.replace(/\/1$/, "/prefix/1"));
  expect(html).not.toContain("hidden_part");
});
