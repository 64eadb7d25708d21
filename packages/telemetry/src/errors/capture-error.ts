import { SpanStatusCode, trace } from "@opentelemetry/api";
import { getRunningTelemetry } from "../telemetry.ts";

export type ErrorLevel = "fatal" | "error" | "warning" | "info" | "debug";

export interface CaptureErrorOptions {
  readonly tags?: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Default `error`. Levels below it leave the status of the active span alone. */
  readonly level?: ErrorLevel;
  /** Groups the issue in Sentry by these texts; `{{ default }}` stands for what Sentry would group by. */
  readonly fingerprint?: readonly string[];
  /** Whether the application dealt with the error; default true. `false` counts the request as crashed. */
  readonly handled?: boolean;
}

export interface Breadcrumb {
  readonly message: string;
  readonly category?: string;
  readonly level?: ErrorLevel;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Reports an error that the application handled: the active span is marked, and Sentry gets the error when there
 * is a DSN. Never throws; does nothing when telemetry is off.
 */
export function captureError(error: unknown, options: CaptureErrorOptions = {}): void {
  const telemetry = getRunningTelemetry();
  if (!telemetry) return;
  try {
    markActiveSpan(error, options.level ?? "error");
    telemetry.captureError(error, options);
  } catch (problem) {
    telemetry.reportOnce("capture-error", `An error could not be captured: ${String(problem)}`);
  }
}

/** Leaves a note that goes with later errors of the same request or message. Never throws. */
export function addBreadcrumb(crumb: Breadcrumb): void {
  const telemetry = getRunningTelemetry();
  try {
    telemetry?.addBreadcrumb(crumb);
  } catch (problem) {
    telemetry?.reportOnce("breadcrumb", `A breadcrumb could not be recorded: ${String(problem)}`);
  }
}

function markActiveSpan(error: unknown, level: ErrorLevel): void {
  const span = trace.getActiveSpan();
  if (!span?.isRecording()) return;
  span.recordException(readException(error));
  if (level === "fatal" || level === "error") {
    span.setStatus({ code: SpanStatusCode.ERROR, message: readErrorMessage(error) });
  }
}

function readException(error: unknown): Error | string {
  return error instanceof Error ? error : readErrorMessage(error);
}

/** The text of anything that can be thrown. */
export function readErrorMessage(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === "string") return error;
  try {
    return JSON.stringify(error) ?? String(error);
  } catch {
    return Object.prototype.toString.call(error);
  }
}
