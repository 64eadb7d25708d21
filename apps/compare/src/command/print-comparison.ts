import { alignTraces, type SideSummary } from "@tracebridge/comparison";
import { formatCount } from "../trace/format.ts";
import { isLocal, type SourcePair } from "./compare-sources.ts";
import { readSideLabels, type Compared, type CompareSide } from "./compared.ts";
import { createPaint, type PrintOptions, type Style } from "./paint.ts";
import { printAlignedTree } from "./print-aligned-tree.ts";
import { printDifferences, printExplanations, type DifferencePrinter } from "./print-differences.ts";
import { printErrors } from "./print-errors.ts";
import { printCriticalPath, printSummary } from "./print-summary.ts";
import { oneLine, wrapToWidth } from "./terminal-text.ts";
import { describeVerdict, readExitCode } from "./verdict.ts";

export interface ReportOptions extends PrintOptions {
  /** Explained differences are printed each. */
  all: boolean;
  compareUrl: string;
}

const verdictStyles: readonly Style[] = [
  ["green", "bold"],
  ["red", "bold"],
  ["yellow", "bold"],
];

/** The whole report: both trees, what differs, errors, summary, verdict, links. */
export function printComparison(compared: Compared, sources: SourcePair, options: ReportOptions): string {
  const { comparison, left, right } = compared;
  const labels = readSideLabels(sources.left, sources.right);
  const printer: DifferencePrinter = { compared, labels, paint: createPaint(options), width: options.width };
  const isOneSided = comparison.verdict === "one-sided";
  const sections = [
    printHeader(sources, printer),
    printAlignedTree(alignTraces(left, right), isOneSided ? [] : comparison.differences, labels, options),
    // That everything is missing on one side is said once, by the verdict.
    ...(isOneSided ? [] : printAllDifferences(options.all, printer)),
    printErrors(printer),
    printCriticalPath(printer),
    printSummary(printer),
    [...printVerdict(sources, printer), ...printLinks(comparison.traceId, sources, options)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function printAllDifferences(all: boolean, printer: DifferencePrinter): string[][] {
  return [
    printDifferences("unexplained", printer),
    printDifferences("late", printer),
    printExplanations(all, printer),
  ];
}

function printHeader(sources: SourcePair, { compared, labels, paint, width }: DifferencePrinter): string[] {
  const { traceId, left, right } = compared.comparison;
  const describe = (side: CompareSide, summary: SideSummary): string[] => {
    const counts = [
      `${formatCount(summary.spans, "span")} in ${formatCount(summary.services.length, "service")}`,
      ...(summary.errors > 0 ? [formatCount(summary.errors, "error")] : []),
      formatCount(summary.logs, "log"),
    ].join(", ");
    return wrapToWidth(`${labels[side]} (${oneLine(sources[side].name)}): ${counts}`, width);
  };
  return [paint("bold", `Trace ${traceId}`), ...describe("left", left), ...describe("right", right)];
}

function printVerdict(sources: SourcePair, { compared, paint, width }: DifferencePrinter): string[] {
  const [verdict = "", ...reasons] = describeVerdict(compared.comparison, sources);
  const style = verdictStyles[readExitCode(compared.comparison)] ?? "bold";
  return [
    ...wrapToWidth(verdict, width).map((line) => paint(style, line)),
    ...reasons.flatMap((reason) => wrapToWidth(reason, width)),
  ];
}

/** Addresses are never cut or wrapped: a terminal lets them be clicked. */
function printLinks(traceId: string, sources: SourcePair, { compareUrl }: ReportOptions): string[] {
  const { left, right } = sources;
  const isDefault = left.name === "local:sentry" && right.name === "local:otlp";
  const search = isDefault
    ? ""
    : `?${new URLSearchParams({ left: left.name, right: right.name }).toString()}`;
  return [
    ...(isLocal(left) && isLocal(right) ? [`In the browser: ${compareUrl}/trace/${traceId}${search}`] : []),
    ...[left, right].flatMap((source) => {
      const url = isLocal(source) ? undefined : source.pageUrl?.(traceId);
      return url === undefined ? [] : [`In ${oneLine(source.label)}: ${oneLine(url)}`];
    }),
  ];
}
