import type { Difference } from "@tracebridge/comparison";
import type { ReactNode } from "react";
import { describeDifference, writeDifferingValue } from "./difference-words.ts";
import { formatDuration } from "./duration-text.ts";
import { sides } from "./side.ts";
import type { TraceTree } from "./trace-tree.ts";
import type { Workspace } from "./use-workspace.ts";

interface DifferenceItemProps {
  readonly difference: Difference;
  readonly workspace: Workspace;
}

/** More does not fit on its two lines; the span's detail has all. */
const shownLength = 200;
const signs = { unexplained: "≠", explained: "=", late: "◷" } as const;

/** One difference with both values; choosing it chooses its span. */
export function DifferenceItem({ difference, workspace }: DifferenceItemProps): ReactNode {
  const { labels, select, address } = workspace;
  const { spanId, verdict, service } = difference;
  const place = `${service}${spanId === undefined ? "" : `: ${describePlace(workspace.tree, spanId)}`}`;
  return (
    <li className={`difference ${verdict}`}>
      <button
        type="button"
        className="difference-button"
        disabled={spanId === undefined || !workspace.tree.indexes.has(spanId)}
        aria-current={spanId !== undefined && spanId === address.span}
        onClick={() => spanId !== undefined && select(spanId)}
      >
        <span className={`mark ${verdict === "unexplained" ? "differs" : verdict}`}>
          <span aria-hidden="true">{signs[verdict]}</span>
          <span className="out-of-sight">{verdict}: </span>
        </span>
        <span className="difference-what">{describeDifference(difference, labels)}</span>
        <span className="difference-place quiet">{place}</span>
        <DifferenceValues difference={difference} workspace={workspace} />
      </button>
    </li>
  );
}

function DifferenceValues({ difference, workspace }: DifferenceItemProps): ReactNode {
  // Whole spans and the like are told by their own page.
  const shown = difference.field === "span" ? [] : sides.filter((side) => isPlain(difference[side]));
  return shown.map((side) => (
    <span key={side} className="difference-value">
      <span className="quiet">{workspace.labels[side]}</span>{" "}
      <code>{writeDifferingValue(difference, difference[side]).slice(0, shownLength)}</code>
    </span>
  ));
}

function isPlain(value: unknown): boolean {
  return value !== undefined && (typeof value !== "object" || value === null || Array.isArray(value));
}

/** A span's name as either side has it. */
export function nameSpan(tree: TraceTree, spanId: string): string {
  const row = tree.rows[tree.indexes.get(spanId) ?? -1];
  return row?.left?.name ?? row?.right?.name ?? spanId;
}

/** Spans of one name are told apart by their start. */
function describePlace(tree: TraceTree, spanId: string): string {
  const row = tree.rows[tree.indexes.get(spanId) ?? -1];
  const start = (row?.left ?? row?.right)?.startMillis;
  return nameSpan(tree, spanId) + (start === undefined ? "" : `, at ${formatDuration(start)}`);
}
