import type { TraceRow } from "@tracebridge/compare/page-model";
import type { RowChoice } from "./trace-address.ts";
import { readAncestors, type TraceTree } from "./trace-tree.ts";

/** What of a tree is shown. */
export interface RowFilter {
  /** Ids of spans whose descendants are folded away. */
  folded: ReadonlySet<string>;
  /** Services of which only the spans are shown that another service called. */
  services: ReadonlySet<string>;
  /** Rows must have it in their name, service or id; their ancestors are shown, too. */
  text: string;
  rows: RowChoice;
}

/** A row as it stands in the tree grid. */
export interface VisibleRow {
  /** Into the rows of the tree. */
  index: number;
  /** Of the rows that are shown: 1 on top. */
  level: number;
  /** Its place among its siblings that are shown, from 1, and how many they are. */
  position: number;
  siblings: number;
  expanded: boolean | undefined;
  /** How many descendants are not shown because of a fold or a collapsed service. */
  hidden: number;
  /** Shown for the sake of a descendant only. */
  passed: boolean;
}

/** The rows that are shown, top down. */
export function createVisibleRows(tree: TraceTree, filter: RowFilter): VisibleRow[] {
  const wanted = findWanted(tree, filter);
  const visible: VisibleRow[] = [];
  /** For each row of the tree, where its nearest shown self or ancestor is in `visible`. */
  const places = new Int32Array(tree.rows.length).fill(-1);
  let index = 0;
  while (index < tree.rows.length) {
    const end = tree.ends[index] ?? tree.rows.length;
    if (wanted[index] === no) {
      index = end;
      continue;
    }
    const place = (places[index] = readParentPlace(tree, places, index));
    const above = visible[place];
    if (above && isInside(tree, filter.services, index)) {
      above.hidden += 1;
      index += 1;
      continue;
    }
    const row = createRow(tree, filter.folded, index, above, wanted[index] === passing);
    places[index] = visible.push(row) - 1;
    index = row.expanded === false ? end : index + 1;
  }
  countSiblings(visible);
  return visible;
}

const no = 0;
const passing = 1;
const yes = 2;

/** What the texts and choices leave of a tree: matching rows and their ancestors. */
function findWanted(tree: TraceTree, { text, rows }: RowFilter): Uint8Array {
  const wanted = new Uint8Array(tree.rows.length);
  const sought = text.trim().toLowerCase();
  for (let index = tree.rows.length - 1; index >= 0; index -= 1) {
    const row = tree.rows[index];
    if (!row) continue;
    if (isChosen(row, rows) && hasText(row, sought)) wanted[index] = yes;
    const parent = tree.parents[index] ?? -1;
    if (wanted[index] !== no && parent >= 0) wanted[parent] = Math.max(wanted[parent] ?? no, passing);
  }
  return wanted;
}

function isChosen(row: TraceRow, rows: RowChoice): boolean {
  switch (rows) {
    case "all":
      return true;
    case "different":
      return row.differences.unexplained + row.differences.late > 0;
    case "failed":
      return isFailed(row);
    case "critical":
      return row.critical;
  }
}

/** One side says so, or an error was captured in it. */
function isFailed(row: TraceRow): boolean {
  return row.errors > 0 || row.left?.status === "error" || row.right?.status === "error";
}

function hasText(row: TraceRow, sought: string): boolean {
  if (sought === "") return true;
  return [row.left?.name, row.right?.name, row.service, row.spanId].some((text) =>
    text?.toLowerCase().includes(sought),
  );
}

function readParentPlace(tree: TraceTree, places: Int32Array, index: number): number {
  const parent = tree.parents[index] ?? -1;
  return parent < 0 ? -1 : (places[parent] ?? -1);
}

/** Of a collapsed service, and called by a span of the same service. */
function isInside(tree: TraceTree, services: ReadonlySet<string>, index: number): boolean {
  const service = tree.rows[index]?.service;
  const parent = tree.rows[tree.parents[index] ?? -1];
  return service !== undefined && services.has(service) && parent?.service === service;
}

function createRow(
  tree: TraceTree,
  folded: ReadonlySet<string>,
  index: number,
  above: VisibleRow | undefined,
  passed: boolean,
): VisibleRow {
  const children = (tree.ends[index] ?? index + 1) - index - 1;
  const isFolded = children > 0 && folded.has(tree.rows[index]?.spanId ?? "");
  return {
    index,
    level: (above?.level ?? 0) + 1,
    position: 1,
    siblings: 1,
    expanded: children === 0 ? undefined : !isFolded,
    hidden: isFolded ? children : 0,
    passed,
  };
}

function countSiblings(visible: readonly VisibleRow[]): void {
  /** The rows of the family that is open at each level. */
  const families: VisibleRow[][] = [];
  for (const row of visible) {
    families.length = Math.min(families.length, row.level);
    const family = (families[row.level - 1] ??= []);
    row.position = family.push(row);
    if (row.position > 1) continue;
    row.siblings = 1;
  }
  // Backwards, so that each family's last row, which knows its size, comes first.
  const sizes: number[] = [];
  for (const row of visible.toReversed()) {
    sizes.length = Math.min(sizes.length, row.level);
    row.siblings = sizes[row.level - 1] ??= row.position;
    if (row.position === 1) sizes.length = row.level - 1;
  }
}

/** The filter changed as little as it takes to show a row. */
export function revealRow(tree: TraceTree, filter: RowFilter, index: number): RowFilter {
  const row = tree.rows[index];
  if (!row || isVisible(tree, filter, index)) return filter;
  const above = new Set(readAncestors(tree, index).map((ancestor) => tree.rows[ancestor]?.spanId));
  const unfolded = { ...filter, folded: new Set([...filter.folded].filter((id) => !above.has(id))) };
  if (isVisible(tree, unfolded, index)) return unfolded;
  const opened = {
    ...unfolded,
    services: new Set([...filter.services].filter((service) => service !== row.service)),
  };
  if (isVisible(tree, opened, index)) return opened;
  return { ...opened, text: "", rows: "all" };
}

function isVisible(tree: TraceTree, filter: RowFilter, index: number): boolean {
  return createVisibleRows(tree, filter).some((row) => row.index === index);
}
