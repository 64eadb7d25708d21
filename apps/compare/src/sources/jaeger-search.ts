import { isFields, type AskJaeger, type Fields } from "./jaeger-api.ts";

export interface AttributeQuery {
  key: string;
  value: string;
}

/** Jaeger wants to know how far back; its own default, two days, has forgotten last week's order. */
const lookbackMillis = 7 * 24 * 60 * 60 * 1000;
/** A search is asked for each service; no more of them than a question's time allows for. */
const maxServices = 50;
/** Of each service, that the order's own trace is not missed for the many that only asked for its status. */
const minTracesOfService = 20;

/**
 * Ids of traces with this attribute on any span, those with most spans first. Undefined when no API for it is there.
 *
 * By API v1, which up to Jaeger 2.18 alone filters by attributes; after 2.20 there is only v3, which then does, too.
 */
export async function findJaegerTraces(
  ask: AskJaeger,
  query: AttributeQuery,
  limit: number,
): Promise<string[] | undefined> {
  const found = (await findByV1(ask, query, limit)) ?? (await findByV3(ask, query, limit));
  return found && [...found].sort((a, b) => b[1] - a[1]).map(([traceId]) => traceId);
}

/** How many spans each trace has. */
type SpanCounts = ReadonlyMap<string, number>;

async function findByV1(
  ask: AskJaeger,
  { key, value }: AttributeQuery,
  limit: number,
): Promise<SpanCounts | undefined> {
  const services = await ask("/api/services", {});
  if (services.kind !== "found") return undefined;
  const counts = new Map<string, number>();
  const now = Date.now();
  for (const service of readTexts(services.json["data"]).slice(0, maxServices)) {
    const answer = await ask("/api/traces", {
      service,
      tags: JSON.stringify({ [key]: value }),
      limit: String(Math.max(limit, minTracesOfService)),
      start: `${now - lookbackMillis}000`,
      end: `${now}000`,
    });
    if (answer.kind === "absent") return undefined;
    if (answer.kind === "nothing") continue;
    for (const trace of readObjects(answer.json["data"])) {
      const { traceID, spans } = trace;
      if (typeof traceID === "string") counts.set(traceID, Array.isArray(spans) ? spans.length : 0);
    }
  }
  return counts;
}

async function findByV3(
  ask: AskJaeger,
  query: AttributeQuery,
  limit: number,
): Promise<SpanCounts | undefined> {
  const services = await ask("/api/v3/services", {});
  if (services.kind !== "found") return undefined;
  const counts = new Map<string, number>();
  const now = Date.now();
  for (const service of readTexts(services.json["services"]).slice(0, maxServices)) {
    const answer = await ask("/api/v3/traces", {
      "query.serviceName": service,
      "query.attributes": JSON.stringify({ [query.key]: query.value }),
      "query.searchDepth": String(Math.max(limit, minTracesOfService)),
      "query.startTimeMin": new Date(now - lookbackMillis).toISOString(),
      "query.startTimeMax": new Date(now).toISOString(),
    });
    if (answer.kind === "absent") return undefined;
    if (answer.kind === "nothing") continue;
    for (const [traceId, count] of countSpans(answer.json)) counts.set(traceId, count);
  }
  return counts;
}

/** The spans of all traces found are in one list. */
function countSpans({ result }: Fields): SpanCounts {
  const counts = new Map<string, number>();
  if (!isFields(result)) return counts;
  const scopes = readObjects(result["resourceSpans"]).flatMap((entry) => readObjects(entry["scopeSpans"]));
  for (const { traceId } of scopes.flatMap((scope) => readObjects(scope["spans"]))) {
    if (typeof traceId === "string") counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
  }
  return counts;
}

function readObjects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
