import { SpanStatusCode } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { readErrorMessage } from "./error-text.ts";

/** The error each span recorded last: one that is captured and then thrown on is one event. */
const lastErrors = new WeakMap<Span, unknown>();

/** Records `error` on `span`, once. */
export function recordError(span: Span, error: unknown): void {
  if (!span.isRecording() || (lastErrors.has(span) && lastErrors.get(span) === error)) return;
  lastErrors.set(span, error);
  span.recordException(error instanceof Error ? error : readErrorMessage(error));
}

/** Records `error` on `span` and says that what the span stands for failed. */
export function markFailed(span: Span, error: unknown): void {
  recordError(span, error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: readErrorMessage(error) });
}
