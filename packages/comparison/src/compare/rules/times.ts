import type { TraceFormat } from "../../model.ts";
import { readDurationNanos } from "../../time.ts";
import type { Rule } from "./rule.ts";

/**
 * Nanoseconds by which a start or a duration may be off in a format: no tolerance is smaller. Sentry's seconds in floating
 * point are 0.24 µs apart; Jaeger's API v1 cuts start and duration to whole microseconds.
 */
const precisionNanos: Readonly<Record<TraceFormat, number>> = {
  otlp: 0,
  "jaeger-v3": 0,
  "jaeger-v1": 1000,
  sentry: 500,
  "sentry-api": 500,
};

/** The tolerance that was asked for, or what the two formats cannot tell apart. */
export function readToleranceNanos(millis: number, one: TraceFormat, other: TraceFormat): number {
  const least = one === other ? 0 : precisionNanos[one] + precisionNanos[other];
  return Math.max(millis * 1e6, least);
}

export const timeRules: readonly Rule[] = [
  {
    id: "jaeger-least-duration",
    title: "Jaeger gives a span that ends before it starts another end",
    reason:
      "A span that ends at its start or earlier ends one nanosecond after it at Jaeger, with a warning.",
    source: "https://github.com/jaegertracing/jaeger/tree/main/internal/jptrace/sanitizer",
    field: "duration",
    isBetween: (rich, poor) => rich === "otlp" && poor.startsWith("jaeger"),
    predict: ({ pair }, { poor }) =>
      pair && readDurationNanos(pair.rich) <= 0
        ? { side: "poor", value: poor.format === "jaeger-v1" ? 0 : 1 }
        : undefined,
  },
];
