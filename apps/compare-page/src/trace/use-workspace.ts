import type { TracePageModel } from "@tracebridge/compare/page-model";
import { useCallback, useEffect, useMemo, useState } from "react";
import { countServices, type ServiceCount } from "./service-legend.ts";
import { hasNotes, readEmptySide } from "./one-sided.ts";
import { createView, otherSide, readLabels, readView, type Side } from "./side.ts";
import { createWholeWindow, createZoom, readZoom, type TimeWindow } from "./time-window.ts";
import type { TraceAddress, ViewName } from "./trace-address.ts";
import { createTraceTree, type TraceTree } from "./trace-tree.ts";
import type { ChangeAddress } from "./use-trace-address.ts";
import { createVisibleRows, revealRow, type RowFilter, type VisibleRow } from "./visible-rows.ts";

/** A row that is to be scrolled to; every wish is a new object. */
interface RowWish {
  spanId: string;
  focus: boolean;
}

/** What the parts of the trace page share: the model, what is shown of it, and how to change that. */
export interface Workspace {
  model: TracePageModel;
  address: TraceAddress;
  change: ChangeAddress;
  labels: Record<Side, string>;
  view: ViewName;
  setView: (view: ViewName) => void;
  services: readonly ServiceCount[];
  colours: ReadonlyMap<string, number>;
  tree: TraceTree;
  visible: readonly VisibleRow[];
  /** The spans that decided how long each side took. */
  critical: Record<Side, ReadonlySet<string>>;
  whole: TimeWindow;
  window: TimeWindow;
  setWindow: (window: TimeWindow) => void;
  /** The row that Tab reaches. */
  activeId: string | undefined;
  setActiveId: (spanId: string) => void;
  wish: RowWish | undefined;
  /** Opens a span's detail; an empty id closes it. */
  select: (spanId: string) => void;
  fold: (spanIds: readonly string[], folded: boolean) => void;
  /** Goes to the next row that differs, or with -1 to the one before. */
  stepDifference: (by: 1 | -1) => void;
}

export function useWorkspace(model: TracePageModel, address: TraceAddress, change: ChangeAddress): Workspace {
  const drawn = useDrawn(model, address, change);
  const rows = useRows(model, address);
  const { tree, filter, visible, setFolded } = rows;
  const [activeId, setActiveId] = useState<string>();
  const [wish, setWish] = useState<RowWish>();

  const reveal = useCallback(
    (spanId: string, focus: boolean): void => {
      const index = tree.indexes.get(spanId);
      if (index === undefined) return;
      const next = revealRow(tree, filter, index);
      if (next.folded !== filter.folded) setFolded(next.folded);
      if (next !== filter) change({ services: [...next.services], q: next.text, rows: next.rows });
      setActiveId(spanId);
      setWish({ spanId, focus });
    },
    [tree, filter, setFolded, change],
  );
  const { span } = address;
  // Only when another span is chosen (by a click, a link or the back button): later folding may hide it again.
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => void (span && reveal(span, false)), [span]);

  const select = useCallback((spanId: string) => change({ span: spanId }, "push"), [change]);
  const stepDifference = useCallback(
    (by: 1 | -1): void => {
      const next = findDifference(tree, tree.indexes.get(activeId ?? "") ?? (by > 0 ? -1 : 0), by);
      if (next === undefined) return;
      reveal(next, true);
      if (span) change({ span: next });
    },
    [tree, activeId, span, reveal, change],
  );
  const fold = useCallback(
    (spanIds: readonly string[], folded: boolean) => {
      setFolded((before) => {
        const after = new Set(before);
        for (const id of spanIds) {
          if (folded) after.add(id);
          else after.delete(id);
        }
        return after;
      });
    },
    [setFolded],
  );
  return {
    ...drawn,
    model,
    address,
    change,
    tree,
    visible,
    activeId,
    setActiveId,
    wish,
    select,
    fold,
    stepDifference,
  };
}

/** What follows from the model and the address alone. */
function useDrawn(
  model: TracePageModel,
  address: TraceAddress,
  change: ChangeAddress,
): Pick<
  Workspace,
  "labels" | "view" | "setView" | "services" | "colours" | "critical" | "whole" | "window" | "setWindow"
> {
  const fixed = useMemo(() => {
    const services = countServices(model);
    const idsOf = (side: Side): ReadonlySet<string> =>
      new Set(model[side].criticalPath.map((step) => step.spanId));
    return {
      labels: readLabels(model),
      services,
      colours: new Map(services.map(({ service, colour }) => [service, colour])),
      critical: { left: idsOf("left"), right: idsOf("right") },
      whole: createWholeWindow(model.durationMillis),
    };
  }, [model]);
  const { whole } = fixed;
  const window = useMemo(() => readZoom(address.zoom, whole) ?? whole, [address.zoom, whole]);
  const usual = readUsualView(model);
  return {
    ...fixed,
    window,
    view: address.view === "" ? usual : readView(address.view, model),
    setView: useCallback(
      (view) => change({ view: view === usual ? "" : createView(view, model) }, "push"),
      [usual, model, change],
    ),
    setWindow: useCallback((window) => change({ zoom: createZoom(window, whole) }), [whole, change]),
  };
}

interface Rows {
  tree: TraceTree;
  filter: RowFilter;
  visible: readonly VisibleRow[];
  setFolded: (next: ReadonlySet<string> | ((before: ReadonlySet<string>) => ReadonlySet<string>)) => void;
}

function useRows(model: TracePageModel, address: TraceAddress): Rows {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const tree = useMemo(() => createTraceTree(model.rows), [model]);
  const filter = useMemo(
    (): RowFilter => ({
      folded,
      services: new Set(address.services),
      text: address.q,
      rows: address.rows,
    }),
    [folded, address.services, address.q, address.rows],
  );
  const visible = useMemo(() => createVisibleRows(tree, filter), [tree, filter]);
  return { tree, filter, visible, setFolded };
}

/** The id of the next row that is not as it should be, around the end. */
function findDifference({ rows }: TraceTree, from: number, by: 1 | -1): string | undefined {
  for (let step = 1; step <= rows.length; step += 1) {
    const row = rows[(from + by * step + rows.length * 2) % rows.length];
    if (row && row.differences.unexplained + row.differences.late > 0) return row.spanId;
  }
  return undefined;
}

/** Of a trace that one side knows nothing of, the other one is all there is to see. */
function readUsualView(model: TracePageModel): ViewName {
  const empty = readEmptySide(model);
  return empty === undefined || hasNotes(model[empty]) ? "both" : otherSide(empty);
}
