import type { OtlpLog, OtlpSpan } from "@tracebridge/receivers";
import type { StoredItem } from "../store/item.ts";
import { unknownService } from "./model.ts";

export function readItemsOfSpans(spans: readonly OtlpSpan[]): StoredItem[] {
  return spans.map((span): StoredItem => {
    const { traceId, spanId, parentSpanId, name, kind, status, attributes } = span;
    return {
      kind: "span",
      side: "otlp",
      value: {
        traceId,
        spanId,
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
        name,
        service: span.service ?? unknownService,
        kind,
        status,
        startMillis: toMillis(span.startTimeUnixNano),
        durationMillis: toMillis(span.endTimeUnixNano - span.startTimeUnixNano),
        attributes,
      },
    };
  });
}

/** Log records outside any trace belong to none and are left out. */
export function readItemsOfLogs(logs: readonly OtlpLog[]): StoredItem[] {
  return logs.flatMap((log): StoredItem[] => {
    const { traceId, spanId, attributes } = log;
    if (traceId === undefined) return [];
    const value = {
      traceId,
      spanId,
      service: log.service ?? unknownService,
      timeMillis: toMillis(log.timeUnixNano),
      level: log.severityText ?? String(log.severityNumber),
      body: typeof log.body === "string" ? log.body : JSON.stringify(log.body),
      attributes,
    };
    return [{ kind: "log", side: "otlp", value }];
  });
}

/** Whole nanoseconds to milliseconds, to the microsecond: more than that a number of this size cannot hold. */
function toMillis(nanoseconds: bigint): number {
  return Number(nanoseconds / 1000n) / 1000;
}
