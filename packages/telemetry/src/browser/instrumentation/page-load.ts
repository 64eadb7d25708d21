import { trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import { describePath } from "./describe-path.ts";
import { afterFirstPaint, readLoadVitals } from "./load-vitals.ts";

/** A page may load any number of them; the first ones tell what it waited for. */
const MAX_RESOURCES = 100;

/** Requests of the application's own, which have spans of their own. */
const TRACED = new Set(["fetch", "xmlhttprequest", "beacon"]);

export interface PageLoadParts {
  readonly tracer: Tracer;
  /** That of the page view, which began when the browser began to load the page. */
  readonly span: Span;
  readonly parent: Context;
  readonly guard: (work: () => void) => void;
}

/** What the span of a page load begins with. Its time is that of the browser's clock: 0 is the begin of the navigation. */
export const PAGE_LOAD_START = 0;

/** Ends the span of the page load when the page has loaded, with what the browser knows of it. */
export function followPageLoad(parts: PageLoadParts): void {
  // The end of the event is known only when its listeners have run.
  const end = (): void => void setTimeout(() => afterFirstPaint(() => parts.guard(() => endPageLoad(parts))));
  if (document.readyState === "complete") end();
  else globalThis.addEventListener("load", end, { once: true });
}

function endPageLoad({ tracer, span, parent }: PageLoadParts): void {
  if (!span.isRecording()) return;
  const inside = trace.setSpan(parent, span);
  const [navigation] = performance.getEntriesByType("navigation");
  const end = navigation?.loadEventEnd || performance.now();
  if (navigation) {
    const attributes = describeEntry(navigation, "browser.request");
    const options = { startTime: navigation.fetchStart, attributes };
    tracer.startSpan("document fetch", options, inside).end(navigation.responseEnd || end);
  }
  const resources = performance.getEntriesByType("resource");
  const own = resources.filter((entry) => !TRACED.has(entry.initiatorType) && entry.responseEnd <= end);
  for (const entry of own.slice(0, MAX_RESOURCES)) {
    const attributes = describeEntry(entry, `resource.${entry.initiatorType || "other"}`);
    const options = { startTime: entry.startTime, attributes };
    tracer.startSpan(nameResource(entry), options, inside).end(entry.responseEnd);
  }
  span.setAttributes(readLoadVitals());
  span.end(end);
}

function describeEntry(entry: PerformanceResourceTiming, op: string): Attributes {
  return {
    "url.full": entry.name.split("#", 1)[0],
    "sentry.op": op,
    // 0 also where another origin does not tell.
    ...(entry.responseStatus > 0 && { "http.response.status_code": entry.responseStatus }),
    ...(entry.encodedBodySize > 0 && { "http.response.body.size": entry.encodedBodySize }),
  };
}

/** A file of our own by its path, another's with its host. */
function nameResource({ name }: PerformanceResourceTiming): string {
  if (!URL.canParse(name)) return "resource";
  const { protocol, host, origin, pathname } = new URL(name);
  if (protocol === "data:" || protocol === "blob:") return protocol.slice(0, -1);
  return `${origin === location.origin ? "" : host}${describePath(pathname)}`;
}
