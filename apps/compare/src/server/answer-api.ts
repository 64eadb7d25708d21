import type { ServerResponse } from "node:http";
import type { Forwarding } from "../forward/forwarding.ts";
import { SourceError, type TraceSource } from "../sources/source.ts";
import type { TraceStore } from "../store/store.ts";
import { RequestError, sendJson, sendJsonText } from "./answer.ts";
import type { ArrivalFeed } from "./arrival-feed.ts";
import type { Comparisons } from "./comparisons/comparisons.ts";
import type { Question } from "./comparisons/protocol.ts";
import type { SourceInfo } from "./page-model.ts";
import { chooseSource, isEmpty } from "./sources.ts";

/** What the API answers from. */
export interface Api {
  store: TraceStore;
  feed: ArrivalFeed;
  comparisons: Comparisons;
  forwarding?: Pick<Forwarding, "counts">;
  /** Those that a page may name. */
  sources: readonly TraceSource[];
}

const tracePath = /^\/api\/traces\/([0-9a-f]{32})$/i;
const comparisonPath =
  /^\/api\/comparisons\/([0-9a-f]{32})(?:\/(page|verdict|differences|spans\/([0-9a-f]{16})))?$/i;
const listLimits = { fallback: 50, max: 500 };
const differenceLimits = { fallback: 200, max: 1000 };
const offsetLimits = { fallback: 0, max: 10_000_000 };

/**
 * As page-model.ts describes it.
 *
 * @returns false for what is no address of the API
 * @throws RequestError, SourceError
 */
export async function answerApi(api: Api, url: URL, response: ServerResponse): Promise<boolean> {
  const { pathname } = url;
  if (pathname === "/health") sendJson(response, 200, describeHealth(api));
  else if (pathname === "/api/sources") sendJson(response, 200, api.sources.map(describeSource));
  else if (pathname === "/api/traces") sendJson(response, 200, await listTraces(api.store, url));
  else if (pathname === "/api/arrivals") api.feed.connect(response);
  else if (tracePath.test(pathname)) await answerTrace(api, pathname, response);
  else if (comparisonPath.test(pathname)) await answerComparison(api, url, response);
  else return false;
  return true;
}

/** Alive, whatever the store is busy with and however ill the back ends that are forwarded to may be. */
function describeHealth({ store, forwarding }: Api) {
  return { status: "ok", store: store.fill(), forwarding: forwarding?.counts() ?? [] };
}

function describeSource({ name, label, format }: TraceSource): SourceInfo {
  return { name, label, format };
}

function listTraces(store: TraceStore, url: URL) {
  const query = url.searchParams.get("query")?.trim();
  const limit = readInteger(url, "limit", listLimits);
  return query ? store.findTraces(query, limit) : store.listTraces(limit);
}

async function answerTrace({ store }: Api, pathname: string, response: ServerResponse): Promise<void> {
  const traceId = (tracePath.exec(pathname)?.[1] ?? "").toLowerCase();
  const trace = await store.readTrace(traceId);
  if (isEmpty(trace.sentry) && isEmpty(trace.otlp)) {
    throw new RequestError(404, "TRACE_NOT_FOUND", `nothing of trace ${traceId} has arrived`);
  }
  sendJson(response, 200, trace);
}

/** A large trace takes a second: the browser loads the page while it is compared. */
export function prepareComparison({ comparisons, sources }: Api, traceId: string, url: URL): void {
  try {
    comparisons.prepare(traceId.toLowerCase(), ...chooseSides(sources, url));
  } catch (error) {
    // The page is told when it asks.
    if (!(error instanceof SourceError)) throw error;
  }
}

async function answerComparison(api: Api, url: URL, response: ServerResponse): Promise<void> {
  const traceId = (comparisonPath.exec(url.pathname)?.[1] ?? "").toLowerCase();
  const [left, right] = chooseSides(api.sources, url);
  const answer = await api.comparisons.ask(traceId, left, right, readQuestion(url));
  if (answer === undefined) {
    throw new RequestError(404, "SPAN_NOT_FOUND", `neither side has this span in trace ${traceId}`);
  }
  sendJsonText(response, 200, answer);
}

function chooseSides(
  sources: readonly TraceSource[],
  { searchParams }: URL,
): [left: TraceSource, right: TraceSource] {
  return [
    chooseSource(sources, searchParams.get("left"), 0),
    chooseSource(sources, searchParams.get("right"), 1),
  ];
}

function readQuestion(url: URL): Question {
  const [, , part, spanId] = comparisonPath.exec(url.pathname) ?? [];
  if (spanId !== undefined) return { kind: "span", spanId: spanId.toLowerCase() };
  if (part === "page" || part === "verdict") return { kind: part };
  if (part === undefined) return { kind: "whole" };
  return {
    kind: "differences",
    rule: url.searchParams.get("rule") ?? undefined,
    offset: readInteger(url, "offset", offsetLimits),
    limit: readInteger(url, "limit", differenceLimits),
  };
}

function readInteger(url: URL, name: string, { fallback, max }: { fallback: number; max: number }): number {
  const text = url.searchParams.get(name);
  if (text === null || text === "") return fallback;
  if (/^\d{1,8}$/.test(text)) return Math.min(Number(text), max);
  throw new RequestError(400, "BAD_QUERY", `${name} must be a whole number`);
}
