import type { Reporter } from "../problems/index.ts";
import { countUnaccounted } from "../pipeline/accounts.ts";
import { settleWithin } from "../pipeline/deadline.ts";
import type { RunningTelemetry, TelemetryStats } from "../telemetry.ts";
import type { BrowserPipeline, PageUser } from "./pipeline.ts";
import type { BrowserSentry } from "./types.ts";

/** Telemetry of a page that runs. None of its methods rejects. */
export interface BrowserTelemetry {
  /** Counts since the page was loaded; after `shutdown` nothing may be unaccounted for. */
  stats(): TelemetryStats;
  /** Sends what is buffered; resolves when sent or after `timeoutMillis` (default 5,000). */
  flush(timeoutMillis?: number): Promise<void>;
  /** Sends what is buffered and stops; resolves after `timeoutMillis` (default and most: 5,000) at the latest. */
  shutdown(timeoutMillis?: number): Promise<void>;
}

/** What the public functions need of the page beside the pipeline. */
export interface RunningPage {
  readonly telemetry: RunningTelemetry;
  readonly sentry: BrowserSentry | undefined;
  readonly user: PageUser;
  startNewTrace(name?: string): void;
}

/** Kept on `globalThis` as the pipeline is: two bundles of one page may each have a copy of this package. */
const REGISTRY = Symbol.for("tracebridge.page.v1");
const registry: typeof globalThis & { [REGISTRY]?: RunningPage | undefined } = globalThis;

export function getPage(): RunningPage | undefined {
  return registry[REGISTRY];
}

export function setPage(page: RunningPage | undefined): void {
  registry[REGISTRY] = page;
}

export interface RunningBrowserParts {
  readonly pipeline: BrowserPipeline;
  readonly businessKeys: ReadonlySet<string>;
  readonly reportOnce: Reporter["once"];
  readonly sendsErrors: boolean;
  readonly stopWatching: () => void;
}

const MAX_SHUTDOWN_MILLIS = 5_000;

/** The handle of a started pipeline, for the functions that pages and services share. */
export function createRunningBrowser(parts: RunningBrowserParts): RunningTelemetry {
  const { pipeline, businessKeys, reportOnce } = parts;
  const { sentry, sinks } = pipeline;
  let isEnded = false;
  let shutdown: Promise<void> | undefined;
  return {
    businessKeys,
    reportOnce,
    sendsIssues: sentry !== undefined && parts.sendsErrors,
    logsErrors: false,
    captureError: (error, options) => void sentry?.captureError(error, options),
    captureMessage: () => {},
    addBreadcrumb: (crumb) => sentry?.addBreadcrumb(crumb),
    stats: () => readStats(pipeline, isEnded),
    forceFlush: (timeoutMillis = MAX_SHUTDOWN_MILLIS) => {
      const options = { timeoutMillis, isLast: false };
      return settleWithin(timeoutMillis, [
        ...sinks.map((sink) => sink.flush(options)),
        ...(sentry ? [sentry.flush(options)] : []),
      ]);
    },
    shutdown: (timeoutMillis = MAX_SHUTDOWN_MILLIS) => {
      const limitMillis = Math.min(Math.max(timeoutMillis, 0), MAX_SHUTDOWN_MILLIS);
      parts.stopWatching();
      shutdown ??= settleWithin(limitMillis, [
        ...sinks.map((sink) => sink.shutdown()),
        ...(sentry ? [sentry.shutdown(limitMillis)] : []),
      ]).then(() => {
        for (const sink of sinks) sink.close();
        isEnded = true;
      });
      return shutdown;
    },
  };
}

function readStats(pipeline: BrowserPipeline, isEnded: boolean): TelemetryStats {
  const { spanDoor, sinks, sentry } = pipeline;
  const counts = {
    spans: {
      ended: spanDoor.ended,
      failed: spanDoor.failed,
      sinks: Object.fromEntries(sinks.map((sink) => [sink.name, sink.stats()])),
    },
    logs: { emitted: 0, failed: 0, sinks: {} },
    ...(sentry && { sentry: sentry.stats() }),
  };
  return { unaccounted: countUnaccounted(counts, pipeline.sendsSpansToSentry, isEnded), ...counts };
}
