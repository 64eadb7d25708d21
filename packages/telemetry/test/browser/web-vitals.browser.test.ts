import { expect, test } from "vitest";
import { createBrowserBench } from "./bench.ts";
import { readSentrySpan } from "./sentry-bench.ts";

const bench = createBrowserBench();

test("how long a click took is told, also when the page is hidden before it was idle", async () => {
  const { page } = await bench.open();
  await readSentrySpan(bench, "/");
  await page.evaluate(() => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      const end = performance.now() + 120;
      while (performance.now() < end);
    });
    const options = { type: "event", durationThreshold: 16 };
    // Called behind the observer of telemetry, which came first.
    new PerformanceObserver((list) => {
      if (list.getEntriesByName("click").length === 0) return;
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }).observe(options);
  });
  await page.click("#buy");
  expect(await readSentrySpan(bench, "Click")).toMatchObject({
    op: "ui.interaction.click",
    attributes: { "browser.web_vital.inp.target": "button#buy" },
  });
});
