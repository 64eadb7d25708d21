import { readDurationMillis, type TreeRow } from "@tracebridge/comparison";
import { formatDuration } from "../trace/format.ts";
import type { Paint, Style } from "./paint.ts";
import { cutToWidth, fitToWidth, oneLine, padToWidth, widthOf } from "./terminal-text.ts";

/** What is in the columns of a tree, and how wide they are. */
export interface CellLayout {
  /** Columns by which a child stands further to the right. */
  step: number;
  nameColumns: number;
  withKind: boolean;
}

/** Deeper spans are drawn no further to the right. */
const maxIndent = 60;
const minNameColumns = 20;
/** Of names that wide something is left when they stand far to the right. */
const startOfName = 12;
/** Names this wide are reason enough to leave out the kind; longer ones are cut in any case. */
const maxNameColumns = 80;
/** Columns with the gap before them: the kind; duration and status together. */
const kindColumns = 15;
const detailColumns = 17;

/** What does not fit is given up in this order: wide steps, the kind, the end of the names. */
export function createCellLayout(rows: readonly TreeRow[], width: number): CellLayout {
  const deepest = rows.reduce((most, row) => Math.max(most, row.depth), 0);
  const step = 2 * deepest + minNameColumns + detailColumns <= width ? 2 : 1;
  const widest = rows.reduce(
    (most, row) =>
      Math.max(most, step * Math.min(row.depth, maxIndent) + widthOf(cutToWidth(describe(row), width))),
    minNameColumns,
  );
  const withKind = Math.min(widest, maxNameColumns) + kindColumns + detailColumns <= width;
  const room = Math.max(width - detailColumns - (withKind ? kindColumns : 0), minNameColumns);
  return { step, nameColumns: Math.min(widest, room), withKind };
}

export function readCellWidth({ nameColumns, withKind }: CellLayout): number {
  return nameColumns + (withKind ? kindColumns : 0) + detailColumns;
}

/** A span in one line: `service: name`, kind, duration, status. `lead` stands before the name. */
export function printCell(row: TreeRow, layout: CellLayout, style: Style, paint: Paint, lead = ""): string {
  const { span, depth } = row;
  const indent = Math.min(layout.step * Math.min(depth, maxIndent), layout.nameColumns - startOfName);
  const name = fitToWidth(`${" ".repeat(indent)}${lead}${describe(row)}`, layout.nameColumns);
  const kind = layout.withKind ? ` ${fitToWidth(oneLine(span.op ?? span.kind ?? ""), kindColumns - 1)}` : "";
  const duration = cutToWidth(formatDuration(readDurationMillis(span)), 9).padStart(9);
  const status = padToWidth(span.status, 5);
  return `${paint(style, name)}${paint("dim", kind)} ${duration}  ${span.status === "error" ? paint("red", status) : status}`;
}

function describe({ span, orphan }: TreeRow): string {
  const missing = orphan ? "(parent has not arrived) " : "";
  return `${oneLine(span.service)}: ${missing}${oneLine(span.name)}`;
}
