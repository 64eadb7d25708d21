import type { Trace, TraceFormat } from "../../src/index.ts";
import { readRecordedTrace } from "../formats/recorded-files.ts";

export type RecordedOrder = "order-finished" | "order-failed";
export const recordedOrders: readonly RecordedOrder[] = ["order-finished", "order-failed"];

const files: Readonly<Record<TraceFormat, string>> = {
  otlp: "*.jsonl",
  "jaeger-v3": "jaeger-v3.json",
  "jaeger-v1": "jaeger-v1.json",
  sentry: "*.envelope",
  "sentry-api": "sentry-api-trace.json",
};
export const formats = Object.keys(files) as TraceFormat[];

/** What was recorded of an order, read anew: a test may change it. */
export function readOrder(order: RecordedOrder, format: TraceFormat): Trace {
  return readRecordedTrace(order, files[format]);
}
