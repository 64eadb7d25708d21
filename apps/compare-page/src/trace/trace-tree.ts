import type { TraceRow } from "@tracebridge/compare/page-model";

/** Rows with their relations, all by index into the rows. */
export interface TraceTree {
  rows: readonly TraceRow[];
  /** -1 for those on top. */
  parents: Int32Array;
  /** The first row behind a row's descendants. */
  ends: Int32Array;
  indexes: ReadonlyMap<string, number>;
}

/** Finds out from the depths of rows, depth first, who belongs to whom. */
export function createTraceTree(rows: readonly TraceRow[]): TraceTree {
  const parents = new Int32Array(rows.length).fill(-1);
  const ends = new Int32Array(rows.length).fill(rows.length);
  const indexes = new Map<string, number>();
  const open: number[] = [];
  for (const [index, row] of rows.entries()) {
    indexes.set(row.spanId, index);
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      if ((rows[last]?.depth ?? 0) < row.depth) break;
      ends[last] = index;
      open.pop();
    }
    parents[index] = open.at(-1) ?? -1;
    open.push(index);
  }
  return { rows, parents, ends, indexes };
}

export function readAncestors({ parents }: TraceTree, index: number): number[] {
  const ancestors: number[] = [];
  for (let next = parents[index] ?? -1; next >= 0; next = parents[next] ?? -1) ancestors.push(next);
  return ancestors;
}
