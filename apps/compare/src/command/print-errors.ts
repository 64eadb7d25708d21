import { buildNotes } from "../server/comparisons/build-notes.ts";
import type { TimedNote } from "../server/page-model.ts";
import { describePlace, indexSpans } from "./compared.ts";
import type { DifferencePrinter } from "./print-differences.ts";
import { cutToWidth, oneLine, wrapToWidth } from "./terminal-text.ts";

/** Longer texts of errors are cut: the page has them whole. */
const maxTitleColumns = 500;

/** Each error, and the spans that it is on in each view: Sentry's issues and OpenTelemetry's `exception` events. */
export function printErrors({ compared, labels, paint, width }: DifferencePrinter): string[] {
  const errors = buildNotes(compared.left, compared.right, "0").filter(({ kind }) => kind === "error");
  if (errors.length === 0) return [];
  const spans = indexSpans(compared);
  const place = (error: TimedNote): string =>
    describePlace(error, spans) + (error.spanId === undefined ? ", on no span" : "");
  const sides = ({ side }: TimedNote): string => (side === "both" ? "both" : `only ${labels[side]}`);
  const byText = Map.groupBy(errors, ({ text }) => text);
  return [
    paint("bold", "Errors, and the spans they are on"),
    ...[...byText].flatMap(([text, placed]) => [
      ...wrapToWidth(cutToWidth(oneLine(text), maxTitleColumns), width - 2).map((line) =>
        paint("red", `  ${line}`),
      ),
      ...placed.map((error) => cutToWidth(`    ${sides(error)}: ${place(error)}`, width)),
    ]),
  ];
}
