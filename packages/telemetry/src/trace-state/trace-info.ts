import type { SpanContext, SpanKind } from "@opentelemetry/api";

/** Sentry's dynamic sampling context: the facts about a trace that travel with it, all as strings. */
export type Dsc = Readonly<Record<string, string>>;

/** What this process knows of a trace beside its W3C ids; it travels on the span context, never on the wire. */
export interface TraceInfo {
  readonly traceId: string;
  /** Sentry's head decision; `undefined` is deferred: whoever records first decides. */
  readonly sampled: boolean | undefined;
  /** The rate behind `sampled`, 0 to 1, where it is known. */
  readonly sampleRate: number | undefined;
  /** Uniform in [0, 1); the trace is sampled when it is below the rate. */
  readonly sampleRand: number;
  /** A continued trace forwards the context it arrived with unchanged; empty when it arrived without one. */
  readonly frozenDsc?: Dsc;
  /** The parent in Sentry's headers, where it differs from the parent in the W3C headers. */
  readonly sentryParentSpanId?: string;
  /** The parent that lost because its trace id differs from the one that was continued. */
  readonly otherParent?: SpanContext;
  /** The trace arrived without a flag that OpenTelemetry could follow. */
  readonly otelDeferred?: boolean;
  /** Stands for the trace id where a decision is computed from it, since an outsider chose the trace id. */
  readonly samplingTraceId?: string;
  /** The sender says that the last seven bytes of the trace id are random: https://www.w3.org/TR/trace-context-2/#random-trace-id-flag */
  readonly randomTraceId?: boolean;
}

/** The part of a trace that one process entry makes: a local root and everything below it. One object each. */
export interface Segment {
  readonly info: TraceInfo;
  readonly kind: SpanKind;
  /** Recorded for OTLP and the console. */
  readonly otlp: boolean;
  /** Recorded for Sentry. */
  readonly sentry: boolean;
  /** The rate that decided here; absent when the decision was inherited. */
  readonly localSampleRate?: number;
  /** A health probe: of no interest to anybody. */
  readonly ignored?: boolean;
  /** Left out for Sentry by a pattern of the application, whatever the rate. */
  readonly sentryIgnored?: boolean;
}
