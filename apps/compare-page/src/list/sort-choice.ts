import type { SortingState } from "@tanstack/react-table";

/** What `?sort=` says: a column's id, with a minus before it for descending. Nothing keeps the server's order. */
export function readSorting(sort: string | null, columnIds: readonly string[]): SortingState {
  const desc = sort?.startsWith("-") ?? false;
  const id = desc ? sort?.slice(1) : sort;
  return id && columnIds.includes(id) ? [{ id, desc }] : [];
}

export function writeSorting([sort]: SortingState): string | undefined {
  return sort && (sort.desc ? `-${sort.id}` : sort.id);
}
