import { isFields } from "@tracebridge/receivers";
import type { Trace } from "@tracebridge/comparison";
import type { Side } from "../trace/model.ts";
import type { BaseUrl } from "./base-url.ts";
import { defaultLimits, fetchJson, type Answer, type FetchLimits, type FetchOptions } from "./fetch-json.ts";
import { readMessage } from "./read-message.ts";
import { SourceError, type TraceSource } from "./source.ts";
import { readTraceId } from "./trace-id.ts";

const fix = "Start the stack with npm start, or set COMPARE_URL to where compare runs.";
const labels: Readonly<Record<Side, string>> = { sentry: "Sentry", otlp: "OTLP" };

/**
 * One of the two stores of a running compare, by its own API.
 *
 * @param address where it runs; user and password in it are sent as Basic authentication and never printed
 */
export function openLocalSource(
  side: Side,
  address: BaseUrl,
  limits: FetchLimits = defaultLimits,
): TraceSource {
  // Not the side: what fails, fails for both.
  const sourceName = `compare at ${address.base}`;
  const ask = async (path: string): Promise<Answer> => {
    const options: FetchOptions = {
      sourceName,
      headers: address.headers,
      limits,
      signal: AbortSignal.timeout(limits.timeoutMillis),
      authorisationFix: "Write user and password into COMPARE_URL: http://user:password@host.",
      unreachableFix: fix,
    };
    return fetchJson(new URL(address.base + path), options);
  };
  return {
    name: `local:${side}`,
    label: labels[side],
    format: side,
    readTrace: async (id) => {
      const traceId = readTraceId(id);
      return readView(await ask(`/api/traces/${traceId}`), side, traceId, sourceName);
    },
    findTraceIds: async (query, limit) =>
      readIds(await ask(`/api/traces?${new URLSearchParams({ query }).toString()}`), sourceName).slice(
        0,
        limit,
      ),
    pageUrl: (traceId) => `${address.base}/trace/${readTraceId(traceId)}`,
  };
}

function readView({ status, json }: Answer, side: Side, traceId: string, name: string): Trace | undefined {
  if (status === 404 && readErrorCode(json) === "TRACE_NOT_FOUND") return undefined;
  const view = isFields(json) ? json : {};
  const trace = view[side];
  if (status !== 200 || !isTrace(trace)) throw notUnderstood(status, json, name);
  if (view["traceId"] !== traceId || trace.traceId !== traceId) {
    throw new SourceError("ANSWER_NOT_UNDERSTOOD", `${name} answers with another trace than ${traceId}.`);
  }
  const isKnown = [trace.spans, trace.errors, trace.logs].some((list) => list.length > 0);
  return isKnown ? trace : undefined;
}

function readIds({ status, json }: Answer, name: string): string[] {
  if (status !== 200 || !Array.isArray(json)) throw notUnderstood(status, json, name);
  return json.flatMap((summary) =>
    isFields(summary) && typeof summary["traceId"] === "string" ? summary["traceId"] : [],
  );
}

/** Compare writes traces in our own model: of a program of another version no more than this can be told. */
function isTrace(value: unknown): value is Trace {
  return isFields(value) && ["spans", "errors", "logs"].every((key) => Array.isArray(value[key]));
}

function readErrorCode(json: unknown): unknown {
  const error = isFields(json) ? json["error"] : undefined;
  return isFields(error) ? error["code"] : undefined;
}

function notUnderstood(status: number, json: unknown, name: string): SourceError {
  const error = isFields(json) ? json["error"] : undefined;
  const message = readMessage(isFields(error) ? error["message"] : undefined);
  return new SourceError(
    "ANSWER_NOT_UNDERSTOOD",
    `${name} answers with status ${status}${message} and not as compare does. Is another program on that port? ${fix}`,
  );
}
