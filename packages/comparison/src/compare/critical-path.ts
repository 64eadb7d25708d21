import { readString } from "@tracebridge/receivers";
import type { TraceSpan } from "../model.ts";
import { compareTimes, readNanosBetween } from "../time.ts";
import { arrangeTree } from "../tree.ts";

interface Node {
  span: TraceSpan;
  /** Nanoseconds after the first start of the trace. */
  start: number;
  end: number;
  /** The last end of the span and all below it: a consumer may outlast the span that sent to it. */
  reach: number;
  children: Node[];
}

interface Step {
  spanId: string;
  from: number;
  nanos: number;
}

/**
 * The ops of the spans that Sentry takes web vitals from: layout shifts, the largest paint, and how long the page took to
 * answer its user. OpenTelemetry makes events of them. https://opentelemetry.io/docs/specs/semconv/browser/events/
 */
const webVitalOp = /^ui\.(?:webvital\.|interaction\.(?:click|drag|hover|press)$)/u;

/**
 * The spans that decided how long the trace took. The walk goes back in time from the last end of all: at each moment it is
 * in the child that finished last, and where no child was running, in the span itself. Between a span's end and the start
 * of what it caused (a message in its queue) the time is the span's. So the parts do not overlap, and add up to the time
 * from the root's start to the last end below it. Of several roots the one that reaches furthest counts. Web vitals are left
 * out: they measure what others did, and the whole stay of a user may lie between them and the last of it.
 */
export function findCriticalPath(spans: readonly TraceSpan[]): { spanId: string; nanos: number }[] {
  const root = buildTree(spans.filter((span) => !isWebVital(span)));
  if (!root) return [];
  const steps: Step[] = [];
  const open = [{ node: root, low: root.start, cursor: root.reach, next: 0 }];
  for (let at = open.at(-1); at; at = open.at(-1)) {
    const child = at.node.children[at.next];
    if (child === undefined || at.cursor <= at.low) {
      addStep(steps, at.node, at.low, at.cursor);
      open.pop();
      continue;
    }
    at.next += 1;
    const low = Math.max(child.start, at.low);
    const high = Math.min(child.reach, at.cursor);
    if (high <= low) continue;
    addStep(steps, at.node, high, at.cursor);
    at.cursor = low;
    open.push({ node: child, low, cursor: high, next: 0 });
  }
  return sumUp(steps);
}

function isWebVital({ op, attributes }: TraceSpan): boolean {
  return webVitalOp.test(op ?? readString(attributes["sentry.op"]) ?? "");
}

function addStep(steps: Step[], { span }: Node, from: number, to: number): void {
  if (to > from) steps.push({ spanId: span.spanId, from, nanos: to - from });
}

/** A span that is on the path several times is one entry, where it comes first. */
function sumUp(steps: readonly Step[]): { spanId: string; nanos: number }[] {
  const nanosOf = new Map<string, number>();
  for (const { spanId, nanos } of steps.toReversed()) nanosOf.set(spanId, (nanosOf.get(spanId) ?? 0) + nanos);
  return [...nanosOf].map(([spanId, nanos]) => ({ spanId, nanos }));
}

/** The root that reaches furthest, with everything below it. */
function buildTree(spans: readonly TraceSpan[]): Node | undefined {
  const first = spans.map((span) => span.startTimeUnixNano).toSorted(compareTimes)[0] ?? "0";
  const roots: Node[] = [];
  const nodes: Node[] = [];
  const parents: Node[] = [];
  // Depth first: the last node of the depth above is the parent.
  for (const { span, depth } of arrangeTree(spans)) {
    const start = readNanosBetween(first, span.startTimeUnixNano);
    const end = Math.max(start, readNanosBetween(first, span.endTimeUnixNano));
    const node: Node = { span, start, end, reach: end, children: [] };
    nodes.push(node);
    parents[depth] = node;
    (depth === 0 ? roots : (parents[depth - 1]?.children ?? roots)).push(node);
  }
  for (const node of nodes.toReversed()) {
    node.children.sort((a, b) => b.reach - a.reach || b.start - a.start);
    node.reach = Math.max(node.end, node.children[0]?.reach ?? 0);
  }
  return roots.toSorted((a, b) => b.reach - a.reach || a.start - b.start)[0];
}
