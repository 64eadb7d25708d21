import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { readBusinessIds } from "../../business-context/index.ts";
import { describeThrown } from "../../problems/index.ts";
import type { Reporter } from "../../problems/index.ts";
import { readTraceState } from "../../trace-state/index.ts";
import { describePath } from "./describe-path.ts";

type Fetch = typeof globalThis.fetch;

export interface FetchParts {
  /** Absent where no spans are made: headers are sent all the same. */
  readonly tracer?: Tracer;
  readonly isTarget: (attributes: Attributes) => boolean;
  readonly businessKeys: ReadonlySet<string>;
  readonly reportOnce: Reporter["once"];
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
 * Makes a span of every `fetch` and sends the headers of its trace to those who may have them. What the application gave
 * is left as it was, so that headers of one call are never on another. Returns what takes it away again.
 */
export function instrumentFetch(parts: FetchParts): () => void {
  const original = globalThis.fetch;
  if (typeof original !== "function") return () => {};
  let isOn = true;
  const traced: Fetch = (input, init) => {
    const call = isOn ? prepareCall(parts, input, init) : undefined;
    if (!call) return Reflect.apply(original, globalThis, [input, init]);
    // Active until the request was made, so that whoever wrapped fetch before us sees the span.
    return context.with(call.context, () =>
      follow(Reflect.apply(original, globalThis, [input, call.init]), call.span),
    );
  };
  globalThis.fetch = traced;
  return () => {
    isOn = false;
    // Somebody may have wrapped ours since.
    if (globalThis.fetch === traced) globalThis.fetch = original;
  };
}

interface Call {
  readonly context: Context;
  readonly init: RequestInit | undefined;
  readonly span: Span | undefined;
}

/** `undefined` when the call is none of ours; whatever fails here, the call is made as the application wants it. */
function prepareCall(parts: FetchParts, input: RequestInfo | URL, init?: RequestInit): Call | undefined {
  try {
    const active = context.active();
    const url = new URL(isRequest(input) ? input.url : String(input), document.baseURI);
    // A fragment is never sent, and may hold a token.
    url.hash = "";
    if (isTracingSuppressed(active) || !/^https?:$/.test(url.protocol)) return undefined;
    const method = init?.method ?? (isRequest(input) ? input.method : "GET");
    const attributes = describeCall(method.toUpperCase(), url);
    const span = startSpan(parts, active, attributes, url);
    const callContext = span ? trace.setSpan(active, span) : withReach(active, parts.isTarget(attributes));
    return { context: callContext, init: addHeaders(callContext, input, init), span };
  } catch (problem) {
    // Also what fetch itself will refuse: an address that is none.
    if (!(problem instanceof TypeError)) {
      parts.reportOnce("processing:fetch", `A fetch could not be traced: ${describeThrown(problem)}`);
    }
    return undefined;
  }
}

/** Also one of another frame. */
function isRequest(input: RequestInfo | URL): input is Request {
  return typeof input === "object" && input !== null && "url" in input;
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
  { tracer, businessKeys }: FetchParts,
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

/** A copy of `init` with the headers of the trace; those that the application has set itself stay. */
function addHeaders(from: Context, input: RequestInfo | URL, init?: RequestInit): RequestInit | undefined {
  const ours: Record<string, string> = {};
  propagation.inject(from, ours);
  if (Object.keys(ours).length === 0) return init;
  const headers = new Headers(init?.headers ?? (isRequest(input) ? input.headers : undefined));
  for (const [name, value] of Object.entries(ours)) {
    const own = headers.get(name);
    if (own === null) headers.set(name, value);
    else if (name === "baggage") headers.set(name, `${own},${value}`);
  }
  // An init may be an object of any kind, whose members are not all its own.
  return Object.create(init ?? null, { headers: { value: headers, enumerable: true } }) as RequestInit;
}

async function follow(answer: Promise<Response>, span: Span | undefined): Promise<Response> {
  if (!span) return answer;
  try {
    const response = await answer;
    endWithStatus(span, response.status);
    return response;
  } catch (error) {
    span.setAttribute("error.type", error instanceof Error ? error.name : "_OTHER");
    span.setStatus({ code: SpanStatusCode.ERROR, message: describeThrown(error) });
    span.end();
    throw error;
  }
}

/** An opaque response tells no status. */
function endWithStatus(span: Span, status: number): void {
  if (status > 0) span.setAttribute("http.response.status_code", status);
  if (status >= 400) {
    span.setAttribute("error.type", String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
