import type { TraceRow } from "@tracebridge/compare/page-model";
import { memo, type ReactNode } from "react";
import { formatCount } from "./duration-text.ts";
import type { Side } from "./side.ts";
import { SpanBar } from "./span-bar.tsx";
import type { TimeWindow } from "./time-window.ts";
import type { VisibleRow } from "./visible-rows.ts";

interface WaterfallRowProps {
  readonly row: TraceRow;
  readonly place: VisibleRow;
  /** Another service called it, or nobody. */
  readonly entry: boolean;
  /** In the grid, the heading's row is 1. */
  readonly gridRow: number;
  readonly top: number;
  readonly height: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly shownSides: readonly Side[];
  readonly labels: Record<Side, string>;
  readonly colour: number;
  readonly critical: Record<Side, ReadonlySet<string>>;
  readonly window: TimeWindow;
}

/** A span: its name in the tree and a bar for each side. What is done to it, the grid hears. */
export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps): ReactNode {
  const { row, place, shownSides, colour, critical, window, labels } = props;
  const differs = row.differences.unexplained > 0 ? "differs" : row.differences.late > 0 ? "late" : "";
  return (
    <div
      role="row"
      className={`span-row ${differs} ${place.passed ? "passed" : ""}`}
      data-span={row.spanId}
      aria-rowindex={props.gridRow}
      aria-level={place.level}
      aria-posinset={place.position}
      aria-setsize={place.siblings}
      aria-expanded={place.expanded}
      aria-selected={props.selected}
      tabIndex={props.active ? 0 : -1}
      style={{ transform: `translateY(${props.top}px)`, height: props.height }}
    >
      <div role="rowheader" className="span-name">
        <NameCell row={row} place={place} entry={props.entry} colour={colour} labels={labels} />
      </div>
      {shownSides.map((side) => (
        <div key={side} role="gridcell" className="timeline" data-side={side}>
          <SpanBar
            row={row}
            side={side}
            label={labels[side]}
            colour={colour}
            critical={critical[side].has(row.spanId)}
            window={window}
          />
        </div>
      ))}
    </div>
  );
});

interface NameCellProps {
  readonly row: TraceRow;
  readonly place: VisibleRow;
  readonly entry: boolean;
  readonly colour: number;
  readonly labels: Record<Side, string>;
}

/** Deeper levels are not moved in further: their names would have no room. */
const deepest = 14;

function NameCell({ row, place, entry, colour, labels }: NameCellProps): ReactNode {
  const { left, right } = row;
  const name = left?.name ?? right?.name ?? "";
  const other = left && right && left.name !== right.name ? right.name : undefined;
  const title = other === undefined ? name : `${labels.left}: ${name}\n${labels.right}: ${other}`;
  return (
    <>
      <span
        className="indent"
        style={{ width: `calc(${Math.min(place.level - 1, deepest)} * var(--indent))` }}
      />
      <Twisty expanded={place.expanded} />
      <span className="service-dot" data-colour={colour} aria-hidden="true" />
      {/* Named where the trace enters it: below, the colour goes on, and the names have room. */}
      <span className={entry || place.level === 1 ? "span-service" : "out-of-sight"}>{row.service}</span>
      <span className="span-title" title={`${row.service}: ${title}`}>
        {name || "(no name)"}
      </span>
      <RowMarks row={row} hidden={place.hidden} />
    </>
  );
}

function Twisty({ expanded }: { readonly expanded: boolean | undefined }): ReactNode {
  if (expanded === undefined) return <span className="twisty" />;
  return (
    <span className="twisty" data-fold aria-hidden="true">
      {expanded ? "▾" : "▸"}
    </span>
  );
}

function RowMarks({ row, hidden }: { readonly row: TraceRow; readonly hidden: number }): ReactNode {
  const { unexplained, late } = row.differences;
  return (
    <span className="row-marks">
      {unexplained > 0 && (
        <Mark
          kind="differs"
          sign={`≠ ${unexplained}`}
          text={formatCount(unexplained, "unexplained difference")}
        />
      )}
      {late > 0 && <Mark kind="late" sign="◷" text={`${formatCount(late, "difference")} may still arrive`} />}
      {/* The bar of a span that failed says so itself. */}
      {row.errors > 0 && (
        <Mark kind="failed" sign={`✕ ${row.errors}`} text={formatCount(row.errors, "error")} />
      )}
      {row.orphan && <Mark kind="late" sign="⤒" text="its parent is on neither side" />}
      {hidden > 0 && (
        <Mark kind="hidden" sign={`+${hidden}`} text={`${formatCount(hidden, "span")} folded`} />
      )}
      {row.logs > 0 && <Mark kind="logs" sign={`≡ ${row.logs}`} text={formatCount(row.logs, "log")} />}
    </span>
  );
}

interface MarkProps {
  readonly kind: "hidden" | "late" | "logs" | "failed" | "differs";
  readonly sign: string;
  readonly text: string;
}

/** A sign for those who see it, a text for those who point at it or hear it. */
function Mark({ kind, sign, text }: MarkProps): ReactNode {
  return (
    <span className={`mark ${kind}`} title={text}>
      <span aria-hidden="true">{sign}</span>
      <span className="out-of-sight">{text}</span>
    </span>
  );
}
