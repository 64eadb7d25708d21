import type { ReactNode } from "react";
import { formatDuration } from "./duration-text.ts";
import { rowChoices, type RowChoice, type ViewName } from "./trace-address.ts";
import { zoomBy } from "./time-window.ts";
import type { Workspace } from "./use-workspace.ts";

interface ToolbarProps {
  readonly workspace: Workspace;
  readonly panelOpen: boolean;
  readonly onTogglePanel: () => void;
  readonly onHelp: () => void;
}

const rowWords: Record<RowChoice, string> = {
  all: "All spans",
  different: "Spans that differ",
  failed: "Spans that failed",
  critical: "Critical path",
};

/** What changes how the waterfalls are drawn. */
export function WaterfallToolbar(props: ToolbarProps): ReactNode {
  const { workspace, panelOpen, onTogglePanel, onHelp } = props;
  const { address, change, model } = workspace;
  const { unexplained, late } = model.counts;
  return (
    <div className="toolbar" role="group" aria-label="What is shown">
      <ViewChoice workspace={workspace} />
      <input
        type="search"
        aria-label="Find spans by name, service or id"
        placeholder="Find spans"
        value={address.q}
        onChange={(event) => change({ q: event.target.value })}
        spellCheck={false}
        autoComplete="off"
      />
      <select
        aria-label="Which spans"
        value={address.rows}
        onChange={(event) =>
          change({ rows: rowChoices.find((choice) => choice === event.target.value) ?? "all" })
        }
      >
        {rowChoices.map((choice) => (
          <option key={choice} value={choice}>
            {rowWords[choice]}
          </option>
        ))}
      </select>
      <FoldButtons workspace={workspace} />
      <ZoomButtons workspace={workspace} />
      <span className="toolbar-end">
        {unexplained + late > 0 && <DifferenceSteps workspace={workspace} />}
        <button type="button" aria-pressed={panelOpen} onClick={onTogglePanel}>
          Differences
        </button>
        <button
          type="button"
          className="help-button"
          onClick={onHelp}
          aria-keyshortcuts="?"
          title="Keyboard (?)"
        >
          Keys<span className="out-of-sight"> of the keyboard</span>
        </button>
      </span>
    </div>
  );
}

function ViewChoice({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { view, setView, labels } = workspace;
  const words: [ViewName, string][] = [
    ["both", "Both"],
    ["left", labels.left],
    ["right", labels.right],
  ];
  return (
    <span className="segments" role="group" aria-label="View">
      {words.map(([name, text]) => (
        <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
          {text}
        </button>
      ))}
    </span>
  );
}

function FoldButtons({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { tree, fold, address, change } = workspace;
  const parents = (): string[] =>
    tree.rows.filter((_, index) => (tree.ends[index] ?? 0) > index + 1).map((row) => row.spanId);
  return (
    <span className="segments" role="group" aria-label="Tree">
      <button type="button" onClick={() => fold(parents(), true)} title="Fold every span that has children">
        Fold all
      </button>
      <button
        type="button"
        title="Show every span again"
        onClick={() => {
          fold(parents(), false);
          if (address.services.length > 0) change({ services: [] });
        }}
      >
        Unfold
      </button>
    </span>
  );
}

function ZoomButtons({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { window, whole, setWindow } = workspace;
  const isWhole = window === whole;
  return (
    <span className="segments" role="group" aria-label="Zoom of the time axis">
      <button
        type="button"
        aria-label="Zoom out"
        aria-disabled={isWhole}
        onClick={() => setWindow(zoomBy(window, 0.5, whole))}
      >
        −
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => setWindow(zoomBy(window, 2, whole))}>
        +
      </button>
      <button type="button" aria-disabled={isWhole} onClick={() => setWindow(whole)}>
        {isWhole ? "Whole" : "Reset"}
        <span className="out-of-sight"> time axis</span>
      </button>
      <output className="out-of-sight">
        {isWhole ? "" : `From ${formatDuration(window.from)} to ${formatDuration(window.to)}`}
      </output>
    </span>
  );
}

function DifferenceSteps({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { stepDifference } = workspace;
  return (
    <span className="segments" role="group" aria-label="Go to a difference">
      <button
        type="button"
        aria-label="Previous difference"
        aria-keyshortcuts="["
        onClick={() => stepDifference(-1)}
      >
        <span aria-hidden="true">≠ ↑</span>
      </button>
      <button
        type="button"
        aria-label="Next difference"
        aria-keyshortcuts="]"
        onClick={() => stepDifference(1)}
      >
        <span aria-hidden="true">≠ ↓</span>
      </button>
    </span>
  );
}
