import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { getSpanStatusFromHttpCode } from "@sentry/core";

interface SentryStatus {
  readonly status: "ok" | "error";
  /** One of Sentry's words for a failed request, or what the instrumentation said. */
  readonly message?: string;
}

/** A caller who went away (499) is nobody's failure. */
const CANCELLED = "cancelled";

/**
 * The status as Sentry's own SDK gives it. Where OpenTelemetry leaves a server span unset after a 4xx, Sentry calls
 * it an error; a status that somebody set stays what it is.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
export function readStatus({ status, kind, attributes }: ReadableSpan): SentryStatus {
  if (status.code === SpanStatusCode.OK) return { status: "ok" };
  if (status.code === SpanStatusCode.ERROR && status.message) {
    return status.message === CANCELLED ? { status: "ok" } : { status: "error", message: status.message };
  }
  const code = attributes["http.response.status_code"];
  const isRequest = kind === SpanKind.SERVER || kind === SpanKind.CLIENT;
  const { message } =
    isRequest && typeof code === "number" && code >= 400 ? getSpanStatusFromHttpCode(code) : {};
  if (message === undefined) return { status: status.code === SpanStatusCode.ERROR ? "error" : "ok" };
  return { status: message === CANCELLED ? "ok" : "error", message };
}
