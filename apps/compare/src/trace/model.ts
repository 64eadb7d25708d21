export type Side = "sentry" | "otlp";

/** Stands for the service of what does not name one. */
export const unknownService = "unknown";

/** A span as one side received it, in the words that both sides share; JSON all through. */
export interface TraceSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  /** Sentry's op (`db`), or OTLP's span kind (`client`). */
  kind: string;
  status: string;
  /** Milliseconds since 1970, with fractions. */
  startMillis: number;
  durationMillis: number;
  attributes: Record<string, unknown>;
}

export interface TraceLog {
  traceId: string;
  spanId?: string;
  service: string;
  timeMillis: number;
  level: string;
  body: string;
  attributes: Record<string, unknown>;
}

/** An error, as only Sentry's side has them. */
export interface TraceError {
  eventId: string;
  traceId: string;
  spanId?: string;
  service: string;
  timeMillis: number;
  title: string;
  tags: Record<string, unknown>;
  breadcrumbs: readonly unknown[];
}

/** Everything known of one trace. */
export interface TraceView {
  traceId: string;
  sentry: { spans: TraceSpan[]; errors: TraceError[]; logs: TraceLog[] };
  otlp: { spans: TraceSpan[]; logs: TraceLog[] };
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
