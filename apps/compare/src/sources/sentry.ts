import { isFields } from "@tracebridge/receivers";
import { FormatError, readSentryApiTrace, type Trace } from "@tracebridge/comparison";
import { defaultLimits, fetchJson, type Answer, type FetchLimits } from "./fetch-json.ts";
import { readMessage } from "./read-message.ts";
import { readSentryAddress, type SentryAddress } from "./sentry-address.ts";
import { findSentryTraces } from "./sentry-search.ts";
import { SourceError, type TraceSource } from "./source.ts";
import { isTraceId, readTraceId } from "./trace-id.ts";

/** How far back Sentry looks. */
const statsPeriod = "14d";
/** What the answer has no field for, and is not told unless asked for. `trace` lets us see that it is the right one. */
const additionalAttributes = ["trace", "service.name", "span.status", "span.kind", "orderId", "requestId"];

/** Asks Sentry's API; all that one of these asks must be answered within the time limit together. */
export type AskSentry = (path: string, parameters: URLSearchParams) => Promise<Answer>;

/**
 * An organization of Sentry, by its REST API.
 *
 * @param organization what follows `sentry:`, its slug
 * @throws SourceError `SOURCE_UNKNOWN`, or `UNAUTHORISED` without a token
 */
export function openSentrySource(
  organization: string,
  env: NodeJS.ProcessEnv,
  limits: FetchLimits = defaultLimits,
): TraceSource {
  const address = readSentryAddress(organization, env);
  return {
    name: `sentry:${organization}`,
    label: "Sentry",
    format: "sentry-api",
    readTrace: async (traceId) => readTrace(address, startAsking(address, limits), readTraceId(traceId)),
    findTraceIds: async (query, limit) => {
      const ask = startAsking(address, limits);
      const text = query.trim();
      if (!isTraceId(text)) return (await findSentryTraces(address, ask, text, statsPeriod)).slice(0, limit);
      const trace = await readTrace(address, ask, readTraceId(text));
      return trace ? [trace.traceId] : [];
    },
    pageUrl: (traceId) => address.pageUrl(readTraceId(traceId)),
  };
}

async function readTrace(
  { name }: SentryAddress,
  ask: AskSentry,
  traceId: string,
): Promise<Trace | undefined> {
  const parameters = new URLSearchParams({ statsPeriod });
  for (const attribute of additionalAttributes) parameters.append("additional_attributes", attribute);
  const { json } = await ask(`trace/${traceId}/`, parameters);
  try {
    return readSentryApiTrace(json, traceId);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new SourceError("ANSWER_NOT_UNDERSTOOD", `${name} answers what cannot be read. ${cause.message}`, {
      cause,
    });
  }
}

function startAsking({ name, api, headers }: SentryAddress, limits: FetchLimits): AskSentry {
  const options = {
    sourceName: name,
    headers,
    limits,
    signal: AbortSignal.timeout(limits.timeoutMillis),
    authorisationFix:
      "SENTRY_AUTH_TOKEN has to be a token of this organization with the scope event:read, and SENTRY_URL the Sentry " +
      "that issued it.",
    redirectFix:
      "Set SENTRY_URL to the address of the organization's region, such as https://us.sentry.io or https://de.sentry.io.",
  };
  return async (path, parameters) => {
    const answer = await fetchJson(new URL(`${api}${path}?${parameters.toString()}`), options);
    if (answer.status === 200 && answer.json !== undefined) return answer;
    throw describeAnswer(name, answer);
  };
}

function describeAnswer(name: string, { status, contentType, json }: Answer): SourceError {
  const detail = readMessage(isFields(json) ? json["detail"] : undefined);
  const text =
    status === 200
      ? `${name} answers with ${contentType || "no content type"} instead of JSON. Is SENTRY_URL the address of a Sentry?`
      : status === 404
        ? `${name} answers with status 404${detail}. Is this the organization's slug, and may the token see its projects?`
        : `${name} answers with status ${status}${detail}. Try again later, or see its log.`;
  return new SourceError("ANSWER_NOT_UNDERSTOOD", text);
}
