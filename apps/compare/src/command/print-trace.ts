import { arrangeTree, type TraceSpan, type TreeRow } from "@tracebridge/comparison";
import type { Side, TraceView } from "../trace/model.ts";
import { formatCount } from "../trace/format.ts";
import { chooseServiceStyles, createPaint, type Paint, type PrintOptions, type Style } from "./paint.ts";
import { createCellLayout, printCell } from "./span-cells.ts";
import { cutToWidth, oneLine } from "./terminal-text.ts";

const titles: Record<Side, string> = { sentry: "Sentry", otlp: "OTLP" };
const maxErrorLength = 500;
const margin = "  ";

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
  const readStyle = chooseServiceStyles([...trace.sentry.spans, ...trace.otlp.spans]);
  return [
    `${paint("bold", titles[side])}  ${counts}`,
    ...(spans.length === 0 ? [hint] : printTree(arrangeTree(spans), readStyle, width, paint)),
    ...errors.map(({ service, title }) => {
      const text = cutToWidth(`${oneLine(service)}: ${oneLine(title)}`, Math.max(width, maxErrorLength));
      return `  ${paint("red", "error")} ${text}`;
    }),
  ];
}

function readServices(spans: readonly TraceSpan[]): string[] {
  return [...new Set(spans.map((span) => span.service))];
}

function printTree(
  rows: readonly TreeRow[],
  readStyle: (service: string) => Style,
  width: number,
  paint: Paint,
): string[] {
  const layout = createCellLayout(rows, width - margin.length);
  return rows.map((row) => {
    const cell = printCell(row, layout, readStyle(row.span.service), paint);
    return `${margin}${cell}`.trimEnd();
  });
}
