import type { OtlpLog, OtlpSpan, SentryEvent, SentryLog, SentrySpan } from "@tracebridge/receivers";
import type { Trace } from "../model.ts";
import { CollectedTraces } from "./collected-traces.ts";
import { readOtlpLog, readOtlpSpan } from "./otlp.ts";
import { readSentryError, readSentryLog, readSentrySpan } from "./sentry.ts";

/** What a receiver has got of Sentry's protocol. */
export interface SentryArrivals {
  readonly spans: readonly SentrySpan[];
  readonly events: readonly SentryEvent[];
  readonly logs: readonly SentryLog[];
}

/** What a receiver has got of OTLP. */
export interface OtlpArrivals {
  readonly spans: readonly OtlpSpan[];
  readonly logs: readonly OtlpLog[];
}

/** By trace id, in order of arrival. */
export function readSentryArrivals(arrivals: SentryArrivals): Map<string, Trace> {
  const collected = new CollectedTraces("sentry");
  collectSentry(arrivals, collected);
  return collected.finish().traces;
}

/** By trace id, in order of arrival. */
export function readOtlpArrivals(arrivals: OtlpArrivals): Map<string, Trace> {
  const collected = new CollectedTraces("otlp");
  collectOtlp(arrivals, collected);
  return collected.finish().traces;
}

export function collectSentry({ spans, events, logs }: SentryArrivals, collected: CollectedTraces): void {
  for (const span of spans) collected.addSpan(readSentrySpan(span));
  for (const event of events) collected.addError(readSentryError(event));
  for (const log of logs) collected.addLog(readSentryLog(log));
}

export function collectOtlp({ spans, logs }: OtlpArrivals, collected: CollectedTraces): void {
  for (const span of spans) collected.addSpan(readOtlpSpan(span));
  for (const log of logs) collected.addLog(readOtlpLog(log));
}
