import { propagation, trace } from "@opentelemetry/api";
import type { Baggage, Context } from "@opentelemetry/api";
import { readSegment } from "../trace-state/index.ts";
import type { Segment } from "../trace-state/index.ts";

/**
 * Ids that become known in the midst of a request or message and hold for all of it: frameworks run later handlers
 * in contexts of their own, which a context of ours would not reach.
 */
const segmentIds = new WeakMap<Segment, Map<string, string>>();

/** Gives an id to the request or message that `context` belongs to; outside of any there is nothing to give it to. */
export function setSegmentId(context: Context, key: string, value: string): void {
  const segment = readSegment(trace.getSpanContext(context));
  if (!segment) return;
  const ids = segmentIds.get(segment) ?? new Map<string, string>();
  segmentIds.set(segment, ids.set(key, value));
}

export function readSegmentIds(context: Context): ReadonlyMap<string, string> | undefined {
  const segment = readSegment(trace.getSpanContext(context));
  return segment && segmentIds.get(segment);
}

/** The baggage that is sent on: what the context holds, and the ids of its request or message. */
export function readOutgoingBaggage(context: Context): Baggage | undefined {
  const baggage = propagation.getBaggage(context);
  const ids = readSegmentIds(context);
  if (!ids) return baggage;
  let merged = baggage ?? propagation.createBaggage();
  for (const [key, value] of ids) merged = merged.setEntry(key, { value });
  return merged;
}
