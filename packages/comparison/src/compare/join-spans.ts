import type { TraceSpan } from "../model.ts";
import { compareTimes } from "../time.ts";
import { matchUp } from "./match-up.ts";
import type { SpanPair } from "./scene.ts";

export interface JoinedSpans {
  pairs: SpanPair[];
  richOnly: TraceSpan[];
  poorOnly: TraceSpan[];
}

/**
 * By span id. Spans that share an id (a client and its server in Zipkin's way, or a delivery twice) find partners by kind
 * and name, then by time; one too many stays alone.
 */
export function joinSpans(rich: readonly TraceSpan[], poor: readonly TraceSpan[]): JoinedSpans {
  const byStart = (a: TraceSpan, b: TraceSpan): number =>
    compareTimes(a.startTimeUnixNano, b.startTimeUnixNano);
  return matchUp(rich.toSorted(byStart), poor.toSorted(byStart), [
    ({ spanId, service, kind, name }) => JSON.stringify([spanId, service, kind, name]),
    ({ spanId, service }) => JSON.stringify([spanId, service]),
    ({ spanId }) => spanId,
  ]);
}
