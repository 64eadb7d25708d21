import { readMillis, type SideSummary, type TraceSpan } from "@tracebridge/comparison";
import { formatCount, formatDuration, formatTime } from "../trace/format.ts";
import { indexSpans } from "./compared.ts";
import type { DifferencePrinter } from "./print-differences.ts";
import { cutToWidth, fitToWidth, oneLine, padToWidth, widthOf } from "./terminal-text.ts";

/** The steps that took longest are printed; the page has them all. */
const maxSteps = 12;
const nanosPerMilli = 1e6;

/** Counts per service, how long the trace took, and what decided that, as each view has it. */
export function printSummary(printer: DifferencePrinter): string[] {
  const { compared, labels, paint } = printer;
  const { left, right } = compared.comparison;
  const services = [
    ...new Set([...left.services, ...right.services].map(({ service }) => service)),
  ].toSorted();
  const [ofLeft, ofRight] = [countServices(left), countServices(right)];
  const rows = [
    ["", labels.left, labels.right],
    ["started", formatStart(left), formatStart(right)],
    ["took", formatNanos(left.durationNanos), formatNanos(right.durationNanos)],
    ["total", formatTotal(left), formatTotal(right)],
    ...services.map((service) => [oneLine(service), ofLeft.get(service) ?? "-", ofRight.get(service) ?? "-"]),
  ];
  return [paint("bold", "Summary"), ...printTable(rows, printer)];
}

/** The spans that decided how long the trace took, with each one's share in it. */
export function printCriticalPath(printer: DifferencePrinter): string[] {
  const { compared, labels, paint } = printer;
  const { left, right } = compared.comparison;
  const [ofLeft, ofRight] = [left, right].map(readShares) as [Map<string, number>, Map<string, number>];
  const ids = [...new Set([...ofLeft.keys(), ...ofRight.keys()])];
  if (ids.length === 0) return [];
  const largest = (id: string): number => Math.max(ofLeft.get(id) ?? 0, ofRight.get(id) ?? 0);
  const kept = new Set(ids.toSorted((a, b) => largest(b) - largest(a)).slice(0, maxSteps));
  const spans = indexSpans(compared);
  const share = (shares: Map<string, number>, id: string): string => {
    const nanos = shares.get(id);
    return nanos === undefined ? "-" : formatNanos(nanos);
  };
  const rows = ids
    .filter((id) => kept.has(id))
    .map((id) => [describeSpan(spans.get(id), id), share(ofLeft, id), share(ofRight, id)]);
  return [
    paint("bold", "Critical path"),
    ...printTable([["", labels.left, labels.right], ...rows], printer),
    ...(ids.length > maxSteps ? [`  and ${formatCount(ids.length - maxSteps, "shorter step")}`] : []),
  ];
}

function readShares({ criticalPath }: SideSummary): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { spanId, nanos } of criticalPath) shares.set(spanId, (shares.get(spanId) ?? 0) + nanos);
  return shares;
}

function describeSpan(span: TraceSpan | undefined, spanId: string): string {
  return span ? `${oneLine(span.service)}: ${oneLine(span.name)}` : oneLine(spanId);
}

function formatNanos(nanos: number): string {
  return formatDuration(nanos / nanosPerMilli);
}

function formatStart({ startTimeUnixNano }: SideSummary): string {
  if (startTimeUnixNano === undefined) return "-";
  const millis = readMillis(startTimeUnixNano);
  return Math.abs(millis) <= 8.64e15 ? formatTime(millis) : "(no time)";
}

function formatTotal(side: SideSummary): string {
  const failedSpans = side.services.reduce((sum, service) => sum + service.failedSpans, 0);
  return formatCounts({ ...side, failedSpans });
}

function countServices({ services }: SideSummary): ReadonlyMap<string, string> {
  return new Map(services.map((counts) => [counts.service, formatCounts(counts)]));
}

function formatCounts(counts: { spans: number; failedSpans: number; errors: number; logs: number }): string {
  return [
    formatCount(counts.spans, "span"),
    ...(counts.failedSpans > 0 ? [`${counts.failedSpans} failed`] : []),
    ...(counts.errors > 0 ? [formatCount(counts.errors, "error")] : []),
    ...(counts.logs > 0 ? [formatCount(counts.logs, "log")] : []),
  ].join(", ");
}

/** Three columns, or where they do not fit one beneath the other. */
function printTable(cells: readonly string[][], { width, paint }: DifferencePrinter): string[] {
  const rows = cells.map((row) => row.map((cell) => cutToWidth(cell, width)));
  const widths = [0, 1, 2].map((column) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[column] ?? "")), 0),
  );
  const [first = 0, second = 0, third = 0] = widths;
  const dimmed = (line: string, index: number): string => (index === 0 ? paint("dim", line) : line);
  const room = width - 2 - second - third - 4;
  if (room >= Math.min(first, 24)) {
    return rows.map(([name = "", left = "", right = ""], index) => {
      const cells = [fitToWidth(name, Math.min(first, room)), padToWidth(left, second), right];
      return dimmed(`  ${cells.join("  ")}`.trimEnd(), index);
    });
  }
  const labels = rows[0] ?? [];
  return rows.slice(1).flatMap(([name = "", ...values]) => {
    const told = values.map((value, index) => `${labels[index + 1] ?? ""} ${value}`);
    const line = `    ${told.join(", ")}`;
    const lines = widthOf(line) <= width ? [line] : told.map((value) => cutToWidth(`    ${value}`, width));
    return [cutToWidth(`  ${name}`, width), ...lines];
  });
}
