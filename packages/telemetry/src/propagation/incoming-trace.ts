import { TraceFlags } from "@opentelemetry/api";
import type { SpanContext } from "@opentelemetry/api";
import { BridgeTraceState, deriveConsistentSampleRand, deriveSampleRand } from "../trace-state/index.ts";
import type { Dsc, TraceInfo, TraceStateEntries } from "../trace-state/index.ts";
import { formatSampleRand } from "../trace-state/index.ts";
import type { SentryTrace } from "./sentry-trace.ts";
import type { TraceParent } from "./traceparent.ts";

export interface IncomingHeaders {
  readonly w3c: TraceParent | undefined;
  readonly traceState: TraceStateEntries | undefined;
  readonly sentry: SentryTrace | undefined;
  readonly dsc: Dsc;
}

/** The remote parent that the headers name; `undefined` when no header holds a valid one. */
export function createRemoteParent(
  headers: IncomingHeaders,
  prefer: "w3c" | "sentry",
): SpanContext | undefined {
  const { w3c, sentry } = headers;
  const conflict = w3c !== undefined && sentry !== undefined && w3c.traceId !== sentry.traceId;
  const chosen = conflict && prefer === "sentry" ? sentry : (w3c ?? sentry);
  if (!chosen) return undefined;
  const followsW3c = chosen === w3c;
  const info = createTraceInfo(headers, chosen.traceId, followsW3c);
  return {
    traceId: chosen.traceId,
    spanId: chosen.spanId,
    traceFlags: chosen.sampled === false ? TraceFlags.NONE : TraceFlags.SAMPLED,
    isRemote: true,
    traceState: new BridgeTraceState(info, followsW3c ? headers.traceState : undefined),
  };
}

function createTraceInfo(headers: IncomingHeaders, traceId: string, followsW3c: boolean): TraceInfo {
  const { w3c, sentry } = headers;
  const own = sentry?.traceId === traceId ? sentry : undefined;
  // A context that belongs to another trace must never be forwarded.
  const dsc = headers.dsc["trace_id"] === traceId ? headers.dsc : undefined;
  const sampled = own?.sampled ?? readFlag(dsc?.["sampled"]);
  const sampleRate = readUnit(dsc?.["sample_rate"]);
  const sampleRand = readUnit(dsc?.["sample_rand"]) ?? chooseSampleRand(traceId, sampleRate, sampled);
  const frozenDsc = dsc ? freeze(dsc, sampleRand) : own ? {} : undefined;
  const other = followsW3c ? sentry : w3c;
  return {
    traceId,
    sampled,
    sampleRate,
    sampleRand,
    // Sentry's header without a context: its sender is the head of the trace and sent none, so we invent none.
    ...(frozenDsc && { frozenDsc }),
    ...(own && { sentryParentSpanId: own.spanId }),
    ...(other && other.traceId !== traceId && { otherParent: readOtherParent(other) }),
    ...(!followsW3c && own?.sampled === undefined && { otelDeferred: true }),
    ...(followsW3c && w3c?.randomTraceId && { randomTraceId: true }),
  };
}

function freeze(dsc: Dsc, sampleRand: number): Dsc {
  return dsc["sample_rand"] === undefined ? { ...dsc, sample_rand: formatSampleRand(sampleRand) } : dsc;
}

function chooseSampleRand(traceId: string, rate: number | undefined, sampled: boolean | undefined): number {
  if (rate === undefined || sampled === undefined) return deriveSampleRand(traceId);
  return deriveConsistentSampleRand(traceId, rate, sampled);
}

function readOtherParent(other: TraceParent | SentryTrace): SpanContext {
  const traceFlags = other.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId: other.traceId, spanId: other.spanId, traceFlags, isRemote: true };
}

function readFlag(value: string | undefined): boolean | undefined {
  return value === "true" ? true : value === "false" ? false : undefined;
}

function readUnit(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const number = Number(value);
  return number >= 0 && number <= 1 ? number : undefined;
}
