import type { Trace, TraceSpan } from "../model.ts";
import { isRecent, readMillis } from "../time.ts";
import { findClockSkew } from "./clock-skew.ts";
import { compareErrors } from "./compare-errors.ts";
import { compareLogs } from "./compare-logs.ts";
import { compareSenders } from "./compare-senders.ts";
import { compareSpans } from "./compare-spans.ts";
import { createFindings, type Finding, type Findings } from "./findings.ts";
import { joinSpans } from "./join-spans.ts";
import type { CompareOptions, ComparisonVerdict, TraceComparison } from "./result.ts";
import { readToleranceNanos } from "./rules/times.ts";
import { createScene } from "./scene.ts";
import { summarize } from "./summary.ts";
import { explain, tellDifferences } from "./tell.ts";

const defaults = { toleranceMillis: 1, graceMillis: 10_000 };

/**
 * What two back ends tell of one trace, and in what they differ. Every difference is explained by a rule that predicts the
 * exact other value, late, or unexplained. Each side may be in any format.
 */
export function compareTraces(left: Trace, right: Trace, options: CompareOptions = {}): TraceComparison {
  const { toleranceMillis, graceMillis, nowMillis } = { ...defaults, ...options };
  const toleranceNanos = readToleranceNanos(toleranceMillis, left.format, right.format);
  const scene = createScene(left, right);
  const findings = createFindings(scene);
  const joined = joinSpans(scene.rich.trace.spans, scene.poor.trace.spans);
  const skews = correctsClocks(left, right)
    ? findClockSkew(joined.pairs, toleranceNanos)
    : new Map<string, number>();
  const isLate = (unixNano: string): boolean =>
    nowMillis !== undefined && isRecent(readMillis(unixNano), nowMillis, graceMillis);

  for (const span of joined.richOnly) addMissingSpan(findings, span, true, isLate);
  for (const span of joined.poorOnly) addMissingSpan(findings, span, false, isLate);
  for (const pair of joined.pairs) {
    compareSpans(pair, findings, { toleranceNanos, skewNanos: skews.get(pair.rich.service) ?? 0 });
  }
  compareSenders(joined.pairs, scene, findings);
  compareErrors(scene, findings);
  compareLogs(scene, findings, toleranceNanos);

  markLate(findings.list, isLate);

  const differences = tellDifferences(findings.list, scene);
  const counts = { unexplained: 0, explained: 0, late: 0 };
  for (const { verdict } of differences) counts[verdict] += 1;
  return {
    traceId: left.traceId,
    verdict: judge(left, right, counts),
    left: summarize(left),
    right: summarize(right),
    counts,
    differences,
    explanations: explain(differences, scene, skews),
  };
}

/** Only Jaeger does; elsewhere both sides have their times from one clock. */
function correctsClocks(...traces: Trace[]): boolean {
  return traces.some(({ format }) => format === "jaeger-v3" || format === "jaeger-v1");
}

function addMissingSpan(
  findings: Findings,
  { name, spanId, service, startTimeUnixNano, endTimeUnixNano }: TraceSpan,
  isOfRich: boolean,
  isLate: (unixNano: string) => boolean,
): void {
  findings.add({
    fact: { field: "span", rich: isOfRich ? name : undefined, poor: isOfRich ? undefined : name },
    place: { spanId, service, timeUnixNano: startTimeUnixNano },
    verdict: isLate(endTimeUnixNano) ? "late" : "unexplained",
  });
}

/** An error or log that one side lacks may still be on its way, too. */
function markLate(findings: readonly Finding[], isLate: (unixNano: string) => boolean): void {
  for (const finding of findings) {
    const { fact, place, verdict } = finding;
    const isMissing = fact.rich === undefined || fact.poor === undefined;
    const isItem = (fact.field === "error" || fact.field === "log") && fact.key === undefined;
    if (verdict === "unexplained" && isItem && isMissing && isLate(place.timeUnixNano ?? "0")) {
      finding.verdict = "late";
    }
  }
}

function judge(left: Trace, right: Trace, counts: TraceComparison["counts"]): ComparisonVerdict {
  const [hasLeft, hasRight] = [left, right].map(({ spans }) => spans.length > 0);
  if (hasLeft !== hasRight) return "one-sided";
  if (!hasLeft) return "no-spans";
  if (counts.unexplained > 0) return "different";
  return counts.late > 0 ? "incomplete" : "equal";
}
