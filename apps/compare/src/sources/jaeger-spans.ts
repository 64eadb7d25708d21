import { isFields, readObjects, type Fields } from "@tracebridge/receivers";

/** How many spans an answer has of each trace, whether or not they can be read. */
export type SpanCounts = ReadonlyMap<unknown, number>;

/** Of API v3, where the spans of all traces are in one list. */
export function countSpansOfV3({ result }: Fields): SpanCounts {
  const resources = isFields(result) ? readObjects(result["resourceSpans"]) : [];
  const scopes = resources.flatMap((entry) => readObjects(entry["scopeSpans"]));
  const counts = new Map<unknown, number>();
  for (const { traceId } of scopes.flatMap((scope) => readObjects(scope["spans"]))) {
    counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
  }
  return counts;
}

/** Of API v1. */
export function countSpansOfV1({ data }: Fields): SpanCounts {
  return new Map(readObjects(data).map(({ traceID, spans }) => [traceID, readObjects(spans).length]));
}
