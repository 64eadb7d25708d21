import type { TraceSpan } from "./model.ts";
import { compareTimes } from "./time.ts";

/** A span in its place: rows come depth first, siblings by start time. */
export interface TreeRow {
  span: TraceSpan;
  depth: number;
  /** Its parent was named but has not arrived. */
  orphan: boolean;
}

/** Orders spans as a tree. A parent that never arrived, or a circle of parents, leaves no span out. */
export function arrangeTree(spans: readonly TraceSpan[]): TreeRow[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const childrenOf = Map.groupBy(
    spans.toSorted((a, b) => compareTimes(a.startTimeUnixNano, b.startTimeUnixNano)),
    (span) => (span.parentSpanId !== undefined && ids.has(span.parentSpanId) ? span.parentSpanId : ""),
  );
  const rows: TreeRow[] = [];
  const seen = new Set<TraceSpan>();
  const descend = (from: readonly TraceSpan[]): void => {
    // A stack of its own: a trace may be deeper than the engine's.
    const open = from.map((span) => ({ span, depth: 0 })).toReversed();
    for (let next = open.pop(); next; next = open.pop()) {
      const { span, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      rows.push({ span, depth, orphan: depth === 0 && span.parentSpanId !== undefined });
      for (const child of (childrenOf.get(span.spanId) ?? []).toReversed()) {
        open.push({ span: child, depth: depth + 1 });
      }
    }
  };
  descend(childrenOf.get("") ?? []);
  descend(spans.filter((span) => !seen.has(span)));
  return rows;
}
