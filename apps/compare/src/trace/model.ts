import type { Trace } from "@tracebridge/comparison";

/** The two local stores. */
export type Side = "sentry" | "otlp";

/** Everything that the local stores know of one trace. */
export interface TraceView {
  traceId: string;
  sentry: Trace;
  otlp: Trace;
}

/** A line of the list of traces. */
export interface TraceSummary {
  traceId: string;
  /** When something of it last arrived, milliseconds since 1970. */
  lastSeenMillis: number;
  sentrySpans: number;
  otlpSpans: number;
  errors: number;
  services: string[];
  /** Name of the earliest span known. */
  name: string;
}
