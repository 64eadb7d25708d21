import { expect, test } from "vitest";
import { createBrowserBench, PARENT_ID, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readTraceHeaders } from "./site.ts";

const bench = createBrowserBench();

test("the page load continues the trace of the meta tags, with all that it waited for below it", async () => {
  const { errors } = await bench.open({ meta: writeMetaTags() });
  const load = await bench.readOtlpSpan("/");
  expect(load).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID, service: "page" });
  expect(load.attributes["sentry.op"]).toBe("pageload");
  for (const name of ["document fetch", "/main.js"]) {
    const part = await bench.readOtlpSpan(name);
    expect(part).toMatchObject({ traceId: TRACE_ID, parentSpanId: load.spanId });
    expect(part.startTimeUnixNano).toBeGreaterThanOrEqual(load.startTimeUnixNano);
    expect(part.endTimeUnixNano).toBeLessThanOrEqual(load.endTimeUnixNano);
  }
  expect(errors).toEqual([]);
});

test("without meta tags the page load begins a trace", async () => {
  await bench.open();
  const load = await bench.readOtlpSpan("/");
  expect(load.parentSpanId).toBeUndefined();
  expect(load.traceId).toMatch(/^[0-9a-f]{32}$/);
});

test("a click and its fetch are in the trace of the page, and the server is called in it", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  const load = await bench.readOtlpSpan("/");
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      void telemetry.withBusinessContext({ orderId: "o-1" }, () =>
        fetch("/api/order/o-1?x=secret", { method: "POST" }),
      );
    });
  });
  await page.click("#buy");
  const click = await bench.readOtlpSpan("click button#buy");
  const call = await bench.readOtlpSpan("POST /api/order/:orderId");
  expect(click).toMatchObject({ traceId: TRACE_ID, parentSpanId: load.spanId });
  expect(call).toMatchObject({ traceId: TRACE_ID, parentSpanId: click.spanId, kind: "client" });
  expect(call.attributes).toMatchObject({ orderId: "o-1", "http.response.status_code": 200 });
  expect(call.attributes["http.request.method"]).toBe("POST");
  expect(JSON.stringify(call.attributes)).not.toContain("secret");
  const [received] = bench.calls.map(readTraceHeaders);
  expect(received?.["traceparent"]).toBe(`00-${TRACE_ID}-${call.spanId}-01`);
  expect(received?.["sentry-trace"]).toBe(`${TRACE_ID}-${call.spanId}-1`);
  expect(received?.["baggage"]).toContain(`sentry-trace_id=${TRACE_ID}`);
  expect(received?.["baggage"]).toContain("orderId=o-1");
});

test("a submit is below the click that made it, and the name holds nothing that was typed", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    const form = document.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void telemetry.withSpan("handleSubmit", () => fetch("/api/users", { method: "POST" }));
    });
  });
  await page.click("#order button");
  const submit = await bench.readOtlpSpan("submit form#order");
  const click = await bench.readOtlpSpan("click button");
  const handled = await bench.readOtlpSpan("handleSubmit");
  const call = await bench.readOtlpSpan("POST /api/users");
  expect(submit.parentSpanId).toBe(click.spanId);
  expect(handled.parentSpanId).toBe(submit.spanId);
  expect(call.parentSpanId).toBe(handled.spanId);
});

test("another path is a new trace, another query is not", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  const load = await bench.readOtlpSpan("/");
  await page.evaluate(async () => {
    history.replaceState(null, "", "/?tab=2");
    await fetch("/api/before");
    history.pushState(null, "", "/orders/4711");
    await fetch("/api/after");
  });
  const before = await bench.readOtlpSpan("GET /api/before");
  const navigation = await bench.readOtlpSpan("/orders/:id");
  const after = await bench.readOtlpSpan("GET /api/after");
  expect(before).toMatchObject({ traceId: TRACE_ID, parentSpanId: load.spanId });
  expect(navigation.traceId).not.toBe(TRACE_ID);
  expect(navigation.parentSpanId).toBeUndefined();
  expect(navigation.attributes["sentry.op"]).toBe("navigation");
  expect(after).toMatchObject({ traceId: navigation.traceId, parentSpanId: navigation.spanId });
});

