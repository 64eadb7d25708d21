import type { Difference, Trace, TraceComparison, TraceSpan } from "@tracebridge/comparison";
import { cutToWidth, oneLine } from "./terminal-text.ts";

/** The two sides as read at one time, and what came of comparing them. */
export interface Compared {
  comparison: TraceComparison;
  left: Trace;
  right: Trace;
  /** Smaller traces that the id is also in. */
  otherTraceIds: string[];
}

export type CompareSide = "left" | "right";

/** What the sides are called in what is printed. */
export type SideLabels = Record<CompareSide, string>;

/** A file's name may be long. */
const maxLabelColumns = 20;

/** Both sides may be of one kind, such as two files. */
export function readSideLabels(left: { label: string }, right: { label: string }): SideLabels {
  const labels = {
    left: cutToWidth(oneLine(left.label), maxLabelColumns),
    right: cutToWidth(oneLine(right.label), maxLabelColumns),
  };
  return labels.left === labels.right ? { left: "Left", right: "Right" } : labels;
}

/** Spans of both sides by id; the left one where both have it. */
export function indexSpans({ left, right }: Compared): ReadonlyMap<string, TraceSpan> {
  return new Map([...right.spans, ...left.spans].map((span) => [span.spanId, span]));
}

/** `web: POST /order  cb7e69e06639453c`: what a difference or an error is about. */
export function describePlace(
  { spanId, service }: Pick<Difference, "spanId" | "service">,
  spans: ReadonlyMap<string, TraceSpan>,
): string {
  if (spanId === undefined) return oneLine(service);
  const span = spans.get(spanId);
  const name = span
    ? `${oneLine(span.service)}: ${oneLine(span.name)}`
    : `${oneLine(service)}: (unknown span)`;
  return `${name}  ${oneLine(spanId)}`;
}
