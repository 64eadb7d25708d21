import { readSentryError, readSentryLog, readSentrySpan } from "@tracebridge/comparison";
import type { SentryEnvelope } from "@tracebridge/receivers";
import type { StoredItem } from "../store/item.ts";

/** What an envelope says of traces. Logs and errors outside any trace belong to none and are left out. */
export function readItemsOfEnvelope({ spans, logs, events }: SentryEnvelope): StoredItem[] {
  return [
    ...spans.map((span): StoredItem => ({ kind: "span", side: "sentry", value: readSentrySpan(span) })),
    ...logs.flatMap((log): StoredItem[] => {
      const value = readSentryLog(log);
      return value ? [{ kind: "log", side: "sentry", value }] : [];
    }),
    ...events.flatMap((event): StoredItem[] => {
      const value = readSentryError(event);
      return value ? [{ kind: "error", side: "sentry", value }] : [];
    }),
  ];
}
