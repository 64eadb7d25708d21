import { context, diag, DiagLogLevel, propagation, trace } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { withRequestKeys } from "../business-context/index.ts";
import { createDiagLogger, createReporter, describeThrown } from "../problems/index.ts";
import type { Reporter } from "../problems/index.ts";
import { createTargetTest, TracePropagator } from "../propagation/index.ts";
import { getRunningTelemetry, setRunningTelemetry } from "../telemetry.ts";
import { createPost } from "./export/post.ts";
import { watchPage } from "./instrumentation/index.ts";
import { watchEnd } from "./lifecycle.ts";
import { OpenSpans } from "./open-spans.ts";
import type { BrowserTelemetryOptions } from "./options.ts";
import { PageConfigError, readPageConfig } from "./page-config.ts";
import type { PageConfig } from "./page-config.ts";
import { createPipeline } from "./pipeline.ts";
import type { PageUser } from "./pipeline.ts";
import { readConfigElement } from "./read-page.ts";
import { createRunningBrowser, setPage } from "./running-browser.ts";
import { readPageTargets } from "./targets.ts";
import { readMetaTags } from "./trace/meta-tags.ts";
import { PageContextManager } from "./trace/page-context-manager.ts";
import { PageTrace } from "./trace/page-trace.ts";

/**
 * Starts telemetry in a page, as the server says in the element that `createBrowserHost` puts into the page; call it
 * before anything else of the page runs. Without that element telemetry stays off, and so it does, with one warning on the
 * console, when it is malformed. Never throws, and changes nothing when called again.
 */
export function startBrowserTelemetry(options: BrowserTelemetryOptions = {}): void {
  const reporter = createReporter((line) => console.warn(line));
  try {
    // Rendered by a server, a page has no document yet.
    if (typeof document === "undefined") return;
    if (getRunningTelemetry()) {
      reporter.once(
        "started-twice",
        "Telemetry was started a second time in this page; the first one goes on.",
      );
      return;
    }
    const config = options.config ? readPageConfig(options.config) : readConfigElement(document);
    if (config) start(config, options, reporter);
  } catch (problem) {
    const isConfig = problem instanceof PageConfigError;
    const cause = isConfig ? `in the element #tracebridge, ${problem.message}` : describeThrown(problem);
    reporter.once("start-failed", `Telemetry could not start, the page runs without it: ${cause}.`);
  }
}

function start(config: PageConfig, options: BrowserTelemetryOptions, reporter: Reporter): void {
  const reportOnce: Reporter["once"] = (key, message) => reporter.once(key, message);
  listenToOpenTelemetry(config, reporter);
  const businessKeys = withRequestKeys(config.businessKeys);
  const contexts = new PageContextManager();
  const openSpans = new OpenSpans();
  const user: PageUser = {};
  const targets = readPageTargets(
    options.tracePropagationTargets,
    config.propagationTargets,
    location.origin,
  );
  const isTarget = createTargetTest(targets, reportOnce) ?? (() => false);
  const parts = { config, options, businessKeys, contexts, openSpans, isTarget, user, reportOnce };
  const pipeline = createPipeline({ ...parts, post: createPost(globalThis.fetch, location.origin) });
  const { sentry, provider } = pipeline;
  const propagator = new TracePropagator({
    formats: { tracecontext: true, baggage: true, sentry: true },
    ...(sentry && { dsc: sentry.dscSource }),
    hasTargets: true,
  });

  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator(propagator);
  if (provider) trace.setGlobalTracerProvider(provider);

  const pageTrace = new PageTrace({
    contexts,
    ...(provider && { tracer: provider.getTracer("@tracebridge/instrumentation-page") }),
    ...(sentry && { dscSource: sentry.dscSource }),
  });
  const parent = readMetaTags(document, propagator, businessKeys);
  const page = watchPage({ ...parts, pageTrace, parent, tracing: provider !== undefined });
  const sendsErrors = config.sentry?.errors === true;
  const telemetry = createRunningBrowser({ ...parts, pipeline, sendsErrors, stopWatching: page.stop });
  setRunningTelemetry(telemetry);
  setPage({ telemetry, startNewTrace: page.startNewTrace, sentry, user });
  watchEnd(pipeline, openSpans);
}

function listenToOpenTelemetry(config: PageConfig, reporter: Reporter): void {
  const logLevel = config.debug === true ? DiagLogLevel.DEBUG : DiagLogLevel.WARN;
  diag.setLogger(createDiagLogger(reporter, []), { logLevel, suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => {
    reporter.once("opentelemetry", `OpenTelemetry reports: ${describeThrown(error)}`);
  });
}
