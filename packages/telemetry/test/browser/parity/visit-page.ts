import type { SentryEvent, SentrySpan } from "@tracebridge/receivers";
import type { BrowserBench } from "../bench.ts";
import { writeMetaTags } from "../bench.ts";
import { hidePage, readSentryError, readSentrySpan } from "../sentry-bench.ts";

export interface Visit {
  readonly spans: readonly SentrySpan[];
  readonly events: readonly SentryEvent[];
}

/** Does in a page with our telemetry what was done in the captured one: the steps of `browser-native.json`. */
export async function visitPage(bench: BrowserBench): Promise<Visit> {
  const { page } = await bench.open({
    meta: writeMetaTags(),
    head: '<link rel="stylesheet" href="/api/style.css">',
    // Of texts in the body itself no element is told; and nothing else is to move for it.
    before: `addEventListener("DOMContentLoaded", () => {
      document.body.insertAdjacentHTML("beforeend", '<h1 style="position: fixed; bottom: 0">Order something</h1>');
    })`,
    config: { environment: "production" },
  });
  await readSentrySpan(bench, "/");
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  await page.evaluate(async () => {
    await fetch("/api/order?token=secret", { method: "POST", body: "{}" });
    await fetch("/api/status/404");
    await telemetry.withSpan("handleSubmit", (_span, inSpan) => inSpan(() => fetch("/api/order/al-7")), {
      op: "function",
    });
    document.querySelector("#buy")?.addEventListener("click", () => {
      const end = performance.now() + 150;
      while (performance.now() < end);
      setTimeout(() => {
        throw new TypeError("thrown by a click");
      });
    });
    void Promise.reject(new Error("rejected by a click"));
    telemetry.captureError(new Error("reported by hand"));
  });
  await page.click("#buy");
  await readSentryError(bench, "thrown by a click");
  await readSentryError(bench, "rejected by a click");
  await page.evaluate(() => history.pushState({}, "", "/reset-password?mail=alice@example.com#top"));
  await readSentrySpan(bench, "/reset-password");
  await hidePage(page);
  for (const name of ["Layout shift", "Click"]) await readSentrySpan(bench, name);
  const { spans, events } = bench.receiver.sentry;
  return { spans, events };
}
