import type {
  ComparisonVerdict,
  Difference,
  Explanation,
  SideSummary,
  SpanKind,
  TraceFormat,
  TraceSpan,
} from "@tracebridge/comparison";

export type { TraceSummary } from "../trace/model.ts";

/**
 * What the pages in the browser are given, all JSON. Types only: of the server the browser imports nothing else but
 * ../trace/difference-words.ts.
 *
 * - `GET /api/sources`                                        SourceInfo[]
 * - `GET /api/traces?query=&limit=`                           TraceSummary[] (../trace/model.ts)
 * - `GET /api/traces/{traceId}`                               TraceView, both local stores
 * - `GET /api/arrivals`                                       server-sent events: `data: {"traceIds": […]}` after arrivals
 * - `GET /api/comparisons/{traceId}?left=&right=`             ComparisonDocument, as `npm run compare -- --json` prints it
 * - `GET /api/comparisons/{traceId}/verdict?left=&right=`     ComparisonSummary
 * - `GET /api/comparisons/{traceId}/page?left=&right=`        TracePageModel
 * - `GET /api/comparisons/{traceId}/differences?left=&right=&rule=&offset=&limit=`  DifferencePage
 * - `GET /api/comparisons/{traceId}/spans/{spanId}?left=&right=`                    SpanDetail
 *
 * `left` and `right` are names of SourceInfo; without them the first two are meant. Failures are
 * `{ error: { code, message } }` with a status of 4xx or 5xx; a trace that neither source knows is 404 TRACE_NOT_FOUND.
 */
export interface SourceInfo {
  name: string;
  label: string;
  format: TraceFormat;
}

/** One side of a row; times are milliseconds with fractions, from the trace's first start. */
export interface RowSide {
  name: string;
  /** Sentry's op, or the span kind. */
  kind: string;
  status: TraceSpan["status"];
  startMillis: number;
  durationMillis: number;
}

export interface TraceRow {
  spanId: string;
  /** Of the tree that both sides make together; rows come depth first. */
  depth: number;
  /** A parent was named that neither side has. */
  orphan: boolean;
  service: string;
  spanKind?: SpanKind;
  left?: RowSide;
  right?: RowSide;
  differences: { unexplained: number; explained: number; late: number };
  errors: number;
  logs: number;
  /** On the critical path of the left side, or where it has none of the right one. */
  critical: boolean;
}

/** A point on the time line. */
export interface TimedNote {
  side: "left" | "right" | "both";
  kind: "error" | "log";
  spanId?: string;
  service: string;
  /** Milliseconds from the trace's first start; may be negative. */
  atMillis: number;
  level: string;
  text: string;
}

export interface TracePageModel {
  traceId: string;
  verdict: ComparisonVerdict;
  counts: { unexplained: number; explained: number; late: number };
  /** The trace's first start, milliseconds since 1970. */
  startMillis: number;
  /** From the first start to the last end of both sides. */
  durationMillis: number;
  left: SideSummary & { source: SourceInfo; pageUrl?: string };
  right: SideSummary & { source: SourceInfo; pageUrl?: string };
  rows: TraceRow[];
  /** Unexplained and late ones; the first 1,000. The explained ones are asked for by rule. */
  differences: Difference[];
  explanations: Explanation[];
  /** The first 5,000, by time. */
  notes: TimedNote[];
}

export interface ComparisonSummary {
  verdict: ComparisonVerdict;
  counts: { unexplained: number; explained: number; late: number };
}

export interface DifferencePage {
  total: number;
  differences: Difference[];
}

export interface SpanDetail {
  left?: TraceSpan;
  right?: TraceSpan;
  differences: Difference[];
  explanations: Explanation[];
  notes: TimedNote[];
}
