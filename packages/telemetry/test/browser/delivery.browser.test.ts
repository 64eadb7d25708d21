import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { createBrowserBench, OTLP_PATH, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readTraceHeaders } from "./site.ts";

const bench = createBrowserBench();
const onlyOtlp = { sentry: undefined };
const readStats = (page: Page) => page.evaluate(() => telemetry.getBrowserTelemetry()?.stats());

test("a page that is closed right after the click still delivers the click and its call", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      void telemetry.withSpan("buy", () => fetch("/api/slow", { method: "POST", keepalive: true }));
    });
  });
  await page.click("#buy");
  await page.close({ runBeforeUnload: true });
  const click = await bench.readOtlpSpan("click button#buy");
  const buy = await bench.readOtlpSpan("buy");
  const call = await bench.readOtlpSpan("POST /api/slow");
  expect(buy).toMatchObject({ traceId: TRACE_ID, parentSpanId: click.spanId });
  expect(call).toMatchObject({ parentSpanId: buy.spanId, attributes: { "tracebridge.page_hidden": true } });
  expect(call.startTimeUnixNano).toBeGreaterThanOrEqual(click.startTimeUnixNano);
  const idsAtSentry = () => bench.receiver.sentry.spans.map(({ spanId }) => spanId);
  await expect.poll(idsAtSentry).toEqual(expect.arrayContaining([click.spanId, buy.spanId, call.spanId]));
});

test("a page that is hidden sends what it has, as it may never be shown again", async () => {
  const { page } = await bench.open({
    meta: writeMetaTags(),
    before: `const original = setTimeout;
      globalThis.setTimeout = (work, millis = 0, ...rest) => (millis < 1_000 ? original(work, millis, ...rest) : 0);`,
  });
  await page.evaluate(() => {
    telemetry.withSpan("seen", () => {});
    Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  const seen = await bench.readOtlpSpan("seen");
  const idsAtSentry = () => bench.receiver.sentry.spans.map(({ spanId }) => spanId);
  await expect.poll(idsAtSentry).toContain(seen.spanId);
});

test("a page that another takes the place of delivers what it had, also when that is much", async () => {
  const { page } = await bench.open({ config: onlyOtlp });
  await page.evaluate(() => {
    for (let index = 0; index < 90; index += 1) telemetry.withSpan(`step ${index}`, () => {});
    location.href = "/api/elsewhere";
  });
  const countSteps = () => bench.receiver.otlp.spans.filter(({ name }) => name.startsWith("step ")).length;
  await expect.poll(countSteps).toBe(90);
});

test("both back ends have their part of what may outlive a page", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    for (let index = 0; index < 40; index += 1) telemetry.withSpan(`step ${index}`, () => {});
    location.href = "/api/elsewhere";
  });
  const isStep = ({ name }: { name: string }) => name.startsWith("step ");
  await expect.poll(() => bench.receiver.otlp.spans.filter(isStep).length).toBe(40);
  await expect.poll(() => bench.receiver.sentry.spans.filter(isStep).length).toBe(40);
});

test("a page that sends much in little time loses nothing, as each answer gives back its room", async () => {
  const { page, console } = await bench.open();
  await page.evaluate(async () => {
    for (let index = 0; index < 200; index += 1) {
      telemetry.withSpan(`step ${index}`, () => {});
      if (index % 10 === 9) await telemetry.getBrowserTelemetry()?.flush();
    }
  });
  const countSteps = () => bench.receiver.otlp.spans.filter(({ name }) => name.startsWith("step ")).length;
  await expect.poll(countSteps).toBe(200);
  expect(console).toEqual([]);
});

test("what the server cannot take now is sent again, when it says", async () => {
  let refusals = 0;
  bench.respond = ({ path }) => {
    if (path !== OTLP_PATH || refusals >= 2) return undefined;
    refusals += 1;
    return refusals === 1 ? { status: 429, headers: { "retry-after": "1" } } : { status: 503 };
  };
  const { page, console } = await bench.open({ config: onlyOtlp });
  await bench.readOtlpSpan("/");
  expect(refusals).toBe(2);
  await expect.poll(async () => (await readStats(page))?.spans.sinks["otlp"]?.delivered).toBe(3);
  expect(await readStats(page)).toMatchObject({
    unaccounted: 0,
    spans: { ended: 3, failed: 0, sinks: { otlp: { accepted: 3, delivered: 3, dropped: {} } } },
  });
  expect(console.filter((line) => line.includes("(otlp)"))).toHaveLength(1);
});

test("what the server refuses is counted, and the page runs on", async () => {
  bench.respond = ({ path }) => (path === OTLP_PATH ? { status: 400 } : undefined);
  const { page, errors } = await bench.open({ config: onlyOtlp });
  await expect
    .poll(async () => (await readStats(page))?.spans.sinks["otlp"]?.dropped)
    .toEqual({ send_error: 3 });
  expect(errors).toEqual([]);
});

