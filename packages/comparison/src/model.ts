/** How a trace came to us: decides what it can say at all. */
export type TraceFormat = "sentry" | "sentry-api" | "otlp" | "jaeger-v3" | "jaeger-v1";

/** OpenTelemetry's span kinds. https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";

/**
 * A value as JSON can hold it. An integer beyond a number's reach is `{ intValue: "…" }` and bytes are
 * `{ bytesValue: "base64" }`, as OTLP/JSON writes them.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

export type Attributes = Record<string, AttributeValue>;

/** Everything that one side knows of one trace. JSON all through. */
export interface Trace {
  traceId: string;
  format: TraceFormat;
  spans: TraceSpan[];
  errors: TraceError[];
  logs: TraceLog[];
}

/** What is undefined is not told by the format, or not set. */
export interface TraceSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  /** OpenTelemetry's kind; Sentry's attribute `sentry.kind`. */
  kind?: SpanKind;
  /** Sentry's op, `db`. */
  op?: string;
  /** Sentry's envelopes know `ok` and `error` only. */
  status: "unset" | "ok" | "error";
  statusMessage?: string;
  /** Nanoseconds since 1970 in decimal digits, as in OTLP/JSON: a number could not hold them. */
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attributes;
  /** What describes the sender. Sentry has no such thing: its SDK copies parts of it into the attributes. */
  resource: Attributes;
  /** Name and version of the instrumentation. */
  scope?: { name: string; version?: string };
  events: SpanEvent[];
  links: SpanLink[];
  traceState?: string;
  /** OTLP's field of that name. */
  flags?: number;
  /** Sentry: the first span of a service's part of the trace. */
  isSegment?: boolean;
}

export interface SpanEvent {
  name: string;
  timeUnixNano: string;
  attributes: Attributes;
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** A log record with a trace id. */
export interface TraceLog {
  traceId: string;
  spanId?: string;
  service: string;
  timeUnixNano: string;
  /** In small letters; `trace`, `debug`, `info`, `warn`, `error` or `fatal` for those who keep to them. */
  level: string;
  body: string;
  attributes: Attributes;
}

/** An issue's event, as only Sentry has them; other formats have events named `exception` on their spans. */
export interface TraceError {
  eventId: string;
  traceId: string;
  spanId?: string;
  service: string;
  timeUnixNano: string;
  /** `Error: it broke`, or the message of an event without an exception. */
  title: string;
  level?: string;
  tags: Attributes;
  /** As Sentry writes them; their content is the application's own. */
  breadcrumbs: Attributes[];
}

/** Stands for the service of what does not name one. */
export const unknownService = "unknown";
