import type { SpanContext } from "@opentelemetry/api";
import type { Dsc } from "../trace-state/index.ts";

/** Where the propagator gets Sentry's dynamic sampling context from when a Sentry client runs. */
export interface DscSource {
  /** The context to send with the trace of `spanContext`; `undefined` when there is none to send. */
  readDsc(spanContext: SpanContext): Dsc | undefined;
  /** The id of the span that Sentry's header names: the nearest one that Sentry has. Default: that of `spanContext`. */
  readSpanId?(spanContext: SpanContext): string;
  /** Whether a trace from the Sentry organisation `orgId` (unknown: `undefined`) may be continued here. */
  isTrustedOrganization(orgId: string | undefined): boolean;
}
