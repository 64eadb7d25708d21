import { readdirSync, readFileSync } from "node:fs";
import { readOtlpLogs, readOtlpTraces, readSentryEnvelope } from "@tracebridge/receivers";
import { readOtlpLog, readOtlpSpan } from "../src/formats/otlp.ts";
import { readSentryError, readSentryLog, readSentrySpan } from "../src/formats/sentry.ts";
import type { Trace } from "../src/model.ts";

const traceIds = {
  "order-finished": "e44df9e6204594677f64f376b1f35ddd",
  "order-failed": "43b930f546ba75a50c276a129e362fa9",
} as const;

export type RecordedOrder = keyof typeof traceIds;
export const recordedOrders: readonly RecordedOrder[] = ["order-finished", "order-failed"];

/** What Sentry was sent of a recorded order. */
export function readRecordedSentry(order: RecordedOrder): Trace {
  const envelopes = readdirSync(folderOf(order))
    .filter((file) => file.endsWith(".envelope"))
    .toSorted()
    .map((file) => readSentryEnvelope(readFileSync(new URL(file, folderOf(order)))));
  const isOfOrder = <T extends { traceId: string }>(item: T | undefined): item is T =>
    item?.traceId === traceIds[order];
  return {
    traceId: traceIds[order],
    format: "sentry",
    spans: envelopes.flatMap((envelope) => envelope.spans.map(readSentrySpan)).filter(isOfOrder),
    errors: envelopes.flatMap((envelope) => envelope.events.map(readSentryError)).filter(isOfOrder),
    logs: envelopes.flatMap((envelope) => envelope.logs.map(readSentryLog)).filter(isOfOrder),
  };
}

/** What an OTLP back end was sent of a recorded order. */
export function readRecordedOtlp(order: RecordedOrder): Trace {
  const isOfOrder = <T extends { traceId: string }>(item: T | undefined): item is T =>
    item?.traceId === traceIds[order];
  return {
    traceId: traceIds[order],
    format: "otlp",
    spans: readLines(order, "otlp-traces.jsonl")
      .flatMap((body) => readOtlpTraces(body, "application/json"))
      .map(readOtlpSpan)
      .filter(isOfOrder),
    errors: [],
    logs: readLines(order, "otlp-logs.jsonl")
      .flatMap((body) => readOtlpLogs(body, "application/json"))
      .map(readOtlpLog)
      .filter(isOfOrder),
  };
}

function readLines(order: RecordedOrder, file: string): Buffer[] {
  return readFileSync(new URL(file, folderOf(order)), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Buffer.from(line));
}

function folderOf(order: RecordedOrder): URL {
  return new URL(`recorded/${order}/`, import.meta.url);
}
