import { backEndNames, backEnds, describeSpan, readReceivedSpans } from "./received-span.ts";
import type { BackEnd, ReceivedSpan, ReceivedSpans } from "./received-span.ts";

export interface DrawOptions {
  /** Draws the tree of one back end alone, without a heading. */
  readonly in?: BackEnd;
}

/**
 * Draws the spans of one trace as an indented tree: a line for each, with service, kind, name and `(error)`. Nothing in
 * it changes from run to run: no ids, no times, and siblings stand in the order of their text and of what is below them,
 * by code unit, not in the order of start or arrival.
 *
 * A heading says which back ends have this tree; where the two differ, each has its own. A span whose parent did not
 * arrive is a root, and marked.
 *
 * @throws TypeError when `receiver` is none
 */
export function drawTrace(receiver: ReceivedSpans, traceId: string, options: DrawOptions = {}): string {
  const spans = readReceivedSpans(receiver).filter((span) => span.traceId === traceId);
  const drawAt = (wanted: BackEnd): string[] => drawTree(spans.filter(({ backEnd }) => backEnd === wanted));
  if (options.in) return drawAt(options.in).join("\n") || `no span arrived at ${backEndNames[options.in]}`;
  const trees = Map.groupBy(backEnds, (backEnd) => drawAt(backEnd).join("\n  "));
  const drawn = [...trees].filter(([tree]) => tree !== "");
  const parts = drawn.map(
    ([tree, at]) => `${at.map((backEnd) => backEndNames[backEnd]).join(" and ")}\n  ${tree}`,
  );
  return parts.join("\n") || "no span arrived";
}

/** The lines of the spans of one trace at one back end. */
function drawTree(spans: readonly ReceivedSpan[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const isRoot = ({ parentSpanId = "" }: ReceivedSpan): boolean => !ids.has(parentSpanId);
  const childrenOf = Map.groupBy(spans, (span) => (isRoot(span) ? "" : (span.parentSpanId ?? "")));
  const drawn = new Set<string>();
  const draw = (parent: string, indent: string): string[] => {
    const siblings = (childrenOf.get(parent) ?? []).map((span) => {
      const isOrphan = parent === "" && span.parentSpanId !== undefined;
      const line = `${indent}${describeSpan(span)}${isOrphan ? " (parent not received)" : ""}`;
      // What is below a span that arrived twice is drawn once.
      if (drawn.has(span.spanId)) return [`${line} (again)`];
      drawn.add(span.spanId);
      return [line, ...draw(span.spanId, `${indent}  `)];
    });
    return siblings.toSorted((a, b) => compareText(a.join("\n"), b.join("\n"))).flat();
  };
  const lines = draw("", "");
  const lost = spans.filter(({ spanId }) => !drawn.has(spanId));
  return [...lines, ...lost.map((span) => `${describeSpan(span)} (under no root)`).toSorted(compareText)];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
