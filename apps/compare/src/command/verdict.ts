import type { TraceComparison } from "@tracebridge/comparison";
import type { TraceSource } from "../sources/source.ts";
import { formatCount } from "../trace/format.ts";
import { isFile, isLocal, type SourcePair } from "./compare-sources.ts";
import type { CompareSide } from "./compared.ts";
import { oneLine } from "./terminal-text.ts";

/** 0: equal; 1: different; 2: could not be compared. */
export function readExitCode(comparison: TraceComparison): number {
  if (comparison.verdict === "equal") return 0;
  return comparison.verdict === "different" ? 1 : 2;
}

/** The outcome in a line, and where nothing could be compared why, and what to do. */
export function describeVerdict(comparison: TraceComparison, sources: SourcePair): string[] {
  const { verdict, counts, ...sides } = comparison;
  const late = counts.late === 0 ? "" : `, ${counts.late} that may still be on their way`;
  const explained = counts.explained === 0 ? "" : `, ${counts.explained} explained`;
  switch (verdict) {
    case "equal":
      return [
        counts.explained === 0
          ? "Equal: there is no difference."
          : `Equal: ${formatCount(counts.explained, "difference")}, each explained.`,
      ];
    case "different":
      return [`Different: ${formatCount(counts.unexplained, "unexplained difference")}${late}${explained}.`];
    case "incomplete":
      return [
        `Could not compare: ${counts.late} of spans, errors or logs may still be on their way to one side. Try again ` +
          "in a moment, or give --wait more seconds.",
      ];
    case "one-sided": {
      const missing: CompareSide = sides.left.spans === 0 ? "left" : "right";
      const source = sources[missing];
      return [
        `Could not compare: ${oneLine(source.label)} (${oneLine(source.name)}) has no span of this trace.`,
        ...listReasons(source).map((reason) => `- ${reason}`),
      ];
    }
    case "no-spans":
      // Services that export no spans still send logs and errors.
      return [
        "Could not compare: neither side has a span of this trace, only logs or errors.",
        "- Never sent: OTEL_TRACES_EXPORTER of the services has to name sentry and otlp.",
        "- Not sampled: see SENTRY_TRACES_SAMPLE_RATE and OTEL_TRACES_SAMPLER.",
      ];
  }
}

/** Why a source may lack a trace that the other one has. */
function listReasons(source: TraceSource): string[] {
  const { format } = source;
  if (isFile(source)) return ["The file was made of another trace, or before this one arrived."];
  const isSentry = format === "sentry" || format === "sentry-api";
  return [
    isSentry
      ? "Never sent: OTEL_TRACES_EXPORTER of the services has to name sentry, and SENTRY_DSN to lead there."
      : "Never sent: OTEL_TRACES_EXPORTER of the services has to name otlp, and OTEL_EXPORTER_OTLP_ENDPOINT to lead there.",
    "Not sampled: each back end has its own sampling, Sentry by SENTRY_TRACES_SAMPLE_RATE, OTLP by " +
      "OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG.",
    isLocal(source)
      ? "Forgotten: compare keeps what COMPARE_STORE_MIB, COMPARE_STORE_ITEMS and COMPARE_STORE_HOURS allow."
      : "Forgotten: the back end keeps traces for a limited time or number.",
  ];
}

/** For an id that neither side has anything of. */
export function describeUnknown(id: string, { left, right }: SourcePair, waitMillis: number): string {
  const waited = waitMillis > 0 ? `, after ${waitMillis / 1000} s of waiting` : "";
  const names = new Set([oneLine(left.name), oneLine(right.name)]);
  return [
    `Nothing is known of "${oneLine(id)}" by ${[...names].join(" or ")}${waited}.`,
    "- Is the id right, and does COMPARE_URL, --left or --right lead to where it was sent?",
    "- Does OTEL_TRACES_EXPORTER of the services name sentry or otlp, and was the trace sampled " +
      "(SENTRY_TRACES_SAMPLE_RATE, OTEL_TRACES_SAMPLER)?",
    "- Is it so old that it was forgotten (COMPARE_STORE_MIB, COMPARE_STORE_ITEMS, COMPARE_STORE_HOURS)?",
  ].join("\n");
}
