import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { readRequest, receive } from "@tracebridge/receivers";
import type { Forwarding } from "../forward/forwarding.ts";
import type { TraceSource } from "../sources/source.ts";
import { createArrivals } from "../store/create-arrivals.ts";
import type { TraceStore } from "../store/store.ts";
import { answerApi, prepareComparison } from "./answer-api.ts";
import { RequestError, sendProblem } from "./answer.ts";
import { createArrivalFeed } from "./arrival-feed.ts";
import { Comparisons } from "./comparisons/comparisons.ts";
import { builtPages, isPageFile, sendApplication, sendPageFile } from "./page-files.ts";
import { readRequestError } from "./request-error.ts";
import { createLocalSources, type PageLinks } from "./sources.ts";

export interface CompareServer {
  /** Answers both protocols, the API and the pages. Does not listen. */
  listener: RequestListener;
  /** Ends the answers that have no end of their own; requests under way are finished. */
  endStreams(): void;
  /** Ends the thread that compares. */
  close(): Promise<void>;
}

export interface CompareServerOptions {
  /** Beside the local stores, in the order in which the pages name them. */
  sources?: readonly TraceSource[];
  pageLinks?: PageLinks;
  /** The built pages; those of this repository unless told. */
  pageFolder?: string;
  /** Sends on what was stored, as it was received. */
  forwarding?: Pick<Forwarding, "forward" | "counts">;
}

const pagePath = /^\/trace\/([0-9a-f]{32})\/?$/i;

export function createCompareServer(store: TraceStore, options: CompareServerOptions = {}): CompareServer {
  const { sources = [], pageLinks, pageFolder = builtPages, forwarding } = options;
  const feed = createArrivalFeed();
  const comparisons = new Comparisons();
  const api = {
    store,
    feed,
    comparisons,
    forwarding,
    sources: [...createLocalSources(store, pageLinks), ...sources],
  };
  const arrivals = createArrivals(store, {
    forward: forwarding?.forward,
    tell,
    onKept: (traceIds) => {
      comparisons.arrived(traceIds);
      feed.announce(traceIds);
    },
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    const url = readUrl(request);
    const { pathname } = url;
    if (await answerApi(api, url, response)) return;
    const traceId = pagePath.exec(pathname)?.[1];
    if (traceId !== undefined && request.method === "GET") prepareComparison(api, traceId, url);
    if (pathname === "/" || traceId !== undefined) return sendApplication(response, pageFolder, 200);
    if (isPageFile(pathname) && (await sendPageFile(response, pageFolder, pathname))) return;
    // A link that was cut short: the application says what a whole one looks like.
    if (pathname.startsWith("/trace/")) return sendApplication(response, pageFolder, 404);
    throw new RequestError(404, "NOT_FOUND", `there is nothing at ${pathname}`);
  };
  return {
    listener: (request, response) => {
      const received = readRequest(request);
      const answered = received ? receive(received, request, response, arrivals) : answer(request, response);
      answered.catch((error: unknown) => fail(request, response, error));
    },
    endStreams: () => feed.close(),
    close: () => comparisons.close(),
  };
}

/** @throws RequestError when the request is none that these pages make */
function readUrl({ method, url, headers }: IncomingMessage): URL {
  if (method !== "GET" && method !== "HEAD") {
    throw new RequestError(405, "METHOD_NOT_ALLOWED", "only GET and HEAD are answered here");
  }
  // A web page whose name resolves to this address must not read what is here.
  if (!isLocalName(headers.host)) {
    throw new RequestError(421, "WRONG_HOST", "ask by localhost or by address");
  }
  // A path of two slashes would be taken for a host.
  const parsed = URL.parse(`http://localhost${url?.startsWith("/") ? url : "/"}`);
  if (!parsed) throw new RequestError(400, "BAD_URL", "the address cannot be read");
  return parsed;
}

/** A name that only this machine's own people use for it, or a plain address. */
function isLocalName(host: string | undefined): boolean {
  return /^(localhost|[\d.]+|\[[\da-f:]+\]|[a-zA-Z][\w-]*)(:\d+)?$/.test(host ?? "");
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const told = readRequestError(error);
  if (!told) tell(`${request.method} ${JSON.stringify(request.url)} failed: ${String(error)}`);
  if (response.headersSent) return;
  if (told?.status === 405) response.setHeader("allow", "GET, HEAD");
  sendProblem(response, told ?? new RequestError(500, "INTERNAL", "see compare's log"));
}

function tell(message: string): void {
  process.stderr.write(`compare: ${message}\n`);
}
