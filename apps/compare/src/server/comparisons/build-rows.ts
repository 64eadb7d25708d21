import {
  compareTimes,
  readDurationMillis,
  type AlignedRow,
  type Trace,
  type TraceComparison,
  type TraceSpan,
} from "@tracebridge/comparison";
import type { RowSide, TimedNote, TraceRow } from "../page-model.ts";

/** The rows of both waterfalls, with what is to be said of each. */
export function buildRows(
  rows: readonly AlignedRow[],
  { differences, left, right }: TraceComparison,
  notes: readonly TimedNote[],
  startTimeUnixNano: string,
): TraceRow[] {
  const differencesOf = Map.groupBy(differences, ({ spanId }) => spanId);
  const notesOf = Map.groupBy(notes, ({ spanId }) => spanId);
  const path = left.criticalPath.length > 0 ? left.criticalPath : right.criticalPath;
  const critical = new Set(path.map(({ spanId }) => spanId));
  return rows.flatMap((row): TraceRow[] => {
    const span = row.left ?? row.right;
    if (!span) return [];
    const own = notesOf.get(span.spanId) ?? [];
    const counts = { unexplained: 0, explained: 0, late: 0 };
    for (const { verdict } of differencesOf.get(span.spanId) ?? []) counts[verdict] += 1;
    return [
      {
        spanId: span.spanId,
        depth: row.depth,
        orphan: row.orphan,
        service: span.service,
        spanKind: span.kind ?? row.right?.kind,
        left: row.left && createSide(row.left, startTimeUnixNano),
        right: row.right && createSide(row.right, startTimeUnixNano),
        differences: counts,
        errors: own.filter(({ kind }) => kind === "error").length,
        logs: own.filter(({ kind }) => kind === "log").length,
        critical: critical.has(span.spanId),
      },
    ];
  });
}

function createSide(span: TraceSpan, start: string): RowSide {
  return {
    name: span.name,
    kind: span.op ?? span.kind ?? "",
    status: span.status,
    startMillis: readMillisSince(start, span.startTimeUnixNano),
    durationMillis: readDurationMillis(span),
  };
}

/** The first start of all spans; of a trace without spans the time of its first error or log. */
export function readStart(traces: readonly Trace[]): string {
  const starts = traces.flatMap(({ spans }) => spans.map((span) => span.startTimeUnixNano));
  if (starts.length > 0) return readFirst(starts);
  return readFirst(traces.flatMap(({ errors, logs }) => [...errors, ...logs].map((one) => one.timeUnixNano)));
}

/** From the first start to the last end of all spans, milliseconds. */
export function readExtent(traces: readonly Trace[], start: string): number {
  const ends = traces.flatMap(({ spans }) => spans.map((span) => span.endTimeUnixNano));
  return ends.reduce((most, end) => Math.max(most, readMillisSince(start, end)), 0);
}

/** Milliseconds with fractions; negative for what was earlier. */
export function readMillisSince(startTimeUnixNano: string, endTimeUnixNano: string): number {
  return readDurationMillis({ startTimeUnixNano, endTimeUnixNano });
}

function readFirst(times: readonly string[]): string {
  const [first = "0", ...rest] = times;
  return rest.reduce((least, time) => (compareTimes(time, least) < 0 ? time : least), first);
}