test("what the back end did not take of a batch is counted, and told once", async () => {
  const body = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}';
  let answers = 0;
  bench.respond = ({ path }) => {
    if (path !== OTLP_PATH) return undefined;
    answers += 1;
    return { status: 200, body };
  };
  const { page, console } = await bench.open({ config: onlyOtlp });
  const readSink = async () => (await readStats(page))?.spans.sinks["otlp"];
  await expect.poll(async () => (await readSink())?.dropped).toEqual({ rejected: 1 });
  await page.evaluate(() => fetch("/api/order"));
  await expect.poll(async () => (await readSink())?.dropped).toEqual({ rejected: 2 });
  expect(answers).toBe(2);
  const sink = await readSink();
  expect(sink?.delivered).toBe((sink?.accepted ?? 0) - 2);
  expect(console.filter((line) => line.includes("(otlp)"))).toEqual([
    expect.stringContaining("did not take everything: too old"),
  ]);
});

test("an ad-blocker that blocks all of telemetry's requests breaks nothing", async () => {
  const { page, errors } = await bench.open({
    before: `const original = fetch;
      globalThis.fetch = (input, init) =>
        String(input).includes("/v1/") || String(input).includes("envelope")
          ? Promise.reject(new TypeError("Failed to fetch")) : original(input, init);
      navigator.sendBeacon = () => false;`,
    meta: writeMetaTags(),
  });
  const status = await page.evaluate(async () => (await fetch("/api/order")).status);
  expect(status).toBe(200);
  expect(readTraceHeaders(bench.calls[0] ?? { method: "", path: "", headers: {}, body: "" })).toHaveProperty(
    "traceparent",
  );
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.shutdown(1_000));
  const stats = await readStats(page);
  expect(stats?.unaccounted).toBe(0);
  expect(stats?.spans.sinks["otlp"]?.delivered).toBe(0);
  expect(stats?.spans.sinks["otlp"]?.accepted).toBe(stats?.spans.ended);
  expect(errors).toEqual([]);
});

test("after a shutdown everything is accounted for, and fetch is the browser's own again", async () => {
  const { page } = await bench.open({
    config: onlyOtlp,
    before: "globalThis.originalFetch = fetch",
  });
  await page.evaluate(async () => {
    await fetch("/api/order");
    await telemetry.getBrowserTelemetry()?.shutdown();
    telemetry.withSpan("late", () => {});
  });
  const stats = await readStats(page);
  expect(stats).toMatchObject({ unaccounted: 0, spans: { sinks: { otlp: { dropped: { shutdown: 1 } } } } });
  expect(await page.evaluate("fetch === originalFetch")).toBe(true);
});

test("a hung server fills no memory: what is beyond the queue is dropped and counted", async () => {
  bench.respond = ({ path }) => (path === OTLP_PATH ? { status: 200, delayMillis: Infinity } : undefined);
  const { page } = await bench.open({ config: onlyOtlp });
  await page.evaluate(() => {
    for (let index = 0; index < 2_000; index += 1) telemetry.withSpan("many", () => {});
  });
  const dropped = (await readStats(page))?.spans.sinks["otlp"]?.dropped["queue_overflow"];
  expect(dropped).toBeGreaterThan(800);
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.shutdown(100));
  expect((await readStats(page))?.unaccounted).toBe(0);
});

test("without a back end no span is made, and the server's trace goes on as it came", async () => {
  const { page } = await bench.open({
    config: { sentry: undefined, otlp: undefined },
    meta: writeMetaTags(),
  });
  await page.evaluate(() => fetch("/api/order"));
  await page.evaluate(() => history.pushState(null, "", "/next"));
  await page.evaluate(() => fetch("/api/next"));
  const { baggage, ...others } = writeMetaTags();
  const [first, next] = bench.calls.map(readTraceHeaders);
  expect(first).toMatchObject(others);
  expect(first?.["baggage"]).toContain(baggage);
  expect(next).toEqual({});
  expect((await readStats(page))?.spans).toEqual({ ended: 0, failed: 0, sinks: {} });
});

test("without a back end the list of receivers holds, too", async () => {
  const { page } = await bench.open({
    config: { sentry: undefined, otlp: undefined, propagationTargets: [] },
    meta: writeMetaTags(),
  });
  await page.evaluate(() => fetch("/api/order"));
  expect(bench.calls.map(readTraceHeaders)).toEqual([{}]);
});

test("the console shows every span", async () => {
  const { page, console } = await bench.open({
    config: { sentry: undefined, otlp: undefined, console: true },
  });
  await page.evaluate(() => telemetry.withSpan("shown", () => {}));
  await expect.poll(() => console.filter((line) => line.startsWith("dir:")).length).toBeGreaterThanOrEqual(4);
  const stats = await readStats(page);
  expect(stats?.spans.sinks["console"]?.delivered).toBe(stats?.spans.ended);
});
