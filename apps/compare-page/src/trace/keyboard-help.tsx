import type { ReactNode } from "react";
import { Sheet } from "./panel.tsx";

const keys: readonly [keys: string, deed: string][] = [
  ["↑ ↓", "Span before, span after"],
  ["→ ←", "Unfold, or first child; fold, or parent"],
  ["Page Up, Page Down", "A screen up, a screen down"],
  ["Home, End", "First span, last span"],
  ["Enter", "Open the detail of the span"],
  ["Escape", "Close what is open"],
  ["[ ]", "Previous, next difference"],
  ["+ − 0", "Zoom in, zoom out, whole time"],
  ["Shift + ← →", "Move along the time axis"],
  ["/", "Search for another trace"],
  ["?", "This list"],
];

/** Which keys do what; they work while the focus is on the waterfalls or the panel beside them. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Sheet title="Keyboard" onClose={onClose}>
      <header className="panel-head">
        <h2>Keyboard</h2>
        <button type="button" className="plain" onClick={onClose}>
          Close
        </button>
      </header>
      <dl className="keys">
        {keys.map(([key, deed]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{deed}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
