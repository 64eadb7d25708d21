import type { AlignedRow, Difference, DifferenceVerdict, TreeRow } from "@tracebridge/comparison";
import { readOnlySide } from "../trace/difference-words.ts";
import type { SideLabels } from "./compared.ts";
import { chooseServiceStyles, createPaint, type Paint, type PrintOptions, type Style } from "./paint.ts";
import { createCellLayout, printCell, readCellWidth, type CellLayout } from "./span-cells.ts";
import { cutToWidth, fitToWidth, widthOf } from "./terminal-text.ts";
import { printMark } from "./verdict-mark.ts";

/** Sides stand beside each other where each has at least these columns; else one beneath the other. */
const minSideColumns = 50;
/** The mark and a blank on both sides of it. */
const gapColumns = 4;

/** What a row is marked with: the first of these that it has. */
const gravity: readonly DifferenceVerdict[] = ["unexplained", "late", "explained"];
const sideMarks = { left: "<", right: ">" };

/** Both trees, each span of one beside the same span of the other. */
export function printAlignedTree(
  rows: readonly AlignedRow[],
  differences: readonly Difference[],
  labels: SideLabels,
  options: PrintOptions,
): string[] {
  const paint = createPaint(options);
  const sideColumns = Math.floor((options.width - gapColumns) / 2);
  const isBeside = sideColumns >= minSideColumns;
  const layout = createCellLayout(
    rows.flatMap((row) => readTreeRows(row)),
    isBeside ? sideColumns : options.width - gapColumns + 1,
  );
  const readStyle = chooseServiceStyles(
    rows.flatMap(({ left, right }) => [left, right].filter((span) => span !== undefined)),
  );
  const draw: Draw = { layout, labels, readStyle, paint, verdicts: readVerdicts(differences) };
  const cellWidth = readCellWidth(layout);
  const heading = isBeside
    ? `${fitToWidth(labels.left, cellWidth + gapColumns)}${cutToWidth(labels.right, cellWidth)}`
    : `${labels.left} and ${labels.right}`;
  return [
    paint("bold", heading),
    ...rows.flatMap((row) => (isBeside ? [printBeside(row, draw)] : printBeneath(row, draw))),
    ...printLegend(rows, draw, options.width),
  ];
}

interface Draw {
  layout: CellLayout;
  labels: SideLabels;
  readStyle: (service: string) => Style;
  paint: Paint;
  /** By span id. */
  verdicts: ReadonlyMap<string, DifferenceVerdict>;
}

function readVerdicts(differences: readonly Difference[]): Map<string, DifferenceVerdict> {
  const verdicts = new Map<string, DifferenceVerdict>();
  for (const { spanId, verdict } of differences) {
    if (spanId === undefined) continue;
    const known = verdicts.get(spanId);
    if (!known || gravity.indexOf(verdict) < gravity.indexOf(known)) verdicts.set(spanId, verdict);
  }
  return verdicts;
}

function readTreeRows({ left, right, depth, orphan }: AlignedRow): TreeRow[] {
  return [left, right].flatMap((span) => (span ? [{ span, depth, orphan }] : []));
}

function readVerdict({ left, right }: AlignedRow, { verdicts }: Draw): DifferenceVerdict | undefined {
  return verdicts.get((left ?? right)?.spanId ?? "");
}

/** Two columns: how bad it is, and the only side that has it. */
function printRowMark(row: AlignedRow, draw: Draw): string {
  const verdict = readVerdict(row, draw);
  const only = readOnlySide(row);
  return `${verdict ? printMark(verdict, draw.paint) : " "}${only ? sideMarks[only] : " "}`;
}

function printSpan(row: TreeRow, { layout, readStyle, paint }: Draw, lead?: string): string {
  return printCell(row, layout, readStyle(row.span.service), paint, lead);
}

function printBeside(row: AlignedRow, draw: Draw): string {
  const { left, right, depth, orphan } = row;
  const leftCell = left
    ? printSpan({ span: left, depth, orphan }, draw)
    : " ".repeat(readCellWidth(draw.layout));
  const rightCell = right ? printSpan({ span: right, depth, orphan }, draw) : "";
  return `${leftCell} ${printRowMark(row, draw)} ${rightCell}`.trimEnd();
}

/** The right side gets a line of its own where it is another story. */
function printBeneath(row: AlignedRow, draw: Draw): string[] {
  const { left, right } = row;
  const [first, second] = readTreeRows(row);
  if (!first) return [];
  const lines = [`${printRowMark(row, draw)} ${printSpan(first, draw)}`.trimEnd()];
  const isOther = readVerdict(row, draw) === "unexplained" || left?.name !== right?.name;
  if (second && isOther) lines.push(`   ${printSpan(second, draw, `${draw.labels.right} `)}`.trimEnd());
  return lines;
}

function printLegend(rows: readonly AlignedRow[], draw: Draw, width: number): string[] {
  const { labels, paint } = draw;
  const verdicts = new Set(rows.map((row) => readVerdict(row, draw)));
  const sides = new Set(rows.map(readOnlySide));
  const parts = [
    ...(verdicts.has("unexplained") ? ["≠ differs"] : []),
    ...(verdicts.has("late") ? ["… may be on its way"] : []),
    ...(verdicts.has("explained") ? ["≈ differs as expected"] : []),
    ...(sides.has("left") ? [`< only ${labels.left}`] : []),
    ...(sides.has("right") ? [`> only ${labels.right}`] : []),
  ];
  if (parts.length === 0) return [];
  const line = parts.join("   ");
  return ["", ...(widthOf(line) <= width ? [line] : parts).map((part) => paint("dim", part))];
}
