import type { Span } from "@opentelemetry/api";
import { readTraceState } from "./bridge-trace-state.ts";
import type { Segment } from "./trace-info.ts";

const linked = new WeakSet<Segment>();

/**
 * Gives the first span of a segment a link to the parent that lost, when a request named two traces. Safe to call
 * for every started span and more than once.
 */
export function linkOtherParent(span: Span): void {
  const state = readTraceState(span.spanContext());
  const other = state?.info.otherParent;
  if (!other || !state.segment || linked.has(state.segment)) return;
  linked.add(state.segment);
  span.addLink({ context: other });
}
