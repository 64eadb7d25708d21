import type { SentrySpan } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import { createBrowserBench, PARENT_ID, TRACE_ID, writeMetaTags } from "./bench.ts";
import { hidePage, readSentrySpan, waitForEntry } from "./sentry-bench.ts";

const bench = createBrowserBench();
const DSC_OF_META = {
  trace_id: TRACE_ID,
  public_key: "public",
  sampled: "true",
  sample_rand: "0.5",
  sample_rate: "1",
};

test("a page load is a segment below the server's span, and its parts are below it", async () => {
  await bench.open({ meta: writeMetaTags() });
  const load = await readSentrySpan(bench, "/");
  const document = await readSentrySpan(bench, "document fetch");
  const script = await readSentrySpan(bench, "/main.js");
  expect(load).toMatchObject({
    traceId: TRACE_ID,
    parentSpanId: PARENT_ID,
    isSegment: true,
    op: "pageload",
    attributes: {
      "sentry.origin": "auto.pageload.browser",
      "sentry.segment.name": "/",
      "sentry.segment.name.source": "url",
      "sentry.trace_lifecycle": "stream",
      "sentry.sdk.name": "sentry.javascript.browser",
      "sentry.environment": "test",
      "sentry.release": "page@1.0.0",
      "sentry.is_localhost": true,
      "service.name": "page",
      "user_agent.original": expect.stringContaining("Chrome"),
      "culture.locale": "en-US",
      "browser.web_vital.ttfb.value": expect.any(Number),
      "browser.web_vital.fcp.value": expect.any(Number),
      "browser.navigation.type": "navigate",
    },
  });
  const below = { traceId: TRACE_ID, parentSpanId: load.spanId, isSegment: false };
  expect(document).toMatchObject({ ...below, op: "browser.request" });
  expect(script).toMatchObject({
    ...below,
    op: "resource.script",
    attributes: { "sentry.origin": "auto.resource.browser.metrics", "sentry.segment.id": load.spanId },
  });
});

test("an envelope of spans names the project and the trace as the server told it", async () => {
  await bench.open({ meta: writeMetaTags() });
  await readSentrySpan(bench, "/");
  const [envelope] = bench.receiver.sentry.envelopes;
  expect(envelope?.header).toMatchObject({
    dsn: bench.receiver.dsn,
    trace: DSC_OF_META,
    sdk: { name: "sentry.javascript.browser" },
  });
  expect(envelope?.requestHeaders).toMatchObject({ "content-type": "application/x-sentry-envelope" });
  expect(envelope?.requestHeaders).not.toHaveProperty("sentry-trace");
  expect(envelope?.requestHeaders).not.toHaveProperty("traceparent");
});

test("a page without meta tags is the head of its trace", async () => {
  await bench.open();
  const { traceId } = await readSentrySpan(bench, "/");
  expect(bench.receiver.sentry.envelopes.map(({ header }) => header["trace"])).toContainEqual({
    trace_id: traceId,
    public_key: "public",
    release: "page@1.0.0",
    environment: "test",
    sampled: "true",
    sample_rate: "1",
    sample_rand: expect.stringMatching(/^0(?:\.\d{1,6})?$/),
  });
});

test("a click is a segment of its own, with its request below it, and both back ends name them alike", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      void fetch("/api/status/404", { method: "POST" });
    });
  });
  await page.click("#buy");
  const click = await readSentrySpan(bench, "click button#buy");
  const request = await readSentrySpan(bench, "POST /api/status/:id");
  const load = await readSentrySpan(bench, "/");
  expect(click).toMatchObject({
    traceId: TRACE_ID,
    parentSpanId: load.spanId,
    isSegment: true,
    op: "ui.action.click",
    attributes: { "sentry.origin": "auto.ui.browser.interaction" },
  });
  expect(request).toMatchObject({
    parentSpanId: click.spanId,
    isSegment: false,
    op: "http.client",
    status: "error",
    attributes: {
      "sentry.origin": "auto.http.browser",
      "sentry.kind": "client",
      "sentry.status.message": "not_found",
      "http.response.status_code": 404,
    },
  });
  const otlp = await Promise.all(
    [click, request].map(async (span) => (await bench.readOtlpSpan(span.name)).spanId),
  );
  expect(otlp).toEqual([click.spanId, request.spanId]);
});

