import { styleText } from "node:util";
import type { Side, TraceView } from "../trace/model.ts";
import { arrangeTree, formatDuration, type TreeRow } from "../trace/tree.ts";

export interface PrintOptions {
  colours: boolean;
  /** Columns of the terminal. */
  width: number;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const titles: Record<Side, string> = { sentry: "Sentry", otlp: "OTLP" };
const exporters: Record<Side, string> = { sentry: "sentry", otlp: "otlp" };
/** Columns that kind, duration and status take, with the gaps. */
const detailColumns = 36;
const serviceColours: readonly Style[] = ["cyan", "magenta", "yellow", "blue", "green"];

/** The trace as two trees, one after the other. */
export function printTrace(trace: TraceView, options: PrintOptions): string {
  const paint: Paint = (style, text) =>
    options.colours ? styleText(style, text, { validateStream: false }) : text;
  const sides: Side[] = ["sentry", "otlp"];
  return [
    paint("bold", `Trace ${trace.traceId}`),
    ...sides.flatMap((side) => ["", ...printSide(trace, side, options.width, paint)]),
  ].join("\n");
}

function printSide(trace: TraceView, side: Side, width: number, paint: Paint): string[] {
  const { spans, logs } = trace[side];
  const errors = side === "sentry" ? trace.sentry.errors : [];
  const services = [...new Set(spans.map((span) => span.service))];
  const counts = [
    `${spans.length} spans in ${services.length} services`,
    ...(side === "sentry" ? [`${errors.length} errors`] : []),
    `${logs.length} logs`,
  ].join(", ");
  const heading = `${paint("bold", titles[side])}  ${counts}`;
  if (spans.length === 0) {
    return [heading, `  No span arrived here. OTEL_TRACES_EXPORTER has to name ${exporters[side]} for that.`];
  }
  const rows = arrangeTree(spans);
  const widest = Math.max(...rows.map((row) => describe(row).length));
  const nameWidth = Math.max(20, Math.min(widest, width - detailColumns));
  return [
    heading,
    ...rows.map((row) => printRow(row, nameWidth, width, services, paint)),
    ...errors.map((error) => `  ${paint("red", "error")} ${error.service}: ${oneLine(error.title)}`),
  ];
}

function describe({ span, depth, orphan }: TreeRow): string {
  const missing = orphan ? " (parent has not arrived)" : "";
  return `  ${"  ".repeat(depth)}${oneLine(span.service)}: ${oneLine(span.name)}${missing}`;
}

function printRow(row: TreeRow, nameWidth: number, width: number, services: string[], paint: Paint): string {
  const { span } = row;
  const text = describe(row);
  const name = text.length > nameWidth ? `${text.slice(0, nameWidth - 1)}…` : text.padEnd(nameWidth);
  const colour = serviceColours[services.indexOf(span.service) % serviceColours.length] ?? "cyan";
  const duration = formatDuration(span.durationMillis).padStart(9);
  const status = span.status === "error" ? paint("red", "error") : span.status;
  const kind = width < nameWidth + detailColumns ? "" : ` ${paint("dim", oneLine(span.kind).padEnd(14))}`;
  return `${paint(colour, name)}${kind} ${duration}  ${status}`;
}

/** Names come from anywhere: no line breaks and no control characters reach the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");
}
