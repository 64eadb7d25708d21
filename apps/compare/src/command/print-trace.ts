import { styleText } from "node:util";
import { arrangeTree, readDurationMillis, type TraceSpan, type TreeRow } from "@tracebridge/comparison";
import type { Side, TraceView } from "../trace/model.ts";
import { cutText, formatCount, formatDuration } from "../trace/format.ts";

export interface PrintOptions {
  colours: boolean;
  /** Columns of the terminal. */
  width: number;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

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
      const text = cutText(`${oneLine(service)}: ${oneLine(title)}`, Math.max(width, maxErrorLength));
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
  const widest = rows.reduce((most, row) => Math.max(most, describe(row, step).length), minNameColumns);
  const withKind = Math.min(widest, maxNameColumns) + kindColumns + detailColumns <= width;
  const room = Math.max(width - detailColumns - (withKind ? kindColumns : 0), minNameColumns);
  const nameColumns = Math.min(widest, room);
  return rows.map((row) => {
    const { span } = row;
    const name = cutText(describe(row, step), nameColumns).padEnd(nameColumns);
    const colour = serviceColours[services.indexOf(span.service) % serviceColours.length] ?? "cyan";
    const kind = ` ${cutText(oneLine(span.op ?? span.kind ?? ""), kindColumns - 1).padEnd(kindColumns - 1)}`;
    const duration = formatDuration(readDurationMillis(span)).padStart(9);
    const status = span.status === "error" ? paint("red", "error") : span.status;
    return `${paint(colour, name)}${withKind ? paint("dim", kind) : ""} ${duration}  ${status}`;
  });
}

function describe({ span, depth, orphan }: TreeRow, step: number): string {
  const indent = " ".repeat(step * Math.min(depth, maxIndent));
  const missing = orphan ? "(parent has not arrived) " : "";
  return `  ${indent}${oneLine(span.service)}: ${missing}${oneLine(span.name)}`;
}

/** Names come from anywhere: no line breaks and no control characters reach the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");
}
