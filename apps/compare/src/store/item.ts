import type { Side, TraceError, TraceLog, TraceSpan } from "../trace/model.ts";

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
      const { spanId, name, startMillis, attributes } = item.value;
      return { key: spanId, name, time: startMillis, searched: attributes };
    }
    case "error": {
      const { eventId, title, timeMillis, tags } = item.value;
      return { key: eventId || null, name: title, time: timeMillis, searched: tags };
    }
    case "log": {
      const { body, timeMillis, attributes } = item.value;
      return { key: null, name: body, time: timeMillis, searched: attributes };
    }
  }
}
