import { trace } from "@opentelemetry/api";
import { describeThrown } from "../problems/index.ts";
import { getRunningTelemetry } from "../telemetry.ts";
import { logError, logMessage } from "./log-error.ts";
import { markFailed, recordError } from "./mark-span.ts";
import { isFailureLevel } from "./options.ts";
import type { CaptureErrorOptions } from "./options.ts";

/**
 * Reports an error that the application handled. The active span is marked; Sentry gets an issue; back ends for logs
 * get a log record, unless `createLogger`'s logger has written the error before. Each of these once, however often the
 * same error is captured. With no back end at all, an `error` or `fatal` is written to standard error. Never throws.
 */
export function captureError(error: unknown, options: CaptureErrorOptions = {}): void {
  const telemetry = getRunningTelemetry();
  try {
    const span = trace.getActiveSpan();
    if (span && isFailureLevel(options.level ?? "error")) markFailed(span, error);
    else if (span) recordError(span, error);
    telemetry?.captureError(error, options);
    logError(error, options, telemetry);
  } catch (problem) {
    telemetry?.reportOnce("capture:error", `An error could not be captured: ${describeThrown(problem)}`);
  }
}

/** Reports what is worth knowing and no error; default level `info`. Goes where errors go. Never throws. */
export function captureMessage(message: string, options: CaptureErrorOptions = {}): void {
  const telemetry = getRunningTelemetry();
  try {
    telemetry?.captureMessage(message, options);
    logMessage(message, options, telemetry);
  } catch (problem) {
    telemetry?.reportOnce("capture:message", `A message could not be captured: ${describeThrown(problem)}`);
  }
}