test("the way back is a new trace, too", async () => {
  const { page } = await bench.open({ path: "/start" });
  const load = await bench.readOtlpSpan("/start");
  await page.evaluate(() => history.pushState(null, "", "/next"));
  const next = await bench.readOtlpSpan("/next");
  await page.goBack();
  await page.waitForURL("**/start");
  await bench.receiver.waitFor("the way back", ({ otlp }) => otlp.spans.filter(isStart).length === 2);
  const traces = new Set(bench.receiver.otlp.spans.filter(isStart).map((span) => span.traceId));
  expect(traces.size).toBe(2);
  expect(traces).not.toContain(next.traceId);
  expect(traces).toContain(load.traceId);

  function isStart({ name }: { name: string }): boolean {
    return name === "/start";
  }
});

test("startNewTrace begins a trace that later spans are in", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(async () => {
    telemetry.startNewTrace("second try");
    await fetch("/api/again");
  });
  const begin = await bench.readOtlpSpan("second try");
  const again = await bench.readOtlpSpan("GET /api/again");
  expect(begin.traceId).not.toBe(TRACE_ID);
  expect(begin.parentSpanId).toBeUndefined();
  expect(again).toMatchObject({ traceId: begin.traceId, parentSpanId: begin.spanId });
});

test("after an await inSpan makes children, and what is outside of it is in the trace of the page", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  const load = await bench.readOtlpSpan("/");
  const result = await page.evaluate(() =>
    telemetry.withSpan("work", async (_span, inSpan) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await fetch("/api/outside");
      const response = await inSpan(() => fetch("/api/inside"));
      return response.status;
    }),
  );
  expect(result).toBe(200);
  const work = await bench.readOtlpSpan("work");
  const inside = await bench.readOtlpSpan("GET /api/inside");
  const outside = await bench.readOtlpSpan("GET /api/outside");
  expect(inside).toMatchObject({ traceId: TRACE_ID, parentSpanId: work.spanId });
  expect(outside).toMatchObject({ traceId: TRACE_ID, parentSpanId: load.spanId });
});

test("readTraceHeaders carries the trace where no instrumentation does", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  const load = await bench.readOtlpSpan("/");
  const headers = await page.evaluate(() => telemetry.readTraceHeaders());
  expect(headers).toMatchObject({
    traceparent: `00-${TRACE_ID}-${load.spanId}-01`,
    "sentry-trace": `${TRACE_ID}-${load.spanId}-1`,
  });
});

test("a trace that the server did not sample is not sampled by its page", async () => {
  const { page } = await bench.open({ meta: writeMetaTags(false) });
  await page.evaluate(() => fetch("/api/unsampled"));
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  expect([...bench.receiver.otlp.spans, ...bench.receiver.sentry.spans]).toEqual([]);
  const [headers] = bench.calls.map(readTraceHeaders);
  expect(headers?.["traceparent"]).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
  expect(headers?.["sentry-trace"]).toMatch(new RegExp(`^${TRACE_ID}-[0-9a-f]{16}-0$`));
});

test("telemetry that is loaded late still tells of the page load", async () => {
  await bench.open({ meta: writeMetaTags(), isLate: true });
  const load = await bench.readOtlpSpan("/");
  expect(load).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID });
  expect(await bench.readOtlpSpan("document fetch")).toMatchObject({ parentSpanId: load.spanId });
});

test("a page that comes back from the browser's cache is a new trace", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(async () => {
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    await fetch("/api/again");
  });
  const again = await bench.readOtlpSpan("GET /api/again");
  expect(again.traceId).not.toBe(TRACE_ID);
});
