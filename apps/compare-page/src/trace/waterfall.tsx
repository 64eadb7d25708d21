import {
  useMemo,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
} from "react";
import { readGridKey } from "./grid-keys.ts";
import { sides } from "./side.ts";
import { DragMark, TimeAxis } from "./time-axis.tsx";
import { createTicks, type Tick } from "./time-window.ts";
import { useDragZoom, type DragRange, type StartDrag } from "./use-drag-zoom.ts";
import { useNarrowScreen } from "./use-media-query.ts";
import { useRowWindow, type RowWindow } from "./use-row-window.ts";
import type { Workspace } from "./use-workspace.ts";
import { WaterfallRow } from "./waterfall-row.tsx";

/** So that the texts of two ticks do not meet. */
const pixelsPerTick = 85;
/** Pixels of a time line; where it has less, the names have little, too. */
const compactWidth = 350;

/** Both views of the trace: one row for each span, a time line for each side, all on the same time. */
export function Waterfall({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { model, view, window, visible, labels, setWindow, select } = workspace;
  const narrow = useNarrowScreen();
  const shownSides = view === "both" ? sides : [view];
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const rows = useRowWindow(workspace, { scroller, head }, narrow ? 28 + 24 * shownSides.length : 30);
  const drag = useDragZoom(window, setWindow);
  const { timelineWidth } = rows;
  const ticks = useMemo(() => createTicks(window, timelineWidth / pixelsPerTick), [window, timelineWidth]);
  const deeds = useGridDeeds(workspace, rows, drag.isEndOfDrag);

  return (
    <div
      ref={scroller}
      className={`waterfall ${view === "both" ? "" : "single"} ${timelineWidth < compactWidth && !narrow ? "compact" : ""}`}
      role="treegrid"
      tabIndex={-1}
      aria-label={`Spans of ${view === "both" ? `${labels.left} and ${labels.right}` : labels[view]}`}
      aria-rowcount={visible.length + 1}
      aria-colcount={shownSides.length + 1}
      onKeyDown={deeds.onKeyDown}
      onClick={deeds.onClick}
      onFocus={deeds.onFocus}
      onPointerDown={(event) => startDragOnRow(event, drag.start)}
    >
      <div role="rowgroup" className="waterfall-head" ref={head}>
        <div role="row" aria-rowindex={1} className="head-row">
          <div role="columnheader" className="name-heading">
            Span
          </div>
          {shownSides.map((side) => (
            <TimeAxis
              key={side}
              side={side}
              label={labels[side]}
              ticks={ticks}
              width={timelineWidth}
              window={window}
              notes={model.notes}
              range={drag.range}
              startDrag={drag.start}
              onChoose={select}
            />
          ))}
        </div>
      </div>
      <div role="rowgroup" className="waterfall-body" style={{ height: rows.totalSize }}>
        <GridLines count={shownSides.length} ticks={ticks} range={drag.range} />
        {rows.items.map((item) => (
          <RowOfItem
            key={item.key}
            workspace={workspace}
            rows={rows}
            at={item.index}
            top={item.start}
            height={item.size}
          />
        ))}
      </div>
    </div>
  );
}

interface RowOfItemProps {
  readonly workspace: Workspace;
  readonly rows: RowWindow;
  readonly at: number;
  readonly top: number;
  readonly height: number;
}

const leftOnly = ["left"] as const;
const rightOnly = ["right"] as const;

function RowOfItem({ workspace, rows, at, top, height }: RowOfItemProps): ReactNode {
  const place = workspace.visible[at];
  const row = place && workspace.tree.rows[place.index];
  if (!row) return undefined;
  const { view } = workspace;
  return (
    <WaterfallRow
      row={row}
      place={place}
      entry={workspace.tree.rows[workspace.tree.parents[place.index] ?? -1]?.service !== row.service}
      gridRow={at + 2}
      top={top - rows.headHeight}
      height={height}
      active={at === rows.activeAt}
      selected={row.spanId === workspace.address.span}
      shownSides={view === "both" ? sides : view === "left" ? leftOnly : rightOnly}
      labels={workspace.labels}
      colour={workspace.colours.get(row.service) ?? 1}
      critical={workspace.critical}
      window={workspace.window}
    />
  );
}

interface GridLinesProps {
  readonly count: number;
  readonly ticks: readonly Tick[];
  readonly range: DragRange | undefined;
}

/** The round times, behind all rows. */
function GridLines({ count, ticks, range }: GridLinesProps): ReactNode {
  return (
    <div className="grid-lines" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <div key={index}>
          {ticks.map((tick) => (
            <i key={tick.atMillis} style={{ left: `${tick.percent}%` }} />
          ))}
          <DragMark range={range} />
        </div>
      ))}
    </div>
  );
}

/** Fingers that move over rows scroll; only a mouse zooms there. */
function startDragOnRow(event: PointerEvent<HTMLElement>, start: StartDrag): void {
  if (event.pointerType !== "mouse" || !(event.target instanceof Element)) return;
  const timeline = event.target.closest<HTMLElement>(".span-row .timeline");
  if (timeline) start(timeline, event);
}

interface GridDeeds {
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onClick: (event: MouseEvent<HTMLElement>) => void;
  onFocus: (event: { target: EventTarget }) => void;
}

/** What is done to rows, heard at the grid: there may be thousands of them. */
function useGridDeeds(workspace: Workspace, rows: RowWindow, isEndOfDrag: () => boolean): GridDeeds {
  const { visible, tree, fold, select, setActiveId } = workspace;
  const readSpan = (target: EventTarget): string | undefined =>
    target instanceof Element ? target.closest<HTMLElement>("[data-span]")?.dataset["span"] : undefined;
  return {
    onKeyDown(event) {
      const spanId = readSpan(event.target);
      if (spanId === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      // With Shift the arrows belong to the time window.
      if (event.shiftKey) return;
      const asked = readGridKey(event.key, visible, rows.activeAt, rows.pageRows);
      if (!asked) return;
      event.preventDefault();
      if (asked.deed === "go") rows.focusRow(asked.to);
      else if (asked.deed === "fold") fold([spanId], asked.folded);
      else select(spanId);
    },
    onClick(event) {
      const spanId = readSpan(event.target);
      if (spanId === undefined || isEndOfDrag()) return;
      setActiveId(spanId);
      const onFold = event.target instanceof Element && event.target.closest("[data-fold]") !== null;
      const place = visible.find(({ index }) => tree.rows[index]?.spanId === spanId);
      if (onFold && place) fold([spanId], place.expanded === true);
      else select(spanId);
    },
    onFocus(event) {
      const spanId = readSpan(event.target);
      if (spanId !== undefined) setActiveId(spanId);
    },
  };
}
