import type { SpanContext } from "@opentelemetry/api";
import type { Dsc } from "../trace-state/index.ts";

/** Where the propagator gets Sentry's dynamic sampling context from when a Sentry client runs. */
export interface DscSource {
  /** The context to send with the trace of `spanContext`; `undefined` when there is none to send. */
  readDsc(spanContext: SpanContext): Dsc | undefined;
  /** Whether a trace from the Sentry organisation `orgId` (unknown: `undefined`) may be continued here. */
  isTrustedOrganization(orgId: string | undefined): boolean;
}
