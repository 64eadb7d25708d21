import { trace } from "@opentelemetry/api";
import type { Attributes, Context } from "@opentelemetry/api";
import { describeThrown } from "../../problems/index.ts";
import type { Reporter } from "../../problems/index.ts";
import type { TargetTest } from "../../propagation/targets.ts";
import type { PageContextManager } from "../trace/page-context-manager.ts";
import type { PageTrace } from "../trace/page-trace.ts";
import { describePath } from "./describe-path.ts";
import { instrumentFetch } from "./fetch.ts";
import { instrumentInteractions } from "./interaction.ts";
import { watchNavigation } from "./navigation.ts";
import { followPageLoad, PAGE_LOAD_START } from "./page-load.ts";
import { instrumentXmlHttpRequest } from "./xml-http-request.ts";
import { readPageUrl } from "../page-url.ts";

/** What takes longer to be painted is not waited for. */
const LONGEST_PAINT_MILLIS = 1_000;

export interface WatchedPageParts {
  readonly businessKeys: ReadonlySet<string>;
  readonly contexts: PageContextManager;
  readonly isTarget: TargetTest;
  readonly pageTrace: PageTrace;
  /** What the server's meta tags say. */
  readonly parent: Context;
  /** Whether spans are made; headers are sent in any case. */
  readonly tracing: boolean;
  readonly reportOnce: Reporter["once"];
}

export interface WatchedPage {
  readonly startNewTrace: (name?: string) => void;
  readonly stop: () => void;
}

/** Makes spans of what happens in the page. Nothing here throws into it. */
export function watchPage(parts: WatchedPageParts): WatchedPage {
  const { contexts, pageTrace, tracing, isTarget, businessKeys, reportOnce } = parts;
  const guard = (work: () => void): void => {
    try {
      work();
    } catch (problem) {
      reportOnce("processing:page", `Something in the page could not be traced: ${describeThrown(problem)}`);
    }
  };
  guard(() => startPageLoad(parts, guard));
  const getTracer = (name: string) => trace.getTracer(`@tracebridge/instrumentation-${name}`);
  const calls = { isTarget, businessKeys, reportOnce };
  const stops: (() => void)[] = [];
  // A page may have frozen what one of them has to wrap; the others go on.
  const watch = (start: () => () => void): void => guard(() => void stops.push(start()));
  watch(() => watchNavigation({ onNavigation: () => startNavigation(pageTrace), guard }));
  watch(() => instrumentFetch({ ...calls, ...(tracing && { tracer: getTracer("fetch") }) }));
  watch(() =>
    instrumentXmlHttpRequest({ ...calls, ...(tracing && { tracer: getTracer("xml-http-request") }) }),
  );
  if (tracing) {
    const setEventContext = (context: Context | undefined): void => {
      contexts.eventContext = context;
    };
    const interaction = { getActive: () => contexts.active(), setEventContext, guard };
    watch(() => instrumentInteractions({ tracer: getTracer("interaction"), ...interaction }));
  }
  return {
    startNewTrace: (name = describePath(location.pathname)) => {
      pageTrace.begin(name, { attributes: describePage() })?.end();
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

function startPageLoad({ pageTrace, parent }: WatchedPageParts, guard: (work: () => void) => void): void {
  const attributes = {
    ...describePage(),
    "sentry.op": "pageload",
  };
  const name = describePath(location.pathname);
  const span = pageTrace.begin(name, { startTime: PAGE_LOAD_START, attributes }, parent);
  if (span) {
    followPageLoad({ tracer: trace.getTracer("@tracebridge/instrumentation-page"), span, parent, guard });
  }
}

/** Lasts until the browser has shown what the application made of it, which it does only while somebody looks. */
function startNavigation(pageTrace: PageTrace): void {
  const attributes = { ...describePage(), "sentry.op": "navigation" };
  const span = pageTrace.begin(describePath(location.pathname), { attributes });
  if (!span) return;
  const end = (): void => {
    clearTimeout(timer);
    if (span.isRecording()) span.end();
  };
  const timer = setTimeout(end, document.visibilityState === "hidden" ? 0 : LONGEST_PAINT_MILLIS);
  requestAnimationFrame(() => requestAnimationFrame(end));
}

function describePage(): Attributes {
  return { "url.full": readPageUrl(), "url.path": location.pathname };
}
