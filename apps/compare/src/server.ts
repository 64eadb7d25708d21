import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { readRequest, receive, type Arrivals } from "@tracebridge/receivers";
import { renderListPage } from "./pages/list-page.ts";
import { renderMissingTracePage, renderTracePage, type View } from "./pages/trace-page.ts";
import type { TraceStore } from "./store/store.ts";
import { readItemsOfLogs, readItemsOfSpans } from "./trace/from-otlp.ts";
import { readItemsOfEnvelope } from "./trace/from-sentry.ts";
import type { TraceSummary, TraceView } from "./trace/model.ts";

const listLimit = 50;
const tracePath = /^\/(?:api\/traces|trace)\/([0-9a-f]{32})$/i;
const views: readonly View[] = ["both", "sentry", "otlp"];
const stylesheet = readFileSync(new URL("pages/style.css", import.meta.url));
/** Whatever a span is called, it runs nothing and loads nothing. */
const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Answers both protocols, the JSON API and the pages. Does not listen. */
export function createCompareServer(store: TraceStore): RequestListener {
  const arrivals: Arrivals = {
    onEnvelope: (envelope) => store.write(readItemsOfEnvelope(envelope)),
    onOtlpTraces: (spans) => store.write(readItemsOfSpans(spans)),
    onOtlpLogs: (logs) => store.write(readItemsOfLogs(logs)),
    onFailure: (error, { path }) => reportFailure(`POST ${path}`, error),
  };
  return (request, response) => {
    const received = readRequest(request);
    const answered = received
      ? receive(received, request, response, arrivals)
      : answer(store, request, response);
    answered.catch((error: unknown) => {
      reportFailure(`${request.method} ${JSON.stringify(request.url)}`, error);
      if (!response.headersSent)
        sendJson(response, 500, { error: { code: "INTERNAL", message: "see compare's log" } });
    });
  };
}

async function answer(store: TraceStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  if (!isLocalName(request.headers.host)) {
    // A web page whose name resolves to this address must not read what is here.
    sendJson(response, 421, { error: { code: "WRONG_HOST", message: "ask by localhost or by address" } });
    return;
  }
  const url = URL.parse(request.url ?? "/", "http://localhost");
  if (!url) {
    sendJson(response, 400, { error: { code: "BAD_URL", message: "the address cannot be read" } });
    return;
  }
  const traceId = tracePath.exec(url.pathname)?.[1]?.toLowerCase();
  const query = url.searchParams.get("query")?.trim() || undefined;
  if (url.pathname === "/health") sendJson(response, 200, { status: "ok" });
  else if (url.pathname === "/style.css") send(response, 200, "text/css; charset=utf-8", stylesheet);
  else if (url.pathname === "/") sendHtml(response, 200, renderListPage(await readList(store, query), query));
  else if (url.pathname === "/api/traces") sendJson(response, 200, await readList(store, query));
  else if (traceId !== undefined) await answerTrace(store, traceId, url, response);
  else
    sendJson(response, 404, { error: { code: "NOT_FOUND", message: `there is nothing at ${url.pathname}` } });
}

function readList(store: TraceStore, query: string | undefined): Promise<TraceSummary[]> {
  return query === undefined ? store.listTraces(listLimit) : store.findTraces(query, listLimit);
}

async function answerTrace(
  store: TraceStore,
  traceId: string,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const trace = await store.readTrace(traceId);
  if (url.pathname.startsWith("/api/")) {
    const missing = {
      error: { code: "TRACE_NOT_FOUND", message: `nothing of trace ${traceId} has arrived` },
    };
    sendJson(response, isEmpty(trace) ? 404 : 200, isEmpty(trace) ? missing : trace);
    return;
  }
  if (isEmpty(trace)) {
    sendHtml(response, 404, renderMissingTracePage(traceId));
    return;
  }
  const view = views.find((name) => name === url.searchParams.get("view")) ?? "both";
  sendHtml(response, 200, renderTracePage(trace, view));
}

function reportFailure(request: string, error: unknown): void {
  process.stderr.write(`compare: ${request} failed: ${String(error)}\n`);
}

function isEmpty({ sentry, otlp }: TraceView): boolean {
  return [sentry, otlp]
    .flatMap(({ spans, errors, logs }) => [spans, errors, logs])
    .every((list) => list.length === 0);
}

/** A name that only this machine's own people use for it, or a plain address. */
function isLocalName(host: string | undefined): boolean {
  return /^(localhost|[\d.]+|\[[\da-f:]+\]|[a-zA-Z][\w-]*)(:\d+)?$/.test(host ?? "");
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, "application/json", JSON.stringify(body));
}

function sendHtml(response: ServerResponse, status: number, page: string): void {
  send(response, status, "text/html; charset=utf-8", page);
}

function send(response: ServerResponse, status: number, contentType: string, body: string | Buffer): void {
  response.writeHead(status, { ...headers, "content-type": contentType }).end(body);
}
