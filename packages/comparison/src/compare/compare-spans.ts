import type { TraceSpan } from "../model.ts";
import { readDurationNanos, readNanosBetween } from "../time.ts";
import type { Findings } from "./findings.ts";
import { placeOf, type Place } from "./place.ts";
import { readOwn } from "./equal.ts";
import { compareEvents } from "./compare-events.ts";
import { compareLinks } from "./compare-links.ts";
import { rules } from "./rules/table.ts";
import { readStatusMessage } from "./rules/status.ts";
import { clockSkewId } from "./rules/clock-skew.ts";
import type { SpanPair } from "./scene.ts";

export interface TimeLimits {
  toleranceNanos: number;
  /** By how much the service's clock is ahead on the poor side. */
  skewNanos: number;
}

/** Everything of one span that stands on both sides, but its resource and scope. */
export function compareSpans(pair: SpanPair, findings: Findings, times: TimeLimits): void {
  const { rich, poor } = pair;
  const place = placeOf(placed(rich), placed(poor));
  findings.look({ field: "parent", rich: rich.parentSpanId, poor: poor.parentSpanId, pair }, place);
  findings.look({ field: "name", rich: rich.name, poor: poor.name, pair }, place);
  findings.look({ field: "service", rich: rich.service, poor: poor.service, pair }, place);
  findings.look({ field: "kind", rich: rich.kind, poor: poor.kind, pair }, place);
  findings.look({ field: "op", rich: rich.op, poor: poor.op, pair }, place);
  findings.look({ field: "segment", rich: rich.isSegment, poor: poor.isSegment, pair }, place);
  findings.look({ field: "status", rich: rich.status, poor: poor.status, pair }, place);
  findings.look(
    { field: "statusMessage", rich: readStatusMessage(rich), poor: readStatusMessage(poor), pair },
    place,
  );
  findings.look({ field: "traceState", rich: rich.traceState, poor: poor.traceState, pair }, place);
  compareTimesOf(pair, findings, times, place);
  compareAttributes(pair, findings, place);
  if (pair.poor.op === undefined && pair.rich.op === undefined) {
    findings.demand({ field: "op", rich: undefined, poor: undefined, pair }, place);
  }
  compareEvents(pair, findings, times, place);
  compareLinks(pair, findings, place);
}

function compareTimesOf(
  pair: SpanPair,
  findings: Findings,
  { toleranceNanos, skewNanos }: TimeLimits,
  place: Place,
): void {
  const { rich, poor } = pair;
  const start = { field: "start", rich: rich.startTimeUnixNano, poor: poor.startTimeUnixNano, pair } as const;
  if (skewNanos !== 0) {
    findings.add({ fact: start, place, verdict: "explained", rule: clockSkewId(rich.service) });
  } else if (Math.abs(readNanosBetween(start.rich, start.poor)) > toleranceNanos) {
    findings.look(start, place);
  }
  const [ofRich, ofPoor] = [readDurationNanos(rich), readDurationNanos(poor)];
  if (Math.abs(ofRich - ofPoor) > toleranceNanos) {
    findings.look({ field: "duration", rich: ofRich, poor: ofPoor, pair }, place);
  }
}

/** Attributes that a streamed span of Sentry cannot be without. */
const requiredKeys = rules.flatMap(({ key, isRequired }) =>
  isRequired === true && key !== undefined ? [key] : [],
);

function compareAttributes(pair: SpanPair, findings: Findings, place: Place): void {
  const [rich, poor] = [pair.rich.attributes, pair.poor.attributes];
  for (const key of Object.keys(rich)) {
    const [one, other] = [rich[key], readOwn(poor, key)];
    // Most are equal: those cost no more than this.
    if (one !== other) findings.look({ field: "attribute", key, rich: one, poor: other, pair }, place);
  }
  for (const key of Object.keys(poor)) {
    if (Object.hasOwn(rich, key)) continue;
    findings.look({ field: "attribute", key, rich: undefined, poor: poor[key], pair }, place);
  }
  for (const key of requiredKeys) {
    if (Object.hasOwn(rich, key) || Object.hasOwn(poor, key)) continue;
    findings.demand({ field: "attribute", key, rich: undefined, poor: undefined, pair }, place);
  }
}

function placed({ spanId, service, startTimeUnixNano }: TraceSpan): Required<Place> {
  return { spanId, service, timeUnixNano: startTimeUnixNano };
}
