import { compareTraces, readOtlpArrivals, readSentryArrivals } from "@tracebridge/comparison";
import type { Difference, TraceComparison } from "@tracebridge/comparison";
import { listLines, print } from "./message.ts";
import { describeSpan, readReceivedSpans } from "./received-span.ts";
import type { ReceivedSpan } from "./received-span.ts";
import type { ReceivedSignals } from "./received-trace.ts";
import type { MatcherResult } from "./to-have-span.ts";

export interface MatchOptions {
  /** Milliseconds by which starts and durations may differ; 1 unless told. */
  readonly toleranceMillis?: number;
}

/**
 * Passes when Sentry and the OTLP back end tell the same of every trace that arrived: each difference between them is
 * one that a rule explains. What the rules are: docs/comparison.md.
 *
 * @throws TypeError when `received` is neither a receiver nor what findTrace() or waitForTrace() returns
 */
export function toMatchAcrossBackends(received: ReceivedSignals, options: MatchOptions = {}): MatcherResult {
  const spans = readReceivedSpans(received);
  const sentry = readSentryArrivals(received.sentry);
  const otlp = readOtlpArrivals(received.otlp);
  const comparisons = [...new Set(spans.map(({ traceId }) => traceId))].map((traceId) => {
    const nothing = { traceId, spans: [], errors: [], logs: [] };
    return compareTraces(
      sentry.get(traceId) ?? { ...nothing, format: "sentry" },
      otlp.get(traceId) ?? { ...nothing, format: "otlp" },
      options,
    );
  });
  if (comparisons.length === 0) {
    return { pass: false, message: () => "expected a trace at both back ends, but no span arrived at all" };
  }
  const unequal = comparisons.filter(({ verdict }) => verdict !== "equal");
  if (unequal.length > 0) return { pass: false, message: () => explainUnequal(unequal, spans) };
  return {
    pass: true,
    message: () => `expected the back ends to differ, but they tell the same${countAll(comparisons)}`,
  };
}

function countAll(comparisons: readonly TraceComparison[]): string {
  const explained = comparisons.reduce((sum, { counts }) => sum + counts.explained, 0);
  return ` of ${comparisons.length === 1 ? "the trace" : `all ${comparisons.length} traces`} (${explained} differences, each explained)`;
}

function explainUnequal(comparisons: readonly TraceComparison[], spans: readonly ReceivedSpan[]): string {
  return comparisons
    .map((comparison) => {
      const { traceId, left } = comparison;
      if (comparison.verdict === "one-sided") {
        const [present, absent] =
          left.spans > 0 ? ["Sentry", "the OTLP back end"] : ["the OTLP back end", "Sentry"];
        return `trace ${traceId} arrived at ${present} only; ${absent} got no span of it. What a running process has not sent yet arrives later: waitForTrace() waits for it`;
      }
      const unexplained = comparison.differences.filter(({ verdict }) => verdict === "unexplained");
      const lines = unexplained.map((difference) => describeDifference(difference, spans));
      return `expected Sentry and OTLP to tell the same of trace ${traceId}, but nothing explains:${listLines(lines)}`;
    })
    .join("\n");
}

function describeDifference(
  { field, key, spanId, service, left, right }: Difference,
  spans: readonly ReceivedSpan[],
): string {
  const span = spans.find((candidate) => candidate.spanId === spanId);
  const where = span ? describeSpan(span) : service;
  const what = key === undefined ? field : `${field} ${key}`;
  if (field === "span" && span) return `${where} – arrived at ${left === undefined ? "OTLP" : "Sentry"} only`;
  return `${where} – ${what} is ${describeValue(left)} at Sentry, ${describeValue(right)} at OTLP`;
}

function describeValue(value: unknown): string {
  return value === undefined ? "missing" : print(value);
}
