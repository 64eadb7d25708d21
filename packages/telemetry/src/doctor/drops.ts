import { dropReasons, isIntendedDrop } from "../pipeline/index.ts";
import type { SinkStats } from "../telemetry.ts";

/** What a sink lost and why, for people; `undefined` when it lost nothing against the will of the operator. */
export function describeDrops({ dropped }: SinkStats): string | undefined {
  const losses = Object.entries(dropped).filter(([reason]) => !isIntendedDrop(reason));
  if (losses.length === 0) return undefined;
  return losses
    .map(([reason, count]) => `${count} (${reason}: ${dropReasons[reason]?.meaning ?? "no more is known"})`)
    .join(", ");
}
