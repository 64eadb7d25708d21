import type { Difference, DifferenceVerdict, Explanation, TraceSpan } from "@tracebridge/comparison";
import { fieldWords, readOnlySide } from "../trace/difference-words.ts";
import { formatCount } from "../trace/format.ts";
import { describePlace, indexSpans, type Compared, type SideLabels } from "./compared.ts";
import { formatValue } from "./format-value.ts";
import type { Paint } from "./paint.ts";
import { cutToWidth, fitToWidth, widthOf, wrapToWidth } from "./terminal-text.ts";
import { printMark } from "./verdict-mark.ts";

export interface DifferencePrinter {
  compared: Compared;
  labels: SideLabels;
  paint: Paint;
  width: number;
}

/** Longer values are cut: --json has them whole. */
const maxValueColumns = 10_000;

/** Every unexplained or late difference in full, by span in the order of the tree. */
export function printDifferences(verdict: DifferenceVerdict, printer: DifferencePrinter): string[] {
  const { compared, paint, width } = printer;
  const differences = compared.comparison.differences.filter((difference) => difference.verdict === verdict);
  if (differences.length === 0) return [];
  const spans = indexSpans(compared);
  const places = Map.groupBy(differences, (difference) => describePlace(difference, spans));
  const heading = formatCount(differences.length, verdict === "late" ? "late item" : `${verdict} difference`);
  return [
    paint("bold", heading),
    ...[...places].flatMap(([place, ofPlace]) => [
      `${printMark(verdict, paint)} ${cutToWidth(place, width - 2)}`,
      ...ofPlace.flatMap((difference) => printDifference(difference, spans, printer)),
    ]),
  ];
}

/** How many differences each rule explains; `all` adds why, and each of them. */
export function printExplanations(all: boolean, printer: DifferencePrinter): string[] {
  const { compared, paint, width } = printer;
  const { explanations, differences, counts } = compared.comparison;
  if (counts.explained === 0) return [];
  const byRule = Map.groupBy(differences, ({ rule }) => rule);
  const spans = indexSpans(compared);
  const columns = Math.max(...explanations.map(({ count }) => String(count).length));
  return [
    paint("bold", `${formatCount(counts.explained, "explained difference")}, by rule`),
    ...explanations.flatMap((explanation) => [
      ...printRule(explanation, columns, printer),
      ...(all ? printReason(explanation, width) : []),
      ...(all ? (byRule.get(explanation.rule) ?? []) : []).flatMap((difference) => [
        `    ${cutToWidth(describePlace(difference, spans), width - 4)}`,
        ...printDifference(difference, spans, printer),
      ]),
    ]),
  ];
}

function printRule(
  { rule, title, count }: Explanation,
  columns: number,
  printer: DifferencePrinter,
): string[] {
  const { paint, width } = printer;
  const lead = `  ${String(count).padStart(columns)} × `;
  const [first = "", ...rest] = wrapToWidth(`${title} (${rule})`, width - 2 - lead.length);
  return [
    `${printMark("explained", paint)} ${lead.slice(2)}${first}`,
    ...rest.map((line) => `${" ".repeat(lead.length)}${line}`),
  ];
}

function printReason({ reason, source }: Explanation, width: number): string[] {
  return wrapToWidth([reason, source].filter(Boolean).join(" "), width - 4).map((line) => `    ${line}`);
}

/** What differs, then each side's value beneath it. */
function printDifference(
  difference: Difference,
  spans: ReadonlyMap<string, TraceSpan>,
  { labels, width, paint }: DifferencePrinter,
): string[] {
  const { field, key, verdict } = difference;
  const only = readOnlySide(difference);
  if (field === "span" && only) {
    return [`    only ${labels[only]} has this span${verdict === "late" ? " so far" : ""}`];
  }
  const what = [fieldWords[field], key === undefined ? undefined : formatValue("attribute", key)];
  const columns = Math.max(widthOf(labels.left), widthOf(labels.right));
  const print = (side: "left" | "right"): string[] => {
    const value = formatValue(field, difference[side], spans);
    const lines = wrapToWidth(cutToWidth(value, maxValueColumns), Math.max(width - columns - 8, 16));
    return lines.map((line, index) =>
      `      ${paint("dim", fitToWidth(index === 0 ? labels[side] : "", columns))}  ${line}`.trimEnd(),
    );
  };
  return [
    ...wrapToWidth(what.filter(Boolean).join(" "), width - 4).map((line) => `    ${line}`),
    ...print("left"),
    ...print("right"),
  ];
}
