import type {
  ComparisonSummary,
  DifferencePage,
  SourceInfo,
  SpanDetail,
  TracePageModel,
  TraceSummary,
} from "@tracebridge/compare/page-model";
import { readFailure, readProblem, readStrangeAnswer, type Answer } from "./problem.ts";

/** Names of two sources; without them compare takes its first two. */
interface SourcePair {
  readonly left?: string;
  readonly right?: string;
}

interface DifferenceQuery extends SourcePair {
  /** Only those that this rule explains. */
  readonly rule?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** The compare server, as the pages use it; a call that is given up by its signal answers with a problem, too. */
export interface CompareClient {
  readSources(signal?: AbortSignal): Promise<Answer<SourceInfo[]>>;
  /** The newest traces, or those that `query` finds. */
  readTraces(
    options: { query?: string; limit?: number },
    signal?: AbortSignal,
  ): Promise<Answer<TraceSummary[]>>;
  readVerdict(traceId: string, pair: SourcePair, signal?: AbortSignal): Promise<Answer<ComparisonSummary>>;
  readTracePage(traceId: string, pair: SourcePair, signal?: AbortSignal): Promise<Answer<TracePageModel>>;
  readDifferences(
    traceId: string,
    query: DifferenceQuery,
    signal?: AbortSignal,
  ): Promise<Answer<DifferencePage>>;
  readSpan(
    traceId: string,
    spanId: string,
    pair: SourcePair,
    signal?: AbortSignal,
  ): Promise<Answer<SpanDetail>>;
}

/** How long one call may take: a source that is far away may be slow. */
const timeoutMillis = 30_000;

type Query = Readonly<Record<string, string | number | undefined>>;

export function createCompareClient(): CompareClient {
  async function read<T>(path: string, query: Query, signal?: AbortSignal): Promise<Answer<T>> {
    const timeout = AbortSignal.timeout(timeoutMillis);
    try {
      const response = await fetch(path + formatQuery(query), {
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      });
      const body = readJson(await response.text());
      if (!response.ok) return { ok: false, problem: readProblem(response.status, body) };
      // The page and the server are built from one commit: what is JSON is what the types say.
      if (typeof body === "object" && body !== null) return { ok: true, value: body as T };
      return { ok: false, problem: readStrangeAnswer(response.status) };
    } catch (error) {
      return { ok: false, problem: readFailure(error, timeoutMillis) };
    }
  }
  const comparison = (traceId: string): string => `/api/comparisons/${encodeURIComponent(traceId)}`;
  return {
    readSources: (signal) => read("/api/sources", {}, signal),
    readTraces: ({ query, limit }, signal) => read("/api/traces", { query, limit }, signal),
    readVerdict: (traceId, { left, right }, signal) =>
      read(`${comparison(traceId)}/verdict`, { left, right }, signal),
    readTracePage: (traceId, { left, right }, signal) =>
      read(`${comparison(traceId)}/page`, { left, right }, signal),
    readDifferences: (traceId, { left, right, rule, offset, limit }, signal) =>
      read(`${comparison(traceId)}/differences`, { left, right, rule, offset, limit }, signal),
    readSpan: (traceId, spanId, { left, right }, signal) =>
      read(`${comparison(traceId)}/spans/${encodeURIComponent(spanId)}`, { left, right }, signal),
  };
}

function formatQuery(query: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") params.set(key, String(value));
  }
  return params.size > 0 ? `?${params}` : "";
}

/** Proxies answer with HTML when the server behind them is down: then undefined. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
