import type { createLogSinks, createSpanSinks } from "../exporters/index.ts";
import type { LogDoor } from "../logs/index.ts";
import { describeThrown, tellDiag } from "../problems/index.ts";
import type { Reporter } from "../problems/index.ts";
import type { SpanDoor } from "../scrubbing/index.ts";
import type { SentryBridge } from "../sentry/index.ts";
import type { RunningSdk } from "../sdk/start-sdk.ts";
import type { BrowserHosting, RunningTelemetry, SinkStats, TelemetryStats } from "../telemetry.ts";
import { countUnaccounted } from "./accounts.ts";
import { settleWithin } from "./deadline.ts";
import { describeDeliveries, describeLosses } from "./losses.ts";

/** No shutdown takes longer, whatever hangs. */
const MAX_SHUTDOWN_MILLIS = 5000;

export interface PipelineParts {
  /** Absent where the application has an SDK of its own. */
  readonly sdk?: RunningSdk;
  readonly spanDoor: SpanDoor;
  readonly logDoor: LogDoor;
  readonly spanSinks: ReturnType<typeof createSpanSinks>;
  readonly logSinks: ReturnType<typeof createLogSinks>;
  readonly bridge: SentryBridge | undefined;
  readonly sendErrors: boolean;
  /** Whether Sentry gets logs; default false. */
  readonly sendSentryLogs?: boolean;
  readonly businessKeys: ReadonlySet<string>;
  readonly browser?: BrowserHosting;
  readonly reporter: Reporter;
}

/** The handle of a started pipeline. */
export function createRunningTelemetry(parts: PipelineParts): RunningTelemetry {
  const { sdk, spanDoor, logDoor, bridge, reporter } = parts;
  const sendsIssues = bridge !== undefined && parts.sendErrors;
  let shutdown: Promise<void> | undefined;

  let isEnded = false;

  const stats = (): TelemetryStats => {
    const counts = {
      spans: { ended: spanDoor.ended, failed: spanDoor.failed, sinks: readSinks(parts.spanSinks) },
      logs: { emitted: logDoor.emitted, failed: logDoor.failed, sinks: readSinks(parts.logSinks) },
      ...(bridge && { sentry: bridge.stats() }),
    };
    return { unaccounted: countUnaccounted(counts, bridge?.sendsSpans === true, isEnded), ...counts };
  };

  return {
    stats,
    businessKeys: parts.businessKeys,
    ...(parts.browser && { browser: parts.browser }),
    reportOnce: (key, message) => reporter.once(key, message),
    sendsIssues,
    logsErrors: parts.logSinks.length > 0 || (parts.sendSentryLogs === true && !sendsIssues),
    captureError: (error, options) => {
      if (sendsIssues) bridge?.captureError(error, options);
    },
    captureMessage: (message, options) => {
      if (sendsIssues) bridge?.captureMessage(message, options);
    },
    addBreadcrumb: (crumb) => bridge?.addBreadcrumb(crumb),
    forceFlush: (timeoutMillis = MAX_SHUTDOWN_MILLIS) =>
      settleWithin(timeoutMillis, [
        spanDoor.forceFlush(),
        logDoor.forceFlush(),
        ...(bridge ? [bridge.forceFlush(timeoutMillis)] : []),
      ]),
    shutdown: (timeoutMillis = MAX_SHUTDOWN_MILLIS) => {
      const limitMillis = Math.min(Math.max(timeoutMillis, 0), MAX_SHUTDOWN_MILLIS);
      shutdown ??= settleWithin(limitMillis, [
        ...(sdk ? [sdk.shutdown()] : []),
        ...(bridge ? [bridge.shutdown(limitMillis)] : []),
      ]).then(async () => {
        // What is under way until now would keep the process alive.
        await Promise.all([...parts.spanSinks, ...parts.logSinks].map((sink) => sink.close()));
        isEnded = true;
        tellEnd(stats(), reporter);
      });
      return shutdown.catch((error: unknown) => {
        reporter.once("processing:end", `Telemetry did not end in good order: ${describeThrown(error)}`);
      });
    },
  };
}

/** Losses are told in any case, the rest with OTEL_LOG_LEVEL=info. */
function tellEnd(stats: TelemetryStats, reporter: Reporter): void {
  const deliveries = describeDeliveries(stats);
  if (deliveries !== undefined) tellDiag("info", deliveries);
  const losses = describeLosses(stats);
  if (losses !== undefined) reporter.once("losses", losses);
}

function readSinks(sinks: readonly { name: string; stats(): SinkStats }[]): Record<string, SinkStats> {
  return Object.fromEntries(sinks.map((sink) => [sink.name, sink.stats()]));
}
