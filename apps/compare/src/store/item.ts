import { readMillis, type TraceError, type TraceLog, type TraceSpan } from "@tracebridge/comparison";
import type { Side } from "../trace/model.ts";

/** One thing to keep, with what it is and which side received it. */
export type StoredItem =
  | { kind: "span"; side: Side; value: TraceSpan }
  | { kind: "log"; side: Side; value: TraceLog }
  | { kind: "error"; side: "sentry"; value: TraceError };

/** How an item is filed. */
export interface ItemDescription {
  /** The same item delivered twice has the same key; logs have none. */
  key: string | null;
  name: string;
  /** Milliseconds since 1970. */
  time: number;
  /** What its trace can be found by. */
  searched: Record<string, unknown>;
}

export function describeItem(item: StoredItem): ItemDescription {
  switch (item.kind) {
    case "span": {
      const { spanId, name, startTimeUnixNano, attributes } = item.value;
      return { key: spanId, name, time: readMillis(startTimeUnixNano), searched: attributes };
    }
    case "error": {
      const { eventId, title, timeUnixNano, tags } = item.value;
      return { key: eventId || null, name: title, time: readMillis(timeUnixNano), searched: tags };
    }
    case "log": {
      const { body, timeUnixNano, attributes } = item.value;
      return { key: null, name: body, time: readMillis(timeUnixNano), searched: attributes };
    }
  }
}
