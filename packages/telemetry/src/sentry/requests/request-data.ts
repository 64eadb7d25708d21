import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Scope } from "@sentry/core";

type Metadata = Parameters<Scope["setSDKProcessingMetadata"]>[0];
type RequestData = NonNullable<Metadata["normalizedRequest"]>;

/**
 * What Sentry's `RequestData` integration takes from a request when there is an error. Made for every request, so that
 * nothing is copied or parsed: the headers are those of the request itself.
 */
export function readRequestData(request: IncomingMessage): RequestData {
  const { headers, method, url = "" } = request;
  const absolute = readUrl(request, url);
  const query = url.includes("?") ? /\?([^#]+)/.exec(url)?.[1] : undefined;
  return {
    headers: headers as Record<string, string>,
    ...(method !== undefined && { method }),
    ...(absolute !== undefined && { url: absolute }),
    ...(query !== undefined && { query_string: query }),
  };
}

/** `GET /path`: what Sentry calls the transaction of an error until its route is known. */
export function readTransactionName({ method, url = "/" }: IncomingMessage): string {
  const path = /[?#]/.test(url) ? url.slice(0, url.search(/[?#]/)) : url;
  return `${method?.toUpperCase() ?? "GET"} ${path || "/"}`;
}

function readUrl({ headers, socket }: IncomingMessage, url: string): string | undefined {
  // A client that takes this server for a proxy sends the whole address.
  if (url.startsWith("http")) return url;
  const host = readOne(headers["x-forwarded-host"]) ?? headers.host;
  if (url === "" || !host) return undefined;
  const isEncrypted = (socket as Partial<TLSSocket> | undefined)?.encrypted === true;
  const protocol = readOne(headers["x-forwarded-proto"]) ?? (isEncrypted ? "https" : "http");
  return `${protocol}://${host}${url}`;
}

function readOne(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && header !== "" ? header : undefined;
}
