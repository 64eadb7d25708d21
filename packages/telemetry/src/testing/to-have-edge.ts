import { checkExpected } from "./expected-span.ts";
import { listLines } from "./message.ts";
import { backEndNames, describeSpan, readReceivedSpans } from "./received-span.ts";
import type { ReceivedSpan, ReceivedSpans } from "./received-span.ts";
import type { MatcherResult } from "./to-have-span.ts";
import { describeWhere, readIds, selectWhere } from "./where.ts";
import type { Where } from "./where.ts";

export interface EdgeOptions {
  /** Where the edge must have arrived; left out, one back end is enough. */
  readonly in?: Where;
  /** Look in this trace only. */
  readonly traceId?: string;
}

interface Edge {
  readonly child: ReceivedSpan;
  /** `undefined`: it has none, or it did not arrive at this back end. */
  readonly parent?: ReceivedSpan;
}

/** Passes when service `to` has a span whose parent is a span of service `from`, in the same trace. */
export function toHaveEdge(
  receiver: ReceivedSpans,
  from: string,
  to: string,
  options: EdgeOptions = {},
): MatcherResult {
  checkExpected(options);
  const edges = readEdges(receiver, options.traceId);
  const between = edges.filter(({ child, parent }) => parent?.service === from && child.service === to);
  const children = selectWhere(
    between.map(({ child }) => child),
    options.in,
  );
  const pass = children.length > 0;
  const wanted = `${from} → ${to}${describeWhere(options.in)}`;
  return {
    pass,
    message: () =>
      pass
        ? `expected no edge ${wanted}, but there is one:${listLines(between.map(describeEdge))}`
        : `expected an edge ${wanted}: a span of ${to} whose parent is a span of ${from}${explainEdges(edges, to)}`,
  };
}

function readEdges(receiver: ReceivedSpans, traceId: string | undefined): Edge[] {
  const spans = readReceivedSpans(receiver).filter(
    (span) => traceId === undefined || span.traceId === traceId,
  );
  const key = (span: ReceivedSpan): string => `${span.backEnd} ${readIds(span)}`;
  const byId = new Map(spans.map((span) => [key(span), span]));
  return spans.map((child) => ({
    child,
    parent:
      child.parentSpanId === undefined ? undefined : byId.get(key({ ...child, spanId: child.parentSpanId })),
  }));
}

function explainEdges(edges: readonly Edge[], to: string): string {
  const seen = edges
    .filter(({ child, parent }) => parent && parent.service !== child.service)
    .map(({ child, parent }) => `${parent?.service} → ${child.service} at ${backEndNames[child.backEnd]}`);
  const roots = edges
    .filter(({ child, parent }) => child.service === to && !parent)
    .map(({ child }) => child);
  return [
    seen.length > 0
      ? `\nedges that arrived:${listLines(seen.toSorted())}`
      : "\nno edge between two services arrived",
    roots.length > 0
      ? `\nspans of ${to} whose parent is not there:${listLines(roots.map(describeRoot))}`
      : "",
    edges.some(({ child }) => child.service === to) ? "" : `\nno span of ${to} arrived`,
  ].join("");
}

function describeEdge({ child, parent }: Edge): string {
  const parentText = parent ? describeSpan(parent) : "";
  return `at ${backEndNames[child.backEnd]}, ${parentText} → ${describeSpan(child)}`;
}

function describeRoot(span: ReceivedSpan): string {
  const why = span.parentSpanId === undefined ? "it has none" : "it did not arrive";
  return `at ${backEndNames[span.backEnd]}, ${describeSpan(span)} – ${why}`;
}
