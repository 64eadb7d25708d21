import { SpanKind, trace } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import type { Sampler, SamplingResult } from "@opentelemetry/sdk-trace";
import { BridgeTraceState } from "../trace-state/index.ts";
import type { Reach } from "../trace-state/index.ts";
import type { TargetTest } from "./targets.ts";

/**
 * Adds to the decision of `sampler` what may be sent with the call that the span makes. A sampler sees the address of
 * every call, and its trace state is kept by spans that are not recorded too, whose attributes are gone when headers
 * are written. `isTarget` is absent when there is no list.
 */
export function createTargetSampler(sampler: Sampler, isTarget: TargetTest | undefined): Sampler {
  return {
    shouldSample: (context, traceId, name, kind, attributes, links): SamplingResult => {
      const result = sampler.shouldSample(context, traceId, name, kind, attributes, links);
      const reach = readReach(kind, attributes, isTarget);
      const state = result.traceState ?? trace.getSpanContext(context)?.traceState;
      if (!reach || !(state instanceof BridgeTraceState)) return result;
      return { ...result, traceState: state.withReach(reach) };
    },
    toString: () => sampler.toString(),
  };
}

function readReach(
  kind: SpanKind,
  attributes: Attributes,
  isTarget: TargetTest | undefined,
): Reach | undefined {
  // The receivers of a message are behind the application's own broker.
  if (kind === SpanKind.PRODUCER) return "all";
  if (kind !== SpanKind.CLIENT) return undefined;
  if (!isTarget) return "trace";
  return isTarget(attributes) ? "all" : "none";
}
