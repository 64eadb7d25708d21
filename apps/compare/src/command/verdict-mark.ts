import type { DifferenceVerdict } from "@tracebridge/comparison";
import type { Paint, Style } from "./paint.ts";

/** Readable without the colours. */
const verdictMarks: Record<DifferenceVerdict, string> = { unexplained: "≠", late: "…", explained: "≈" };

const styles: Record<DifferenceVerdict, Style> = {
  unexplained: ["red", "bold"],
  late: "yellow",
  explained: "dim",
};

export function printMark(verdict: DifferenceVerdict, paint: Paint): string {
  return paint(styles[verdict], verdictMarks[verdict]);
}
