import {
  readDurationMillis,
  readMillis,
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
  startMillis: number,
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
        left: row.left && createSide(row.left, startMillis),
        right: row.right && createSide(row.right, startMillis),
        differences: counts,
        errors: own.filter(({ kind }) => kind === "error").length,
        logs: own.filter(({ kind }) => kind === "log").length,
        critical: critical.has(span.spanId),
      },
    ];
  });
}

function createSide(span: TraceSpan, startMillis: number): RowSide {
  return {
    name: span.name,
    kind: span.op ?? span.kind ?? "",
    status: span.status,
    startMillis: readMillis(span.startTimeUnixNano) - startMillis,
    durationMillis: readDurationMillis(span),
  };
}

/** The first start of all spans, milliseconds since 1970; of a trace without spans the time of its first error or log. */
export function readStart(traces: readonly Trace[]): number {
  const starts = traces.flatMap(({ spans }) => spans.map((span) => readMillis(span.startTimeUnixNano)));
  if (starts.length > 0) return readLeast(starts);
  const times = traces.flatMap(({ errors, logs }) =>
    [...errors, ...logs].map((one) => readMillis(one.timeUnixNano)),
  );
  return times.length > 0 ? readLeast(times) : 0;
}

/** From the first start to the last end of all spans, milliseconds. */
export function readExtent(traces: readonly Trace[]): number {
  const start = readStart(traces);
  const ends = traces.flatMap(({ spans }) => spans.map((span) => readMillis(span.endTimeUnixNano)));
  return ends.reduce((most, end) => Math.max(most, end - start), 0);
}

/** `Math.min` takes only as many arguments as the stack holds. */
function readLeast(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}
