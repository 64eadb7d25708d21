import type { Side, TraceError, TraceLog, TraceSpan } from "../trace/model.ts";

/** One thing to keep, with what it is and which side received it. */
export type StoredItem =
  | { kind: "span"; side: Side; value: TraceSpan }
  | { kind: "log"; side: Side; value: TraceLog }
  | { kind: "error"; side: "sentry"; value: TraceError };
