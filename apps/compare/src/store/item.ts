import { readMillis, type TraceError, type TraceLog, type TraceSpan } from "@tracebridge/comparison";
import type { Side, TraceView } from "../trace/model.ts";
import { hashText } from "./hash.ts";

/** One thing to keep, with what it is and which side received it. */
export type StoredItem =
  | { kind: "span"; side: Side; value: TraceSpan }
  | { kind: "log"; side: Side; value: TraceLog }
  | { kind: "error"; side: "sentry"; value: TraceError };

/** How an item is filed. */
export interface FiledItem {
  /** Side, kind and id; what has no id goes by its content. */
  key: string;
  /** Whether `key` tells all of it; otherwise two items of one delivery may rightly be the same. */
  hasId: boolean;
  /** Milliseconds since 1970. */
  time: number;
  /** What many items share, as JSON. */
  origin: string;
  json: string;
}

export function fileItem({ kind, side, value }: StoredItem): FiledItem {
  const prefix = side.charAt(0) + kind.charAt(0);
  if (kind === "span") {
    const { traceId: _, resource, scope, ...own } = value;
    const origin = JSON.stringify({ resource, scope });
    const time = readMillis(value.startTimeUnixNano);
    return { key: prefix + value.spanId, hasId: true, time, origin, json: JSON.stringify(own) };
  }
  const { traceId: _, ...own } = value;
  const json = JSON.stringify(own);
  const id = kind === "error" ? value.eventId : "";
  const key = prefix + (id || hashText(json).toString(36));
  return { key, hasId: id !== "", time: readMillis(value.timeUnixNano), origin: "{}", json };
}

/** Puts a filed item back into the trace it belongs to. */
export function restoreItem(view: TraceView, key: string, json: string, origin: Partial<TraceSpan>): void {
  const side = key.startsWith("s") ? view.sentry : view.otlp;
  const own: unknown = Object.assign({ traceId: view.traceId }, JSON.parse(json), origin);
  if (key.charAt(1) === "s") side.spans.push(own as TraceSpan);
  else if (key.charAt(1) === "l") side.logs.push(own as TraceLog);
  else side.errors.push(own as TraceError);
}
