import * as otel from "@opentelemetry/api";
import type { LogRecord } from "@opentelemetry/api";
import { withIssueMark } from "../logs/index.ts";
import { readErrorMessage } from "../problems/index.ts";
import type { RunningTelemetry } from "../telemetry.ts";
import { flatten } from "./flatten.ts";
import { noteLogged } from "./logged-errors.ts";
import { isFailureLevel } from "./options.ts";
import type { CaptureErrorOptions, ErrorLevel } from "./options.ts";

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const SEVERITIES: Readonly<Record<ErrorLevel, readonly [severityNumber: number, text: string]>> = {
  fatal: [21, "FATAL"],
  error: [17, "ERROR"],
  warning: [13, "WARN"],
  info: [9, "INFO"],
  debug: [5, "DEBUG"],
};

/**
 * Writes a captured error to the log, unless it stands there: as a log record for the back ends that get no issue, or
 * on standard error when nobody else takes it. An error that is reported must not vanish.
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
 */
export function logError(
  error: unknown,
  options: CaptureErrorOptions,
  telemetry: RunningTelemetry | undefined,
): void {
  if (!noteLogged(error)) return;
  const level = options.level ?? "error";
  const message = readErrorMessage(error);
  if (telemetry?.logsErrors) {
    emit({ body: message, exception: error instanceof Error ? error : message }, level, options, telemetry);
  } else if (!telemetry?.sendsIssues && isFailureLevel(level)) {
    // The stack alone: the fields of an error may hold credentials.
    console.error(error instanceof Error ? (error.stack ?? message) : message);
  }
}

/** Writes a message to the log of the back ends that get no issue. */
export function logMessage(
  message: string,
  options: CaptureErrorOptions,
  telemetry: RunningTelemetry | undefined,
): void {
  if (telemetry?.logsErrors) emit({ body: message }, options.level ?? "info", options, telemetry);
}

function emit(
  record: LogRecord,
  level: ErrorLevel,
  { tags, extra, contexts }: CaptureErrorOptions,
  { sendsIssues }: RunningTelemetry,
): void {
  const [severityNumber, severityText] = SEVERITIES[level];
  const attributes = { ...flatten("", contexts), ...flatten("", extra), ...tags };
  const active = otel.context.active();
  const emittedIn = sendsIssues ? withIssueMark(active) : active;
  // Version 1.9, which an application with an SDK of its own may have, knows no logs.
  if (!("logs" in otel)) return;
  otel.logs
    .getLogger("@tracebridge/telemetry")
    .emit({ ...record, severityNumber, severityText, attributes, context: emittedIn });
}
