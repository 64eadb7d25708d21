import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { createBrowserBench, TUNNEL } from "./bench.ts";
import { hidePage, readSentryError, readSentrySpan } from "./sentry-bench.ts";

const bench = createBrowserBench();
const onlySentry = { otlp: undefined };
const readStats = (page: Page) => page.evaluate(() => telemetry.getBrowserTelemetry()?.stats());
const flush = (page: Page) => page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
const countSteps = () => bench.receiver.sentry.spans.filter(({ name }) => name.startsWith("step ")).length;

test("a page that is closed right after a click delivers the click, its call and an error of it", async () => {
  const { page } = await bench.open({ config: onlySentry });
  await readSentrySpan(bench, "/");
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      void fetch("/api/slow", { method: "POST", keepalive: true });
      telemetry.captureError(new Error("last words"));
    });
  });
  await page.click("#buy");
  await page.close({ runBeforeUnload: true });
  await readSentryError(bench, "last words");
  const click = await readSentrySpan(bench, "click button#buy");
  expect(await readSentrySpan(bench, "POST /api/slow")).toMatchObject({ parentSpanId: click.spanId });
});

test("a page that is left delivers all that waits, in bodies that may outlive it", async () => {
  const { page } = await bench.open({ config: onlySentry });
  await readSentrySpan(bench, "/");
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      for (let index = 0; index < 45; index += 1) telemetry.withSpan(`step ${index}`, () => {});
      location.href = "/api/elsewhere";
    });
  });
  await page.click("#buy");
  await expect.poll(countSteps).toBe(45);
  const sizes = bench.receiver.sentry.envelopes.map(({ requestHeaders }) =>
    Number(requestHeaders["content-length"]),
  );
  expect(Math.max(...sizes)).toBeLessThan(60_000);
});

test("a page that works on where nobody sees it sends at once what may be its last, and collects the rest", async () => {
  const { page } = await bench.open({ config: onlySentry });
  await readSentrySpan(bench, "/");
  await hidePage(page);
  const before = bench.receiver.sentry.envelopes.length;
  await page.evaluate(async () => {
    for (let index = 0; index < 60; index += 1) {
      // The next one ends when what this one has brought about is done.
      await telemetry.withSpan(`step ${index}`, () => new Promise((resolve) => setTimeout(resolve)));
    }
  });
  await expect.poll(countSteps).toBe(60);
  expect(bench.receiver.sentry.envelopes.length - before).toBeLessThan(40);
});

test("after a 429 nothing of its category is sent for as long as it says, and all of it is counted", async () => {
  let isLimited = true;
  bench.respond = ({ path }) =>
    isLimited && path === TUNNEL
      ? { status: 429, headers: { "x-sentry-rate-limits": "3600:span:organization", "retry-after": "3600" } }
      : undefined;
  const { page } = await bench.open({ config: onlySentry });
  await expect.poll(async () => (await readStats(page))?.sentry?.spans.dropped).toEqual({ rate_limited: 3 });
  isLimited = false;
  await page.evaluate(() => {
    telemetry.withSpan("held back", () => {});
    telemetry.captureError(new Error("let through"));
  });
  await readSentryError(bench, "let through");
  await flush(page);
  await flush(page);
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.shutdown());
  expect(bench.receiver.sentry.spans).toEqual([]);
  expect(await readStats(page)).toMatchObject({
    unaccounted: 0,
    sentry: {
      spans: { delivered: 0, dropped: { rate_limited: 3, ratelimit_backoff: expect.any(Number) } },
      errors: { accepted: 1, delivered: 1, dropped: {} },
    },
  });
  const reported = bench.receiver.sentry.clientReports.flatMap(({ discarded }) => discarded);
  expect(reported).toContainEqual({ reason: "ratelimit_backoff", category: "span", quantity: 1 });
  // Sentry has counted these itself.
  expect(reported.map(({ reason }) => reason)).not.toContain("rate_limited");
});

test("while the tunnel is down all waits, one warning tells it, and later it is sent", async () => {
  let isDown = true;
  bench.respond = ({ path }) => (isDown && path === TUNNEL ? { status: 503 } : undefined);
  const { page, console, errors } = await bench.open({ config: onlySentry });
  await page.evaluate(() => {
    telemetry.withSpan("patient", () => {});
    telemetry.captureError(new Error("patient, too"));
  });
  await expect.poll(() => console.filter((line) => line.includes("(sentry-unreachable)")).length).toBe(1);
  isDown = false;
  await readSentrySpan(bench, "patient");
  await readSentryError(bench, "patient, too");
  await expect.poll(async () => (await readStats(page))?.sentry?.queue.envelopes).toBe(0);
  expect(await readStats(page)).toMatchObject({
    unaccounted: 0,
    sentry: { spans: { dropped: {} }, errors: { accepted: 1, delivered: 1, dropped: {} } },
  });
  expect(errors).toEqual([]);
});

test("what a tunnel that is gone never takes is counted at the end, and the page is not held up", async () => {
  bench.respond = ({ path }) => (path === TUNNEL ? { status: 502 } : undefined);
  const { page, errors } = await bench.open({ config: onlySentry });
  await page.evaluate(() => {
    telemetry.captureError(new Error("never arrives"));
    return telemetry.getBrowserTelemetry()?.shutdown(2_000);
  });
  const stats = await readStats(page);
  expect(stats).toMatchObject({
    unaccounted: 0,
    sentry: { errors: { accepted: 1, delivered: 0 }, queue: { envelopes: 0, bytes: 0 } },
  });
  expect(stats?.sentry?.spans.accepted).toBe(stats?.spans.ended);
  expect(errors).toEqual([]);
});

test("a tunnel that an ad-blocker blocks leaves the page as it is", async () => {
  const { page, errors } = await bench.open({ config: onlySentry });
  await page.route(`**${TUNNEL}`, (route) => route.abort("blockedbyclient"));
  await page.evaluate(() => {
    telemetry.captureError(new Error("blocked"));
    return telemetry.withSpan("work", () => fetch("/api/order").then(() => {}));
  });
  await flush(page);
  expect(bench.calls.map(({ path }) => path)).toEqual(["/api/order"]);
  expect(errors).toEqual([]);
});

test("a DSN that is none is told once, and all is counted", async () => {
  const { sentry } = bench.createConfig();
  const { page, console } = await bench.open({
    config: { ...onlySentry, ...(sentry && { sentry: { ...sentry, dsn: "nonsense" } }) },
  });
  await page.evaluate(() => {
    telemetry.captureError(new Error("nowhere"));
    return telemetry.getBrowserTelemetry()?.shutdown();
  });
  expect(console.filter((line) => line.includes("(sentry-dsn-invalid)"))).toHaveLength(1);
  expect(await readStats(page)).toMatchObject({
    unaccounted: 0,
    sentry: { errors: { accepted: 1, dropped: { no_dsn: 1 } } },
  });
});
