import { readNanosBetween } from "../time.ts";
import type { SpanPair } from "./scene.ts";

/** Longer than this no clock is wrong: an hour. */
const longestSkewNanos = 3600e9;

/**
 * By service: how many nanoseconds later all of its spans are on the poor side than on the rich one, where that is the same for
 * all of them, and for two at least. So does a wrong clock look that one side has corrected, as Jaeger's adjuster does.
 */
export function findClockSkew(
  pairs: readonly SpanPair[],
  toleranceNanos: number,
): ReadonlyMap<string, number> {
  const skews = new Map<string, number>();
  for (const [service, list] of Map.groupBy(pairs, ({ rich }) => rich.service)) {
    if (list.length < 2) continue;
    const shifts = list.map(({ rich, poor }) =>
      readNanosBetween(rich.startTimeUnixNano, poor.startTimeUnixNano),
    );
    const [least, most] = shifts.reduce(
      ([low, high], shift) => [Math.min(low, shift), Math.max(high, shift)] as const,
      [Infinity, -Infinity] as const,
    );
    const smallest = Math.min(Math.abs(least), Math.abs(most));
    const isShifted = Math.sign(least) === Math.sign(most) && smallest > toleranceNanos;
    if (
      isShifted &&
      most - least <= toleranceNanos &&
      Math.max(Math.abs(least), Math.abs(most)) <= longestSkewNanos
    ) {
      skews.set(service, Math.round((least + most) / 2));
    }
  }
  return skews;
}
