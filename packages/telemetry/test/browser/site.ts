import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A call of the page to a server that is not telemetry's. */
export interface SiteCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server of the application, or of somebody else. */
export interface Site {
  readonly url: string;
  readonly calls: SiteCall[];
  close(): Promise<void>;
}

const TRACE_HEADERS = ["sentry-trace", "baggage", "traceparent", "tracestate"];

/** The trace headers among those of a call. */
export function readTraceHeaders({ headers }: SiteCall): Record<string, string> {
  const found = TRACE_HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found);
}

/**
 * Answers every path under `/api/` with `{}` and keeps the call; `/api/status/404` with that status, `/api/slow` never. Any
 * page may ask, with any header.
 */
export function createApi(calls: SiteCall[]): RequestListener {
  return (request, response) => {
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    response.setHeader(
      "access-control-allow-headers",
      request.headers["access-control-request-headers"] ?? "*",
    );
    if (request.method === "OPTIONS") response.writeHead(204).end();
    else void keep(request, response, calls);
  };
}

async function keep(request: IncomingMessage, response: ServerResponse, calls: SiteCall[]): Promise<void> {
  const path = request.url ?? "";
  calls.push({
    method: request.method ?? "",
    path,
    headers: request.headers,
    body: await text(request),
  });
  if (path === "/api/slow") return;
  const status = /^\/api\/status\/(\d{3})$/.exec(path)?.[1] ?? "200";
  response.writeHead(Number(status), { "content-type": "application/json" }).end("{}");
}

/** Another origin than that of the page. */
export async function startSite(): Promise<Site> {
  const calls: SiteCall[] = [];
  const server = createServer(createApi(calls));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
