import { isValidSpanId, isValidTraceId } from "@opentelemetry/api";
import { trimOptionalSpace } from "../trace-state/index.ts";

export interface SentryTrace {
  readonly traceId: string;
  readonly spanId: string;
  /** `undefined` is deferred: the sender left the decision to us. */
  readonly sampled: boolean | undefined;
}

const SENTRY_TRACE = /^([0-9a-f]{32})-([0-9a-f]{16})(?:-([01]))?$/;

/**
 * Reads `sentry-trace`; `undefined` when it is absent, malformed or contradicts itself. The same value twice (a proxy
 * that doubles headers) is accepted.
 * @see https://develop.sentry.dev/sdk/foundations/trace-propagation/#header-sentry-trace
 */
export function readSentryTrace(values: readonly string[]): SentryTrace | undefined {
  if (values.length === 0) return undefined;
  const distinct = new Set(values.flatMap((value) => value.split(",")).map(trimOptionalSpace));
  const [value] = distinct;
  const match = distinct.size === 1 && value !== undefined ? SENTRY_TRACE.exec(value) : undefined;
  if (!match) return undefined;
  const [, traceId = "", spanId = "", flag] = match;
  if (!isValidTraceId(traceId) || !isValidSpanId(spanId)) return undefined;
  return { traceId, spanId, sampled: flag === undefined ? undefined : flag === "1" };
}

export function writeSentryTrace(trace: SentryTrace): string {
  const flag = trace.sampled === undefined ? "" : trace.sampled ? "-1" : "-0";
  return `${trace.traceId}-${trace.spanId}${flag}`;
}
