import { expect, test } from "vitest";
import { createBrowserBench, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readSentryError, readSentrySpan } from "./sentry-bench.ts";

const bench = createBrowserBench();
const countErrors = () => bench.receiver.sentry.events.length;

test("an error that a listener throws is unhandled, in the trace of the click, with what led to it", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      void fetch("/api/order?token=secret", { method: "POST" }).then(() =>
        document.querySelector<HTMLElement>("#link")?.click(),
      );
    });
    document.querySelector("#link")?.addEventListener("click", (event) => {
      event.preventDefault();
      throw new TypeError("thrown by a click", { cause: new Error("the cause") });
    });
  });
  await page.click("#buy");
  const error = await readSentryError(bench, "thrown by a click");
  const click = await readSentrySpan(bench, "click a#link");
  expect(error).toMatchObject({
    level: "error",
    traceId: TRACE_ID,
    spanId: click.spanId,
    service: "page",
    exceptions: [
      { type: "Error", value: "the cause" },
      { type: "TypeError", value: "thrown by a click" },
    ],
    raw: {
      platform: "javascript",
      release: "page@1.0.0",
      environment: "test",
      transaction: "click a#link",
      request: {
        url: `${bench.receiver.url}/`,
        headers: { "User-Agent": expect.stringContaining("Chrome") },
      },
    },
  });
  expect(readMechanism(error.raw)).toMatchObject({
    type: "auto.browser.global_handlers.onerror",
    handled: false,
  });
  expect(error.breadcrumbs).toMatchObject([
    { category: "ui.click", message: "button#buy" },
    {
      category: "fetch",
      data: { method: "POST", url: `${bench.receiver.url}/api/order?token=?`, status_code: 200 },
    },
    { category: "ui.click", message: "a#link" },
  ]);
  expect(countErrors()).toBe(1);
});

test("a rejection that nobody handles is in the trace of the page, which the server began", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(() => void Promise.reject(new Error("rejected")));
  const error = await readSentryError(bench, "rejected");
  const load = await readSentrySpan(bench, "/");
  expect(error).toMatchObject({
    traceId: TRACE_ID,
    contexts: { trace: { parent_span_id: load.spanId } },
  });
  expect(readMechanism(error.raw)).toMatchObject({
    type: "auto.browser.global_handlers.onunhandledrejection",
    handled: false,
  });
  const { header } = bench.receiver.sentry.envelopes.find(({ events }) => events.includes(error)) ?? {};
  expect(header).toMatchObject({
    dsn: bench.receiver.dsn,
    trace: { trace_id: TRACE_ID, sample_rand: "0.5", sampled: "true" },
  });
});

test("an error that a span records, the application captures and nobody catches is one issue", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    const failing = () =>
      telemetry.withSpan("pay", () => {
        const error = new Error("no money");
        telemetry.captureError(error, { tags: { bank: "none" } });
        throw error;
      });
    setTimeout(failing);
  });
  const error = await readSentryError(bench, "no money");
  const pay = await readSentrySpan(bench, "pay");
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  expect(error).toMatchObject({ spanId: pay.spanId, tags: { bank: "none" } });
  expect(countErrors()).toBe(1);
});

test("an error that a span records and the application swallows is an issue of that span", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    telemetry.setUser({ id: "user-7" });
    telemetry.withBusinessContext({ orderId: "al-1" }, () => {
      try {
        telemetry.withSpan("pay", () => {
          throw new RangeError("too much");
        });
      } catch {
        // The application shows a message.
      }
    });
  });
  const error = await readSentryError(bench, "too much");
  const pay = await readSentrySpan(bench, "pay");
  expect(error).toMatchObject({
    traceId: pay.traceId,
    spanId: pay.spanId,
    tags: { orderId: "al-1" },
    contexts: { business: { orderId: "al-1" } },
    raw: { user: { id: "user-7" } },
  });
  expect(readMechanism(error.raw)).toMatchObject({ handled: true });
});

test("a trace that is not sampled loses no error, and no note of what led to it", async () => {
  const { page } = await bench.open({ meta: writeMetaTags(false) });
  await page.evaluate(async () => {
    await fetch("/api/status/500");
    telemetry.addBreadcrumb({ message: "checked out", category: "shop" });
    telemetry.captureError(new Error("unsampled"));
  });
  const error = await readSentryError(bench, "unsampled");
  expect(error.traceId).toBe(TRACE_ID);
  expect(error.breadcrumbs).toMatchObject([
    { category: "fetch", level: "error", data: { status_code: 500 } },
    { category: "shop", message: "checked out" },
  ]);
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  expect(bench.receiver.sentry.spans).toEqual([]);
});

test("Sentry's hooks see errors and spans before they leave, and what they leave behind is scrubbed", async () => {
  const { page } = await bench.open({
    startOptions: `{ hooks: {
      beforeSend: (event) => {
        if (event.exception.values[0].value === "unwanted") return null;
        event.extra = { note: "mail to alice@example.com" };
        return event;
      },
      beforeSendSpan: (span) => {
        span.attributes.note = "mail to alice@example.com";
        return span;
      },
      ignoreErrors: [/^ignored/],
      ignoreSpans: ["secret work"],
    } }`,
  });
  await page.evaluate(async () => {
    for (const message of ["unwanted", "ignored: yes", "wanted"]) telemetry.captureError(new Error(message));
    telemetry.withSpan("secret work", () => {});
    telemetry.withSpan("work", () => {});
    await telemetry.getBrowserTelemetry()?.flush();
  });
  expect(await readSentryError(bench, "wanted")).toMatchObject({
    raw: { extra: { note: "mail to [Filtered]" } },
  });
  expect(await readSentrySpan(bench, "work")).toMatchObject({ attributes: { note: "mail to [Filtered]" } });
  expect(countErrors()).toBe(1);
  expect(bench.receiver.sentry.spans.map(({ name }) => name)).not.toContain("secret work");
  expect(await page.evaluate(() => telemetry.getBrowserTelemetry()?.stats())).toMatchObject({
    unaccounted: 0,
    sentry: { errors: { accepted: 3, delivered: 1, dropped: { before_send: 1, event_processor: 1 } } },
  });
});

test("what a hook of the application throws does not reach the page", async () => {
  const { page, errors } = await bench.open({
    startOptions: `{ hooks: { beforeBreadcrumb: () => { throw new Error("in the hook"); } } }`,
  });
  await page.click("#buy");
  await page.evaluate(() => {
    telemetry.addBreadcrumb({ message: "a note" });
    return fetch("/api/order").then(() => {});
  });
  await readSentrySpan(bench, "GET /api/order");
  await readSentrySpan(bench, "click button#buy");
  expect(errors).toEqual([]);
});

test("with errors: false the page tells Sentry of none", async () => {
  const { sentry } = bench.createConfig();
  const { page, errors } = await bench.open({
    config: { ...(sentry && { sentry: { ...sentry, errors: false } }) },
  });
  await page.evaluate(async () => {
    telemetry.captureError(new Error("captured"));
    setTimeout(() => {
      throw new Error("thrown");
    });
    telemetry.withSpan("last", () => {});
  });
  await readSentrySpan(bench, "last");
  await expect.poll(() => errors).toEqual(["thrown"]);
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  expect(bench.receiver.sentry.events).toEqual([]);
});

function readMechanism(raw: Readonly<Record<string, unknown>>): unknown {
  const { values } = raw["exception"] as { values: { mechanism?: unknown }[] };
  return values.at(-1)?.mechanism;
}
