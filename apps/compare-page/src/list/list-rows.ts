import type { TraceSummary } from "@tracebridge/compare/page-model";

export interface ListRow {
  /** As it was when its place was given: what rows are sorted by, so that none moves under the reader's eyes. */
  readonly placed: TraceSummary;
  /** As it is now. */
  readonly trace: TraceSummary;
  /** It came while the list was on show. */
  readonly isNew: boolean;
}

export interface ListRows {
  readonly rows: readonly ListRow[];
  /** The last answer, in its order. */
  readonly found: readonly TraceSummary[];
  /** How many traces came since; they wait until the reader asks for them. */
  readonly waiting: number;
}

export const noRows: ListRows = { rows: [], found: [], waiting: 0 };

/** What a new question has found. */
export function placeAll(found: readonly TraceSummary[]): ListRows {
  return { rows: found.map((trace) => ({ placed: trace, trace, isNew: false })), found, waiting: 0 };
}

/** What the same question finds now: rows stay where they are, and what is new waits. An empty list takes it at once. */
export function refresh(before: ListRows, found: readonly TraceSummary[]): ListRows {
  const byId = new Map(found.map((trace) => [trace.traceId, trace]));
  const rows = before.rows.map((row) => ({ ...row, trace: byId.get(row.placed.traceId) ?? row.trace }));
  const shown = new Set(before.rows.map(({ placed }) => placed.traceId));
  const waiting = found.filter(({ traceId }) => !shown.has(traceId)).length;
  const after = { rows, found, waiting };
  return rows.length === 0 ? showWaiting(after) : after;
}

/** Gives every trace the place that is its own now. */
export function showWaiting({ rows, found }: ListRows): ListRows {
  const shown = new Set(rows.map(({ placed }) => placed.traceId));
  return {
    rows: found.map((trace) => ({ placed: trace, trace, isNew: !shown.has(trace.traceId) })),
    found,
    waiting: 0,
  };
}
