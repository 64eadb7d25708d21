import { type Fields } from "@tracebridge/receivers";
import type { AttributeQuery } from "./attribute-query.ts";
import type { AskJaeger } from "./jaeger-api.ts";
import { countSpansOfV1, countSpansOfV3, type SpanCounts } from "./jaeger-spans.ts";

/** Jaeger wants to know how far back; its own default, two days, has forgotten last week's order. */
const lookbackMillis = 7 * 24 * 60 * 60 * 1000;
/** A search is asked for each service; no more of them than a question's time allows for. */
const maxServices = 50;
/** Of each service, that the order's own trace is not missed for the many that only asked for its status. */
const minTracesOfService = 20;

interface SearchApi {
  services: { path: string; field: string };
  traces: { path: string; field: string };
  /** The parameters of a search that ends now. */
  write: (service: string, query: AttributeQuery, depth: string, nowMillis: number) => Record<string, string>;
  count: (json: Fields) => SpanCounts;
}

/**
 * In the order in which they are tried: up to Jaeger 2.18 v1 alone filters by attributes; after 2.20 there is only v3,
 * which then does, too.
 */
const apis: readonly SearchApi[] = [
  {
    services: { path: "/api/services", field: "data" },
    traces: { path: "/api/traces", field: "data" },
    write: (service, { key, value }, limit, now) => ({
      service,
      tags: JSON.stringify({ [key]: value }),
      limit,
      start: `${now - lookbackMillis}000`,
      end: `${now}000`,
    }),
    count: countSpansOfV1,
  },
  {
    services: { path: "/api/v3/services", field: "services" },
    traces: { path: "/api/v3/traces", field: "result" },
    write: (service, { key, value }, depth, now) => ({
      "query.serviceName": service,
      "query.attributes": JSON.stringify({ [key]: value }),
      "query.searchDepth": depth,
      "query.startTimeMin": new Date(now - lookbackMillis).toISOString(),
      "query.startTimeMax": new Date(now).toISOString(),
    }),
    count: countSpansOfV3,
  },
];

/** Ids of traces with this attribute on any span, those with most spans first. Undefined when no API for it is there. */
export async function findJaegerTraces(
  ask: AskJaeger,
  query: AttributeQuery,
  limit: number,
): Promise<string[] | undefined> {
  for (const api of apis) {
    const found = await search(ask, api, query, limit);
    if (found)
      return [...found].sort((a, b) => b[1] - a[1]).flatMap(([id]) => (typeof id === "string" ? [id] : []));
  }
  return undefined;
}

async function search(
  ask: AskJaeger,
  { services, traces, write, count }: SearchApi,
  query: AttributeQuery,
  limit: number,
): Promise<SpanCounts | undefined> {
  const list = await ask(services.path, services.field);
  if (list.kind !== "found") return undefined;
  const found = new Map<unknown, number>();
  const depth = String(Math.max(limit, minTracesOfService));
  const now = Date.now();
  for (const service of readTexts(list.json[services.field]).slice(0, maxServices)) {
    const answer = await ask(traces.path, traces.field, write(service, query, depth, now));
    if (answer.kind === "absent") return undefined;
    if (answer.kind === "nothing") continue;
    for (const [traceId, spans] of count(answer.json)) found.set(traceId, spans);
  }
  return found;
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
