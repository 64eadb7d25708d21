import { SpanStatusCode } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { describeThrown, readErrorMessage } from "../problems/index.ts";
import { getRunningTelemetry } from "../telemetry.ts";

/** The error each span recorded last: one that is captured and then thrown on is one event. */
const lastErrors = new WeakMap<Span, unknown>();

/** Records `error` on `span`, once. Never throws, though getters of an error may. */
export function recordError(span: Span, error: unknown): void {
  if (!span.isRecording() || (lastErrors.has(span) && lastErrors.get(span) === error)) return;
  lastErrors.set(span, error);
  try {
    span.recordException(error instanceof Error ? error : readErrorMessage(error));
  } catch (problem) {
    const message = `An error could not be recorded on a span: ${describeThrown(problem)}`;
    getRunningTelemetry()?.reportOnce("capture:span", message);
  }
}

/** Records `error` on `span` and says that what the span stands for failed. Never throws. */
export function markFailed(span: Span, error: unknown): void {
  if (!span.isRecording()) return;
  recordError(span, error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: readErrorMessage(error) });
}
