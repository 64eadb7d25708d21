import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { Workspace } from "./use-workspace.ts";

/** The elements that the grid consists of. */
export interface GridElements {
  scroller: RefObject<HTMLDivElement | null>;
  /** Stays at the top of what is scrolled. */
  head: RefObject<HTMLDivElement | null>;
}

export interface RowWindow {
  headHeight: number;
  /** Pixels of one side's time line. */
  timelineWidth: number;
  items: VirtualItem[];
  totalSize: number;
  /** Index into the visible rows of the one that Tab reaches. */
  activeAt: number;
  /** How many rows are in sight. */
  pageRows: number;
  /** Scrolls to a row and gives it the focus. */
  focusRow: (at: number) => void;
}

/** Draws only the rows in sight, and the one that has the focus: it must not lose it by being scrolled away. */
export function useRowWindow(
  workspace: Workspace,
  { scroller, head }: GridElements,
  rowHeight: number,
): RowWindow {
  const { visible, tree, activeId, setActiveId, wish } = workspace;
  const { headHeight, timelineWidth } = useSizes(head);
  const activeAt = Math.max(
    0,
    visible.findIndex((place) => tree.rows[place.index]?.spanId === activeId),
  );
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight,
    // The heading lies over the top of what is scrolled.
    scrollPaddingStart: headHeight,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const indexes = defaultRangeExtractor(range);
        return indexes.includes(activeAt) ? indexes : [...indexes, activeAt].toSorted((a, b) => a - b);
      },
      [activeAt],
    ),
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const wantsFocus = useRef<string>(undefined);
  const giveFocus = useCallback(() => {
    const spanId = wantsFocus.current;
    if (spanId === undefined) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-span="${CSS.escape(spanId)}"]`);
    if (!row) return;
    wantsFocus.current = undefined;
    row.focus({ preventScroll: true });
  }, [scroller]);
  const focusRow = useCallback(
    (at: number) => {
      const spanId = tree.rows[visible[at]?.index ?? -1]?.spanId;
      if (spanId === undefined) return;
      wantsFocus.current = spanId;
      setActiveId(spanId);
      virtualizer.scrollToIndex(at, { align: "auto" });
      giveFocus();
    },
    [tree, visible, setActiveId, virtualizer, giveFocus],
  );
  // After every drawing: a row that is far away has to be drawn first.
  useLayoutEffect(giveFocus);
  useEffect(() => {
    if (!wish) return;
    const at = visible.findIndex((place) => tree.rows[place.index]?.spanId === wish.spanId);
    if (at < 0) return;
    virtualizer.scrollToIndex(at, { align: "auto" });
    if (wish.focus) focusRow(at);
    // Only for a new wish: scrolling later is the reader's.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wish]);
  const shownHeight = Math.max((virtualizer.scrollRect?.height ?? 0) - headHeight, rowHeight);
  return {
    headHeight,
    timelineWidth,
    items: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    activeAt,
    pageRows: Math.max(Math.floor(shownHeight / rowHeight) - 1, 1),
    focusRow,
  };
}

function useSizes(head: RefObject<HTMLElement | null>): Pick<RowWindow, "headHeight" | "timelineWidth"> {
  const [sizes, setSizes] = useState({ headHeight: 0, timelineWidth: 0 });
  useLayoutEffect(() => {
    const { current } = head;
    if (!current) return;
    const measure = (): void => {
      const timeline = current.querySelector<HTMLElement>(".axis:last-child .axis-times");
      setSizes((before) => {
        const after = { headHeight: current.offsetHeight, timelineWidth: timeline?.offsetWidth ?? 0 };
        return after.headHeight === before.headHeight && after.timelineWidth === before.timelineWidth
          ? before
          : after;
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [head]);
  return sizes;
}
