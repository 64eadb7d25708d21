import { type Fields } from "@tracebridge/receivers";
import { readJaegerV1Trace, readJaegerV3Trace, type Trace } from "@tracebridge/comparison";
import { readAttributeQuery } from "./attribute-query.ts";
import { defaultLimits, type FetchLimits } from "./fetch-json.ts";
import { readJaegerAddress, type JaegerAddress } from "./jaeger-address.ts";
import { startAsking } from "./jaeger-api.ts";
import { findJaegerTraces } from "./jaeger-search.ts";
import { countSpansOfV1, countSpansOfV3, type SpanCounts } from "./jaeger-spans.ts";
import { SourceError, type TraceSource } from "./source.ts";
import { isTraceId, readTraceId } from "./trace-id.ts";

interface TraceApi {
  path: string;
  field: string;
  parameters: Record<string, string>;
  read: (json: Fields) => Trace | undefined;
  count: (json: Fields) => SpanCounts;
}

/**
 * In the order in which they are tried. Without "raw" Jaeger changes what it shows: new ids for spans that share one,
 * attributes moved, spans left out. Versions up to 2.18 know the first spelling of v3 only.
 */
const apis: readonly TraceApi[] = [
  {
    path: "/api/v3/traces/",
    field: "result",
    parameters: { raw_traces: "true", rawTraces: "true" },
    read: readJaegerV3Trace,
    count: countSpansOfV3,
  },
  {
    path: "/api/traces/",
    field: "data",
    parameters: { raw: "true" },
    read: readJaegerV1Trace,
    count: countSpansOfV1,
  },
];

/**
 * A Jaeger, by its query API v3, or v1 where there is none.
 *
 * @param address what follows `jaeger:`; user and password in it are sent as Basic authentication and never printed
 * @throws SourceError `SOURCE_UNKNOWN` for what is no address
 */
export function openJaegerSource(address: string, limits: FetchLimits = defaultLimits): TraceSource {
  const jaeger = readJaegerAddress(address);
  return {
    name: jaeger.name,
    label: "Jaeger",
    format: "jaeger-v3",
    readTrace: (traceId) => readTrace(jaeger, limits, traceId),
    findTraceIds: (query, limit) => findTraceIds(jaeger, limits, query.trim(), limit),
    pageUrl: (traceId) => `${jaeger.base}/trace/${readTraceId(traceId)}`,
  };
}

async function readTrace(jaeger: JaegerAddress, limits: FetchLimits, id: string): Promise<Trace | undefined> {
  const traceId = readTraceId(id);
  const ask = startAsking(jaeger, limits);
  for (const api of apis) {
    const answer = await ask(api.path + traceId, api.field, api.parameters);
    if (answer.kind === "nothing") return undefined;
    if (answer.kind === "found") return readAnswer(jaeger, traceId, api, answer.json);
  }
  throw noJaeger(jaeger);
}

function readAnswer(
  { name }: JaegerAddress,
  traceId: string,
  { read, count }: TraceApi,
  json: Fields,
): Trace | undefined {
  let trace: Trace | undefined;
  try {
    trace = read(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SourceError("ANSWER_NOT_UNDERSTOOD", `${name} answers what cannot be read: ${reason}`, {
      cause,
    });
  }
  if (trace !== undefined && trace.traceId !== traceId) {
    throw new SourceError("ANSWER_NOT_UNDERSTOOD", `${name} answers with another trace than ${traceId}.`);
  }
  // A span that is left out here would look as if Jaeger had never got it.
  const unread = [...count(json).values()].reduce((sum, spans) => sum + spans, -(trace?.spans.length ?? 0));
  if (unread <= 0) return trace;
  throw new SourceError(
    "ANSWER_NOT_UNDERSTOOD",
    `${name} answers with spans that cannot be read: ${unread}.`,
  );
}

async function findTraceIds(
  jaeger: JaegerAddress,
  limits: FetchLimits,
  query: string,
  limit: number,
): Promise<string[]> {
  if (isTraceId(query)) {
    const trace = await readTrace(jaeger, limits, query);
    return trace ? [trace.traceId] : [];
  }
  const found = await findJaegerTraces(startAsking(jaeger, limits), readAttributeQuery(query), limit);
  if (!found) throw noJaeger(jaeger);
  return found.slice(0, limit);
}

function noJaeger({ name }: JaegerAddress): SourceError {
  return new SourceError(
    "ANSWER_NOT_UNDERSTOOD",
    `${name} does not answer as a Jaeger does. Is it the address of Jaeger's user interface (port 16686), with its path?`,
  );
}
