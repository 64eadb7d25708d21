import type { VisibleRow } from "./visible-rows.ts";

/** What a key asks of the grid. */
export type GridDeed = { deed: "go"; to: number } | { deed: "fold"; folded: boolean } | { deed: "open" };

/**
 * What a key does on a row, as https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/#keyboardinteraction has it for grids
 * whose rows take the focus. Undefined for keys that mean nothing here.
 */
export function readGridKey(
  key: string,
  visible: readonly VisibleRow[],
  at: number,
  pageRows: number,
): GridDeed | undefined {
  const row = visible[at];
  const last = visible.length - 1;
  if (!row) return undefined;
  const go = (to: number): GridDeed => ({ deed: "go", to: Math.min(Math.max(to, 0), last) });
  switch (key) {
    case "ArrowDown":
      return go(at + 1);
    case "ArrowUp":
      return go(at - 1);
    case "PageDown":
      return go(at + pageRows);
    case "PageUp":
      return go(at - pageRows);
    case "Home":
      return go(0);
    case "End":
      return go(last);
    case "Enter":
    case " ":
      return { deed: "open" };
    case "ArrowRight":
      if (row.expanded === false) return { deed: "fold", folded: false };
      return row.expanded ? go(at + 1) : undefined;
    case "ArrowLeft":
      if (row.expanded) return { deed: "fold", folded: true };
      return go(findParent(visible, at));
    default:
      return undefined;
  }
}

function findParent(visible: readonly VisibleRow[], at: number): number {
  const level = visible[at]?.level ?? 1;
  for (let above = at - 1; above >= 0; above -= 1) if ((visible[above]?.level ?? 0) < level) return above;
  return at;
}
