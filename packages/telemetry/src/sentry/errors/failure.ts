import { SpanKind } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Surroundings } from "../spans/surroundings.ts";

/**
 * Whether an exception on a span is one that somebody should look at. What the application records itself always is.
 * Instrumentations record more than that: what a call to another program threw, which the application may well have
 * handled (otherwise it turns up again on the span of the request), and the errors by which an application answers a
 * mistake of its caller. Sentry's own SDK makes no issue of an error answered with less than 500 either.
 */
export function isFailure(
  span: ReadableSpan,
  root: ReadableSpan | undefined,
  { readOrigin }: Pick<Surroundings, "readOrigin">,
): boolean {
  if (readOrigin(span.instrumentationScope.name, span.kind) === "manual") return true;
  if (span.kind === SpanKind.CLIENT || span.kind === SpanKind.PRODUCER) return false;
  const statusCode = root?.attributes["http.response.status_code"];
  return !(typeof statusCode === "number" && statusCode < 500);
}
