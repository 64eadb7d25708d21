import { TraceFlags, isValidSpanId, isValidTraceId } from "@opentelemetry/api";
import type { SpanContext } from "@opentelemetry/api";
import { readTraceState, trimOptionalSpace } from "../trace-state/index.ts";

export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  /** Whether the sender says that the trace id is random. */
  readonly randomTraceId: boolean;
}

/** https://www.w3.org/TR/trace-context-2/#random-trace-id-flag */
const RANDOM_FLAG = 0x02;

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads `traceparent`; `undefined` when it is absent, malformed or sent more than once.
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function readTraceParent(values: readonly string[]): TraceParent | undefined {
  const [value] = values;
  if (value === undefined || values.length > 1) return undefined;
  const match = TRACEPARENT.exec(trimOptionalSpace(value));
  if (!match) return undefined;
  const [, version = "", traceId = "", spanId = "", flags = "", rest] = match;
  // Version ff is forbidden; version 00 has four fields, later ones may have more.
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (!isValidTraceId(traceId) || !isValidSpanId(spanId)) return undefined;
  const bits = Number.parseInt(flags, 16);
  return {
    traceId,
    spanId,
    sampled: (bits & TraceFlags.SAMPLED) !== 0,
    randomTraceId: (bits & RANDOM_FLAG) !== 0,
  };
}

/** The random flag is passed on as it came: level 2 of the specification demands it. */
export function writeTraceParent(spanContext: SpanContext): string {
  const random = readTraceState(spanContext)?.info.randomTraceId === true ? RANDOM_FLAG : 0;
  const flags = (spanContext.traceFlags & TraceFlags.SAMPLED) | random;
  return `00-${spanContext.traceId}-${spanContext.spanId}-0${flags}`;
}
