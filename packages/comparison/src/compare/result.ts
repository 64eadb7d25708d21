import type { TraceFormat, TraceSpan } from "../model.ts";

/** What two spans, or two sides, can differ in. `span`, `error`, `log`: one side has none at all. */
export type DifferenceField =
  | "span"
  | "parent"
  | "name"
  | "service"
  | "kind"
  | "op"
  | "segment"
  | "status"
  | "statusMessage"
  | "start"
  | "duration"
  | "attribute"
  | "resource"
  | "scope"
  | "event"
  | "link"
  | "traceState"
  | "flags"
  | "error"
  | "log";

/**
 * - `unexplained`: the two sides contradict each other.
 * - `explained`: a rule predicts exactly this from what the other side has.
 * - `late`: one side lacks it and it is so new that it may still be on its way.
 */
export type DifferenceVerdict = "unexplained" | "explained" | "late";

/** One difference. `left` and `right` are the values as each side has them; undefined where a side has none. */
export interface Difference {
  verdict: DifferenceVerdict;
  field: DifferenceField;
  /** The key of the attribute, resource attribute or event that differs. */
  key?: string;
  /** The span it is about; errors and logs may have none. */
  spanId?: string;
  service: string;
  left?: unknown;
  right?: unknown;
  /** Id of the rule in `explanations`, when explained; of clock skew `clock-skew:` and the service. */
  rule?: string;
}

/** A rule that explained something in this comparison. */
export interface Explanation {
  rule: string;
  /** One line. */
  title: string;
  /** Why it is so, and where that is written down. */
  reason: string;
  source?: string;
  /** How many differences it explains here. */
  count: number;
}

/** What one side has, counted. */
export interface SideSummary {
  format: TraceFormat;
  spans: number;
  errors: number;
  logs: number;
  /** By service, in alphabetical order. */
  services: { service: string; spans: number; failedSpans: number; errors: number; logs: number }[];
  startTimeUnixNano?: string;
  /** From the first start to the last end, nanoseconds. */
  durationNanos: number;
  /**
   * The spans that decided how long the trace took, first to last. Web vitals are none of them. Their shares add up to the time from
   * the root's start to the last end below it.
   */
  criticalPath: { spanId: string; nanos: number }[];
}

/**
 * - `equal`: every difference is explained.
 * - `different`: at least one is not.
 * - `incomplete`: none is unexplained, but some spans may still be on their way.
 * - `one-sided`: one side has no span of the trace, so there is nothing to compare.
 * - `no-spans`: neither side has one, only errors or logs.
 */
export type ComparisonVerdict = "equal" | "different" | "incomplete" | "one-sided" | "no-spans";

/** The answer of `compareTraces`; JSON all through. */
export interface TraceComparison {
  traceId: string;
  verdict: ComparisonVerdict;
  left: SideSummary;
  right: SideSummary;
  counts: { unexplained: number; explained: number; late: number };
  differences: Difference[];
  explanations: Explanation[];
}

/** What one side shows beside what the other shows. */
export interface AlignedRow {
  left?: TraceSpan;
  right?: TraceSpan;
  /** In the tree that both sides make together: left's parent where they contradict each other. */
  depth: number;
  /** A parent was named that neither side has. */
  orphan: boolean;
}

export interface CompareOptions {
  /** Milliseconds by which start and duration may differ and still be equal; 1 unless told. */
  toleranceMillis?: number;
  /** The time at which the two were read, milliseconds since 1970; without it nothing is late. */
  nowMillis?: number;
  /**
   * What ended less than this before `nowMillis` (or up to five minutes after it, by a clock that is ahead) may still be on
   * its way to one side; 10,000 unless told.
   */
  graceMillis?: number;
}
