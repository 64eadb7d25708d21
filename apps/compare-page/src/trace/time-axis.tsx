import type { TimedNote } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import { NoteLane } from "./note-lane.tsx";
import type { Side } from "./side.ts";
import type { Tick, TimeWindow } from "./time-window.ts";
import type { DragRange, StartDrag } from "./use-drag-zoom.ts";

interface TimeAxisProps {
  readonly side: Side;
  readonly label: string;
  readonly ticks: readonly Tick[];
  /** Pixels. */
  readonly width: number;
  readonly window: TimeWindow;
  readonly notes: readonly TimedNote[];
  readonly range: DragRange | undefined;
  readonly startDrag: StartDrag;
  readonly onChoose: (spanId: string) => void;
}

/** The heading of one side: its name, its notes, and the times; dragging over the times zooms. */
export function TimeAxis(props: TimeAxisProps): ReactNode {
  const { side, label, ticks, width, window, notes, range, startDrag, onChoose } = props;
  return (
    <div role="columnheader" className="axis" data-side={side}>
      <span className="axis-label">{label}</span>
      <NoteLane notes={notes} side={side} label={label} window={window} width={width} onChoose={onChoose} />
      <div
        className="axis-times"
        onPointerDown={(event) => startDrag(event.currentTarget, event)}
        aria-hidden="true"
        title="Drag to zoom"
      >
        {ticks.map((tick) => (
          <span key={tick.atMillis} className="tick" style={{ left: `${tick.percent}%` }}>
            {hasRoom(tick, width) && tick.text}
          </span>
        ))}
        <DragMark range={range} />
      </div>
    </div>
  );
}

/** The last tick's text could be cut at the edge. */
function hasRoom({ percent, text }: Tick, width: number): boolean {
  return ((100 - percent) / 100) * width > text.length * 7 + 8;
}

/** What the pointer has been dragged over, on every time line at once. */
export function DragMark({ range }: { readonly range: DragRange | undefined }): ReactNode {
  if (!range) return undefined;
  return (
    <span className="drag-range" style={{ left: `${range.from}%`, width: `${range.to - range.from}%` }} />
  );
}
