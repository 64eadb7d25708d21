import type { ClientRequest, IncomingMessage } from "node:http";
import { isSpanContextValid, propagation } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import type { UndiciRequest } from "@opentelemetry/instrumentation-undici";
import { readTraceState } from "../trace-state/index.ts";

const BAGGAGE = "baggage";
const TRACE_HEADERS: readonly string[] = ["traceparent", "tracestate", "sentry-trace", BAGGAGE];

/**
 * Takes trace headers that the application wrote by hand off a request to a receiver that is to have none. `fetch`
 * would carry them along when a named receiver redirects it to another.
 */
export function withholdFromHttp(span: Span, request: ClientRequest | IncomingMessage): void {
  if (!("removeHeader" in request) || request.headersSent || !isWithheld(span)) return;
  for (const name of TRACE_HEADERS) request.removeHeader(name);
}

/**
 * The same for `fetch` and undici. A request that may have trace headers keeps none of the application's beside ours,
 * since two of a kind are as good as none; its baggage is merged by whoever receives it.
 */
export function withholdFromUndici(span: Span, request: UndiciRequest): void {
  if (!Array.isArray(request.headers) || !isSpanContextValid(span.spanContext())) return;
  const unwanted = isWithheld(span) ? TRACE_HEADERS : propagation.fields().filter((name) => name !== BAGGAGE);
  for (let index = request.headers.length - 2; index >= 0; index -= 2) {
    const name = request.headers[index];
    if (typeof name === "string" && unwanted.includes(name.toLowerCase())) request.headers.splice(index, 2);
  }
}

function isWithheld(span: Span): boolean {
  return readTraceState(span.spanContext())?.reach === "none";
}
