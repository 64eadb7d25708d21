import { useCallback, useRef, useState } from "react";
import type { TimeWindow } from "./time-window.ts";

/** Less is a click. */
const leastPixels = 5;

/** The part of the width that is being dragged over, in percent. */
export interface DragRange {
  from: number;
  to: number;
}

export type StartDrag = (timeline: HTMLElement, at: { button: number; clientX: number }) => void;

export interface DragZoom {
  range: DragRange | undefined;
  /** The pointer went down on an element over whose width the window stretches. */
  start: StartDrag;
  /** True for the click that ends a drag. */
  isEndOfDrag: () => boolean;
}

/** Lets the pointer choose a part of the time by dragging over it. */
export function useDragZoom(window: TimeWindow, setWindow: (window: TimeWindow) => void): DragZoom {
  const [range, setRange] = useState<DragRange>();
  const dragged = useRef(false);
  const start = useCallback<StartDrag>(
    (timeline, { button, clientX }) => {
      dragged.current = false;
      if (button !== 0) return;
      const { left, width } = timeline.getBoundingClientRect();
      const read = (x: number): number => Math.min(Math.max(((x - left) / width) * 100, 0), 100);
      const readTime = (percent: number): number => window.from + ((window.to - window.from) * percent) / 100;
      followPointer({
        onMove(x) {
          if (!dragged.current && Math.abs(x - clientX) < leastPixels) return;
          dragged.current = true;
          setRange({ from: Math.min(read(clientX), read(x)), to: Math.max(read(clientX), read(x)) });
        },
        onEnd(x) {
          setRange(undefined);
          if (dragged.current && x !== undefined)
            setWindow({ from: readTime(read(clientX)), to: readTime(read(x)) });
        },
      });
    },
    [window, setWindow],
  );
  return { range, start, isEndOfDrag: useCallback(() => dragged.current, []) };
}

/** Follows the pointer wherever it goes until it is lifted; without a position when the browser took it away. */
function followPointer(told: { onMove: (x: number) => void; onEnd: (x?: number) => void }): void {
  const control = new AbortController();
  const { signal } = control;
  const end = (x?: number): void => {
    control.abort();
    told.onEnd(x);
  };
  addEventListener("pointermove", (event) => told.onMove(event.clientX), { signal });
  addEventListener("pointerup", (event) => end(event.clientX), { signal });
  addEventListener("pointercancel", () => end(), { signal });
}
