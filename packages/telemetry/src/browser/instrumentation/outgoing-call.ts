import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { readBusinessIds } from "../../business-context/index.ts";
import { readTraceState } from "../../trace-state/index.ts";
import { describePath } from "./describe-path.ts";

export interface OutgoingCallParts {
  /** Absent where no spans are made: headers are sent all the same. */
  readonly tracer?: Tracer;
  readonly isTarget: (attributes: Attributes) => boolean;
  readonly businessKeys: ReadonlySet<string>;
}

/** A request that the page is about to make. */
export interface OutgoingCall {
  readonly context: Context;
  readonly span: Span | undefined;
  /** Those of the trace, for whoever may have them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The methods that have a name of their own: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
const METHODS = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
  "QUERY",
]);

/**
 * `undefined` when the call is none of ours.
 * @throws TypeError when the address is none
 */
export function startCall(
  parts: OutgoingCallParts,
  method: string,
  address: string,
): OutgoingCall | undefined {
  const active = context.active();
  const url = new URL(address, document.baseURI);
  // A fragment is never sent, and may hold a token.
  url.hash = "";
  if (isTracingSuppressed(active) || !/^https?:$/.test(url.protocol)) return undefined;
  const attributes = describeCall(method.toUpperCase(), url);
  const span = startSpan(parts, active, attributes, url);
  const callContext = span ? trace.setSpan(active, span) : withReach(active, parts.isTarget(attributes));
  const headers: Record<string, string> = {};
  propagation.inject(callContext, headers);
  return { context: callContext, span, headers };
}

/**
 * Whether a header of ours is sent beside the one that the application has set itself, `own`. Baggage is a list, of which
 * Sentry's members belong to one trace: those of two are as good as none.
 */
export function isSentBeside(name: string, own: string): boolean {
  return name === "baggage" && !/(?:^|,)\s*sentry-/.test(own);
}

/** An opaque response tells no status. */
export function endCall(span: Span | undefined, status: number): void {
  // A page that the browser has kept may get its answer after it was left, which has ended the span.
  if (!span?.isRecording()) return;
  if (status > 0) span.setAttribute("http.response.status_code", status);
  if (status >= 400) {
    span.setAttribute("error.type", String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The end of a call that nobody answered; `type` is the name of the error. */
export function failCall(span: Span | undefined, type: string, message: string): void {
  if (!span?.isRecording()) return;
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end();
}

function describeCall(method: string, url: URL): Attributes {
  const isKnown = METHODS.has(method);
  return {
    "http.request.method": isKnown ? method : "_OTHER",
    ...(!isKnown && { "http.request.method_original": method }),
    "url.full": url.href,
    "server.address": url.hostname,
    "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
    "sentry.op": "http.client",
  };
}

function startSpan(
  { tracer, businessKeys }: OutgoingCallParts,
  active: Context,
  attributes: Attributes,
  url: URL,
): Span | undefined {
  const path = describePath(url.pathname, readBusinessIds(active, businessKeys));
  const method = String(attributes["http.request.method"]);
  const name = `${method === "_OTHER" ? "HTTP" : method} ${path}`;
  return tracer?.startSpan(name, { kind: SpanKind.CLIENT, attributes }, active);
}

/** Where no span tells it, the context that is passed on tells to whom. */
function withReach(active: Context, isTarget: boolean): Context {
  const spanContext = trace.getSpanContext(active);
  const state = readTraceState(spanContext);
  if (!spanContext || !state) return active;
  const traceState = state.withReach(isTarget ? "all" : "none");
  return trace.setSpanContext(active, { ...spanContext, traceState });
}
