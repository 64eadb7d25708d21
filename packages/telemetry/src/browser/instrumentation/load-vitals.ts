import type { Attributes } from "@opentelemetry/api";

/** What takes longer to be painted is not waited for. */
const LONGEST_WAIT_MILLIS = 1_000;

/**
 * How soon the server answered and the page was painted, in milliseconds since the user asked for it. What the browser does
 * not tell is left out. https://web.dev/articles/vitals
 */
export function readLoadVitals(): Attributes {
  const [navigation] = performance.getEntriesByType("navigation");
  // A page may be loaded before anybody wants to see it.
  const { activationStart: since = 0, responseStart = 0, requestStart = 0, type } = navigation ?? {};
  const vitals = {
    "ttfb.value": responseStart > 0 ? Math.max(0, responseStart - since) : undefined,
    "ttfb.request_time": responseStart > 0 ? Math.max(0, responseStart - requestStart) : undefined,
    "fp.value": readPaint("first-paint", since),
    "fcp.value": readPaint("first-contentful-paint", since),
  };
  const known = Object.entries(vitals).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(known.map(([key, value]) => [`browser.web_vital.${key}`, value])),
    ...(type && { "browser.navigation.type": since > 0 ? "prerender" : type.replaceAll("_", "-") }),
  };
}

/** Calls `work` when the page was painted; scripts that build it may do so after its load event. */
export function afterFirstPaint(work: () => void): void {
  const isPainted = performance.getEntriesByName("first-contentful-paint").length > 0;
  if (isPainted || document.visibilityState === "hidden" || typeof PerformanceObserver !== "function") {
    work();
    return;
  }
  const finish = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    work();
  };
  const timer = setTimeout(finish, LONGEST_WAIT_MILLIS);
  const observer = new PerformanceObserver((entries) => {
    if (entries.getEntriesByName("first-contentful-paint").length > 0) finish();
  });
  observer.observe({ type: "paint", buffered: true });
}

function readPaint(name: string, since: number): number | undefined {
  const [entry] = performance.getEntriesByName(name);
  return entry && Math.max(0, entry.startTime - since);
}
