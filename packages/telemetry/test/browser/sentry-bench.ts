import type { SentryEvent, SentrySpan } from "@tracebridge/receivers";
import type { Page } from "playwright-core";
import type { BrowserBench } from "./bench.ts";

/** The first span of this name that Sentry got, as soon as it has arrived. */
export function readSentrySpan(bench: BrowserBench, name: string): Promise<SentrySpan> {
  return readArrived(bench, `the span ${name}`, ({ receiver }) =>
    receiver.sentry.spans.find((span) => span.name === name),
  );
}

/** The first error with this message that Sentry got, as soon as it has arrived. */
export function readSentryError(bench: BrowserBench, message: string): Promise<SentryEvent> {
  return readArrived(bench, `the error ${message}`, ({ receiver }) =>
    receiver.sentry.events.find(({ exceptions }) => exceptions.some(({ value }) => value === message)),
  );
}

/** Hides the page, as if the user had gone to another one; it lives on, so that no browser ends it before it has told all. */
export async function hidePage(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
}

/** Until the browser has told of what it measures after a paint; a page that is hidden before then is never told. */
export async function waitForEntry(page: Page, type: "event" | "largest-contentful-paint"): Promise<void> {
  await page.evaluate(
    (entryType) =>
      new Promise<void>((resolve) => {
        // With all that was measured before; of events, those that took at least 16 ms.
        const options = { type: entryType, buffered: true, durationThreshold: 16 };
        new PerformanceObserver((_list, observer) => {
          observer.disconnect();
          resolve();
        }).observe(options);
      }),
    type,
  );
}

async function readArrived<T>(
  bench: BrowserBench,
  description: string,
  find: (bench: BrowserBench) => T | undefined,
): Promise<T> {
  let found: T | undefined;
  await bench.receiver.waitFor(description, () => (found = find(bench)) !== undefined, 60_000);
  if (found === undefined) throw new Error(`${description} is gone`);
  return found;
}
