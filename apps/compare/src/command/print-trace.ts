import { arrangeTree, readDurationMillis, type TraceSpan, type TreeRow } from "@tracebridge/comparison";
import type { Side, TraceView } from "../trace/model.ts";
import { formatCount, formatDuration } from "../trace/format.ts";
import { createPaint, readServiceStyle, type Paint, type PrintOptions } from "./paint.ts";
import { cutToWidth, fitToWidth, oneLine, widthOf } from "./terminal-text.ts";

const titles: Record<Side, string> = { sentry: "Sentry", otlp: "OTLP" };
/** Deeper spans are drawn no further to the right. */
const maxIndent = 60;
const maxErrorLength = 500;
const minNameColumns = 24;
/** Names this wide are reason enough to leave out the kind; longer ones are cut in any case. */
const maxNameColumns = 80;
/** Columns with the gap before them: the kind; duration and status together. */
const kindColumns = 15;
const detailColumns = 17;

/** The trace as two trees, one after the other. */
export function printTrace(trace: TraceView, options: PrintOptions): string {
  const paint = createPaint(options);
  const sides: Side[] = ["sentry", "otlp"];
  return [
    paint("bold", `Trace ${trace.traceId}`),
    ...sides.flatMap((side) => ["", ...printSide(trace, side, options.width, paint)]),
  ].join("\n");
}

function printSide(trace: TraceView, side: Side, width: number, paint: Paint): string[] {
  const { spans, errors, logs } = trace[side];
  const counts = [
    `${formatCount(spans.length, "span")} in ${formatCount(readServices(spans).length, "service")}`,
    ...(side === "sentry" ? [formatCount(errors.length, "error")] : []),
    formatCount(logs.length, "log"),
  ].join(", ");
  const hint = `  No span arrived here. OTEL_TRACES_EXPORTER of the services has to name ${side} for that.`;
  // Both trees give a service the same colour.
  const services = readServices([...trace.sentry.spans, ...trace.otlp.spans]);
  return [
    `${paint("bold", titles[side])}  ${counts}`,
    ...(spans.length === 0 ? [hint] : printTree(arrangeTree(spans), services, width, paint)),
    ...errors.map(({ service, title }) => {
      const text = cutToWidth(`${oneLine(service)}: ${oneLine(title)}`, Math.max(width, maxErrorLength));
      return `  ${paint("red", "error")} ${text}`;
    }),
  ];
}

function readServices(spans: readonly TraceSpan[]): string[] {
  return [...new Set(spans.map((span) => span.service))];
}

/** What does not fit is given up in this order: wide steps, the kind, the end of the names. */
function printTree(rows: readonly TreeRow[], services: string[], width: number, paint: Paint): string[] {
  const deepest = rows.reduce((most, row) => Math.max(most, row.depth), 0);
  const step = 2 * deepest + minNameColumns + detailColumns <= width ? 2 : 1;
  const widest = rows.reduce((most, row) => Math.max(most, widthOf(describe(row, step))), minNameColumns);
  const withKind = Math.min(widest, maxNameColumns) + kindColumns + detailColumns <= width;
  const room = Math.max(width - detailColumns - (withKind ? kindColumns : 0), minNameColumns);
  const nameColumns = Math.min(widest, room);
  return rows.map((row) => {
    const { span } = row;
    const name = fitToWidth(describe(row, step), nameColumns);
    const kind = ` ${fitToWidth(oneLine(span.op ?? span.kind ?? ""), kindColumns - 1)}`;
    const duration = formatDuration(readDurationMillis(span)).padStart(9);
    const status = span.status === "error" ? paint("red", "error") : span.status;
    return `${paint(readServiceStyle(services, span.service), name)}${withKind ? paint("dim", kind) : ""} ${duration}  ${status}`;
  });
}

function describe({ span, depth, orphan }: TreeRow, step: number): string {
  const indent = " ".repeat(step * Math.min(depth, maxIndent));
  const missing = orphan ? "(parent has not arrived) " : "";
  return `  ${indent}${oneLine(span.service)}: ${missing}${oneLine(span.name)}`;
}
