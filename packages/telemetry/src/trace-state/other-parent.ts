import { INVALID_SPAN_CONTEXT } from "@opentelemetry/api";
import type { Span, SpanContext } from "@opentelemetry/api";
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

const strangers = new WeakMap<SpanContext, SpanContext>();

/** A parent that nobody can join, as it is none: a new trace starts below it, and links to `stranger`. */
export function createStrangersParent(stranger: SpanContext): SpanContext {
  const parent = { ...INVALID_SPAN_CONTEXT, isRemote: true };
  strangers.set(parent, stranger);
  return parent;
}

export function readStranger(parent: SpanContext | undefined): SpanContext | undefined {
  return parent && strangers.get(parent);
}