test("a navigation is the head of a new trace", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(() => history.pushState({}, "", "/reset-password"));
  const navigation = await readSentrySpan(bench, "/reset-password");
  expect(navigation).toMatchObject({
    isSegment: true,
    op: "navigation",
    attributes: { "sentry.origin": "auto.navigation.browser", "sentry.segment.name.source": "url" },
  });
  expect(navigation.traceId).not.toBe(TRACE_ID);
  expect(navigation.parentSpanId).toBeUndefined();
});

test("what the application traces itself is manual, and its trace has one sampling context everywhere", async () => {
  const { page } = await bench.open();
  await page.evaluate(() =>
    telemetry.withSpan("handleSubmit", () => fetch("/api/order", { method: "POST" }).then(() => {}), {
      op: "function",
    }),
  );
  const submit = await readSentrySpan(bench, "handleSubmit");
  expect(submit).toMatchObject({ op: "function", attributes: { "sentry.origin": "manual" } });
  const { header } = bench.receiver.sentry.envelopes.find(({ spans }) => spans.includes(submit)) ?? {};
  const sent = Object.entries(header?.["trace"] ?? {}).map(
    ([key, value]) => `sentry-${key}=${encodeURIComponent(String(value))}`,
  );
  expect(String(bench.calls[0]?.headers["baggage"]).split(",").toSorted()).toEqual(sent.toSorted());
});

test("web vitals are spans of the page load, also when it has long ended", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await readSentrySpan(bench, "/");
  await waitForEntry(page, "largest-contentful-paint");
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      const end = performance.now() + 120;
      while (performance.now() < end);
    });
  });
  await page.click("#buy");
  await waitForEntry(page, "event");
  await page.evaluate(() => history.pushState({}, "", "/thanks"));
  await hidePage(page);
  const load = await readSentrySpan(bench, "/");
  const vital = { traceId: TRACE_ID, parentSpanId: load.spanId, isSegment: false };
  const inSegment = { "sentry.segment.id": load.spanId, "sentry.pageload.span_id": load.spanId };
  expect(await readSentrySpan(bench, "Largest contentful paint")).toMatchObject({
    ...vital,
    op: "ui.webvital.lcp",
    attributes: {
      ...inSegment,
      "sentry.origin": "auto.ui.browser.lcp",
      "browser.web_vital.lcp.value": expect.any(Number),
      "browser.web_vital.lcp.size": expect.any(Number),
    },
  });
  expect(await readSentrySpan(bench, "Layout shift")).toMatchObject({
    ...vital,
    op: "ui.webvital.cls",
    attributes: { ...inSegment, "sentry.origin": "auto.ui.browser.cls", "browser.web_vital.cls.value": 0 },
  });
  const click = await readSentrySpan(bench, "Click");
  expect(click).toMatchObject({
    ...vital,
    op: "ui.interaction.click",
    attributes: {
      ...inSegment,
      "sentry.origin": "auto.ui.browser.inp",
      "browser.web_vital.inp.target": "button#buy",
      "browser.web_vital.inp.interaction_type": "click",
    },
  });
  expect(readMillis(click)).toBeGreaterThanOrEqual(120);
});

test("business ids and the user are on spans, and survive where they look like a card", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    telemetry.setUser({ id: "user-7" });
    telemetry.withBusinessContext({ orderId: "4111111111111111" }, () => telemetry.withSpan("pay", () => {}));
  });
  expect(await readSentrySpan(bench, "pay")).toMatchObject({
    attributes: { orderId: "4111111111111111", "user.id": "user-7" },
  });
});

test("with spans: false Sentry hears nothing of spans, and OTLP does", async () => {
  const config = bench.createConfig();
  const { sentry } = config;
  const { page } = await bench.open({ config: { ...(sentry && { sentry: { ...sentry, spans: false } }) } });
  await bench.readOtlpSpan("/");
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  expect(bench.receiver.sentry.spans).toEqual([]);
});

function readMillis({ attributes }: SentrySpan): number {
  return Number(attributes["browser.web_vital.inp.value"]);
}
