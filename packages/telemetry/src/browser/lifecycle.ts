import type { OpenSpans } from "./open-spans.ts";
import type { BrowserPipeline } from "./pipeline.ts";

const LAST = { isLast: true, timeoutMillis: 0 };

/**
 * Sends everything when the page is hidden, which may be the last that it hears of its browser, and ends what is open when it
 * goes away. Not `unload`: browsers keep no page that listens to it. https://web.dev/articles/bfcache#never-use-the-unload-event
 */
export function watchEnd({ sinks, sentry }: BrowserPipeline, openSpans: OpenSpans): void {
  const flush = (): void => {
    for (const sink of sinks) void sink.flush(LAST);
    void sentry?.flush(LAST);
  };
  // After all listeners of the document, which may end spans as the page is hidden.
  globalThis.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  globalThis.addEventListener("pagehide", () => {
    openSpans.endAll();
    flush();
  });
}
