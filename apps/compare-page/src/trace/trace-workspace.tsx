import type { SourceInfo, TracePageModel } from "@tracebridge/compare/page-model";
import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { DifferenceList } from "./difference-list.tsx";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { LegendChips } from "./legend-chips.tsx";
import { withoutIdleDifferences } from "./one-sided.ts";
import { Panel } from "./panel.tsx";
import { SpanDetail } from "./span-detail.tsx";
import { moveBy, zoomBy } from "./time-window.ts";
import type { TraceAddress } from "./trace-address.ts";
import { TraceHeader } from "./trace-header.tsx";
import { useNarrowScreen } from "./use-media-query.ts";
import type { ChangeAddress } from "./use-trace-address.ts";
import { useWorkspace, type Workspace } from "./use-workspace.ts";
import { WaterfallToolbar } from "./waterfall-toolbar.tsx";
import { Waterfall } from "./waterfall.tsx";

interface TraceWorkspaceProps {
  readonly model: TracePageModel;
  readonly address: TraceAddress;
  readonly change: ChangeAddress;
  readonly sources: readonly SourceInfo[];
  /** There is more of the trace than is shown. */
  readonly onRefresh?: () => void;
}

/** The whole page of a trace that is there. */
export function TraceWorkspace(props: TraceWorkspaceProps): ReactNode {
  const { model, address, change, sources, onRefresh } = props;
  const compared = useMemo(() => withoutIdleDifferences(model), [model]);
  const workspace = useWorkspace(compared, address, change);
  const [helps, setHelps] = useState(false);
  const panel = usePanel(workspace);
  return (
    <div className="trace-page">
      <TraceHeader workspace={workspace} sources={sources} />
      <output className="news">
        {onRefresh && (
          <>
            More of this trace has arrived.{" "}
            <button type="button" onClick={onRefresh}>
              Show it
            </button>
          </>
        )}
      </output>
      <LegendChips workspace={workspace} />
      <WaterfallToolbar
        workspace={workspace}
        panelOpen={panel.shown === "differences"}
        onTogglePanel={panel.toggleDifferences}
        onHelp={() => setHelps(true)}
      />
      {/* The keys are those of the grid and the panel in it, which take the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className="trace-work"
        onKeyDown={(event) => handleKey(event, workspace, panel.close, () => setHelps(true))}
      >
        {workspace.visible.length > 0 ? (
          <Waterfall workspace={workspace} />
        ) : (
          <NoRows workspace={workspace} />
        )}
        <TracePanel workspace={workspace} panel={panel} />
      </div>
      {helps && <KeyboardHelp onClose={() => setHelps(false)} />}
    </div>
  );
}

function NoRows({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { model, change } = workspace;
  return (
    <div className="no-rows">
      {model.rows.length === 0 ? (
        <p>There are errors or logs of this trace, but no spans have arrived yet.</p>
      ) : (
        <>
          <p>No span is as the filter wants it.</p>
          <button type="button" onClick={() => change({ q: "", rows: "all" })}>
            Show all spans
          </button>
        </>
      )}
    </div>
  );
}

interface PanelState {
  shown: "span" | "differences" | "none";
  toggleDifferences: () => void;
  close: () => void;
}

/** A chosen span has the panel; else the address says, or whether there is something to see in it. */
function usePanel({ address, change, model, tree, setActiveId }: Workspace): PanelState {
  const narrow = useNarrowScreen();
  const { unexplained, late } = model.counts;
  const wished = address.panel || (unexplained + late > 0 && !narrow ? "differences" : "none");
  const shown = tree.indexes.has(address.span) ? "span" : wished === "differences" ? "differences" : "none";
  return {
    shown,
    toggleDifferences: () =>
      change({ span: "", panel: shown === "differences" ? "none" : "differences" }, "push"),
    close() {
      if (shown === "span") {
        setActiveId(address.span);
        change({ span: "" }, "push");
        focusRowOf(address.span);
      } else if (shown === "differences") change({ panel: "none" }, "push");
    },
  };
}

/** Whoever closes a span's detail goes on at its row. */
function focusRowOf(spanId: string): void {
  const row = document.querySelector<HTMLElement>(`[data-span="${CSS.escape(spanId)}"]`);
  row?.focus({ preventScroll: true });
}

function TracePanel({
  workspace,
  panel,
}: {
  readonly workspace: Workspace;
  readonly panel: PanelState;
}): ReactNode {
  const narrow = useNarrowScreen();
  const { tree, address, change, model } = workspace;
  const row = tree.rows[tree.indexes.get(address.span) ?? -1];
  if (panel.shown === "span" && row) {
    const { unexplained, late } = model.counts;
    return (
      <Panel
        title={row.left?.name || row.right?.name || "Span"}
        onBack={unexplained + late > 0 ? () => change({ span: "", panel: "differences" }, "push") : undefined}
        onClose={panel.close}
        modal={narrow}
      >
        <SpanDetail key={row.spanId} row={row} workspace={workspace} />
      </Panel>
    );
  }
  if (panel.shown !== "differences") return undefined;
  return (
    <Panel title="Differences" onClose={panel.close} modal={narrow}>
      <DifferenceList workspace={workspace} />
    </Panel>
  );
}

/**
 * Keys of one character work only while the focus is here, so that nobody presses them by accident.
 * https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts
 */
function handleKey(event: KeyboardEvent, workspace: Workspace, close: () => void, help: () => void): void {
  const { window, whole, setWindow, stepDifference } = workspace;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const typing = event.target instanceof HTMLElement && event.target.matches("input, select, textarea");
  if (typing && event.key !== "Escape") return;
  const deeds: Record<string, () => void> = {
    "]": () => stepDifference(1),
    "[": () => stepDifference(-1),
    "+": () => setWindow(zoomBy(window, 2, whole)),
    "=": () => setWindow(zoomBy(window, 2, whole)),
    "-": () => setWindow(zoomBy(window, 0.5, whole)),
    "0": () => setWindow(whole),
    "?": help,
    Escape: close,
    ...(event.shiftKey && {
      ArrowLeft: () => setWindow(moveBy(window, -0.25, whole)),
      ArrowRight: () => setWindow(moveBy(window, 0.25, whole)),
    }),
  };
  const deed = Object.hasOwn(deeds, event.key) ? deeds[event.key] : undefined;
  if (!deed) return;
  event.preventDefault();
  deed();
}
