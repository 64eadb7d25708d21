import { isFields } from "@tracebridge/receivers";
import { readAttributeQuery } from "./attribute-query.ts";
import type { SentryAddress } from "./sentry-address.ts";
import type { AskSentry } from "./sentry.ts";
import { SourceError } from "./source.ts";
import { isTraceId } from "./trace-id.ts";

const maxPages = 5;
const pageLength = 100;

/** Ids of the traces that have such a span, those with most of them first; of the newest 500 spans. */
export async function findSentryTraces(
  { name }: SentryAddress,
  ask: AskSentry,
  query: string,
  statsPeriod: string,
): Promise<string[]> {
  const counts = new Map<string, number>();
  const parameters = new URLSearchParams([
    ["dataset", "spans"],
    ["field", "id"],
    ["field", "trace"],
    ["field", "timestamp"],
    ["query", writeQuery(query)],
    ["sort", "-timestamp"],
    ["per_page", String(pageLength)],
    ["statsPeriod", statsPeriod],
  ]);
  for (let page = 0; page < maxPages; page += 1) {
    const { json, headers } = await ask("events/", parameters);
    for (const traceId of readTraceIds(json, name)) counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
    const cursor = readCursor(headers.get("link") ?? "");
    if (cursor === undefined) break;
    parameters.set("cursor", cursor);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([traceId]) => traceId);
}

/** In quotes nothing but a quote, a backslash and `*` is special. */
function writeQuery(query: string): string {
  const { key, value } = readAttributeQuery(query);
  return `${key}:"${value.replaceAll(/["\\*]/g, "\\$&")}"`;
}

function readTraceIds(json: unknown, name: string): string[] {
  const data = isFields(json) ? json["data"] : undefined;
  if (!Array.isArray(data)) {
    throw new SourceError(
      "ANSWER_NOT_UNDERSTOOD",
      `${name} answers a search with something else than its data.`,
    );
  }
  return data.flatMap((row) => {
    const trace: unknown = isFields(row) ? row["trace"] : undefined;
    return typeof trace === "string" && isTraceId(trace) ? [trace.toLowerCase()] : [];
  });
}

/** The next page's place. The address beside it is not looked at: we ask the one that we know. */
function readCursor(link: string): string | undefined {
  const next = link.split(",").find((part) => part.includes('rel="next"') && part.includes('results="true"'));
  return /; *cursor="([\w:.-]{1,100})"/.exec(next ?? "")?.[1];
}
