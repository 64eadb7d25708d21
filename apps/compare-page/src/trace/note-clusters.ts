import type { TimedNote } from "@tracebridge/compare/page-model";
import type { Side } from "./side.ts";
import { readPercent, type TimeWindow } from "./time-window.ts";

/** Notes that stand so close together that one mark stands for them. */
export interface NoteCluster {
  /** Of the first note. */
  percent: number;
  notes: TimedNote[];
  /** At least one is an error, or a log of that level. */
  failed: boolean;
}

/**
 * The notes of one side that lie in the window, as marks that do not lie over each other.
 *
 * @param markPercent the width of a mark, as a share of the time line's; the outermost marks stay whole
 */
export function clusterNotes(
  notes: readonly TimedNote[],
  side: Side,
  window: TimeWindow,
  markPercent: number,
): NoteCluster[] {
  const clusters: NoteCluster[] = [];
  for (const note of notes) {
    if (note.side !== side && note.side !== "both") continue;
    const percent = readPercent(note.atMillis, window);
    if (percent < 0 || percent > 100) continue;
    const last = clusters.at(-1);
    if (last && keepWhole(percent, markPercent) - keepWhole(last.percent, markPercent) < markPercent) {
      last.notes.push(note);
      last.failed ||= isFailure(note);
    } else clusters.push({ percent, notes: [note], failed: isFailure(note) });
  }
  return clusters;
}

function keepWhole(percent: number, markPercent: number): number {
  return Math.min(Math.max(percent, markPercent / 2), 100 - markPercent / 2);
}

export function isFailure({ kind, level }: TimedNote): boolean {
  return kind === "error" || level === "error" || level === "fatal";
}
