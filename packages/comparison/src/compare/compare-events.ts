import type { SpanEvent } from "../model.ts";
import { compareTimes, readNanosBetween } from "../time.ts";
import type { TimeLimits } from "./compare-spans.ts";
import type { Findings } from "./findings.ts";
import type { Place } from "./place.ts";
import { matchUp } from "./match-up.ts";
import type { SpanPair } from "./scene.ts";

/** Events have no id: the most alike are partners. Exceptions are compared with the other side's errors as well. */
export function compareEvents(
  pair: SpanPair,
  findings: Findings,
  { toleranceNanos, skewNanos }: TimeLimits,
  place: Place,
): void {
  const byTime = (a: SpanEvent, b: SpanEvent): number => compareTimes(a.timeUnixNano, b.timeUnixNano);
  const { pairs, richOnly, poorOnly } = matchUp(
    pair.rich.events.toSorted(byTime),
    pair.poor.events.toSorted(byTime),
    [
      (event) => JSON.stringify(event),
      ({ name, attributes }) => JSON.stringify([name, attributes]),
      ({ name }) => name,
    ],
  );
  for (const { rich, poor } of pairs) {
    const shift = readNanosBetween(rich.timeUnixNano, poor.timeUnixNano) - skewNanos;
    const isSameTime = Math.abs(shift) <= toleranceNanos;
    const told = isSameTime ? { ...poor, timeUnixNano: rich.timeUnixNano } : poor;
    findings.look({ field: "event", key: rich.name, rich, poor: told, pair }, place);
  }
  for (const event of richOnly) {
    findings.look({ field: "event", key: event.name, rich: event, poor: undefined, pair }, place);
  }
  for (const event of poorOnly) {
    findings.look({ field: "event", key: event.name, rich: undefined, poor: event, pair }, place);
  }
}
