import { readOtlpLog, readOtlpSpan } from "@tracebridge/comparison";
import type { OtlpLog, OtlpSpan } from "@tracebridge/receivers";
import type { StoredItem } from "../store/item.ts";

export function readItemsOfSpans(spans: readonly OtlpSpan[]): StoredItem[] {
  return spans.map((span) => ({ kind: "span", side: "otlp", value: readOtlpSpan(span) }));
}

/** Log records outside any trace belong to none and are left out. */
export function readItemsOfLogs(logs: readonly OtlpLog[]): StoredItem[] {
  return logs.flatMap((log): StoredItem[] => {
    const value = readOtlpLog(log);
    return value ? [{ kind: "log", side: "otlp", value }] : [];
  });
}
