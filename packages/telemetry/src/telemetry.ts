import type { BrowserConfig } from "./config/index.ts";
import type { ProblemKey } from "./problems/index.ts";
import type { CaptureErrorOptions, Breadcrumb } from "./errors/index.ts";

/**
 * What one sink (Sentry, OTLP or the console) did with the items of one signal. `accepted` is `delivered`, all of
 * `dropped` and what still waits.
 */
export interface SinkStats {
  /** Items handed to the sink. */
  readonly accepted: number;
  /** Items the back end confirmed. */
  readonly delivered: number;
  /** Items given up on, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Counts since the start of the process. */
export interface TelemetryStats {
  /**
   * Items whose fate is unknown; more than 0 is a defect of telemetry. While the process runs it compares what ended with
   * what the sinks accepted; after the shutdown also what they accepted with what was delivered or dropped.
   */
  readonly unaccounted: number;
  readonly spans: {
    readonly ended: number;
    /** Ended spans that could not be prepared; a line on standard error said why. No sink has seen them. */
    readonly failed: number;
    readonly sinks: Readonly<Record<string, SinkStats>>;
  };
  readonly logs: {
    readonly emitted: number;
    /** As for spans. */
    readonly failed: number;
    readonly sinks: Readonly<Record<string, SinkStats>>;
  };
  /** What became of everything for Sentry; absent without a DSN. */
  readonly sentry?: SentryStats;
}

export interface SentryStats {
  readonly spans: SinkStats;
  readonly logs: SinkStats;
  readonly errors: SinkStats;
  /** Envelopes of sessions: one holds those of a minute. */
  readonly sessions: SinkStats;
  /** Events of sent spans, other than exceptions and breadcrumbs: Sentry's spans have none, so all are dropped. */
  readonly spanEvents: SinkStats;
  /** Envelopes that wait for a connection or an answer. */
  readonly queue: { readonly envelopes: number; readonly bytes: number };
}

/** A started telemetry pipeline. None of its methods rejects. */
export interface Telemetry {
  stats(): TelemetryStats;
  /** Sends what is buffered; resolves when sent or after `timeoutMillis` (default 5,000). */
  forceFlush(timeoutMillis?: number): Promise<void>;
  /** Sends what is buffered and stops; resolves after `timeoutMillis` (default and most: 5,000) at the latest. */
  shutdown(timeoutMillis?: number): Promise<void>;
}

/** What a service that serves pages needs from the pipeline. */
export interface BrowserHosting {
  readonly config: BrowserConfig;
  /** Paths that pages send their telemetry to: requests to them are not traced. */
  readonly untracedPaths: Set<string>;
}

/** What the public functions need from the pipeline, beside what users see. */
export interface RunningTelemetry extends Telemetry {
  readonly businessKeys: ReadonlySet<string>;
  /** Whether captured errors and messages become issues in Sentry. */
  readonly sendsIssues: boolean;
  /** Whether a back end for logs wants them: one that gets no issue. */
  readonly logsErrors: boolean;
  /** For the service's pages; absent where the application has assembled its own SDK. */
  readonly browser?: BrowserHosting;
  captureError(error: unknown, options: CaptureErrorOptions): void;
  captureMessage(message: string, options: CaptureErrorOptions): void;
  addBreadcrumb(crumb: Breadcrumb): void;
  /** Reports a problem with telemetry; the same `key` is reported once. */
  reportOnce(key: ProblemKey, message: string): void;
}

/**
 * Kept on `globalThis` as `@opentelemetry/api` keeps its own registry, so that a second copy of this package
 * (bundled into an application, or built beside source) finds the pipeline that already runs.
 */
const REGISTRY = Symbol.for("tracebridge.telemetry.v1");
const registry: typeof globalThis & { [REGISTRY]?: RunningTelemetry | undefined } = globalThis;

export function getRunningTelemetry(): RunningTelemetry | undefined {
  return registry[REGISTRY];
}

export function setRunningTelemetry(telemetry: RunningTelemetry | undefined): void {
  registry[REGISTRY] = telemetry;
}

/** The pipeline that runs in this process, or `undefined` when telemetry is off or not started. */
export function getTelemetry(): Telemetry | undefined {
  return getRunningTelemetry();
}
