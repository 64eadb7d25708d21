import { readdirSync, readFileSync } from "node:fs";
import { readTraces, type Trace, type TracesRead, type WrittenFormat } from "../../src/index.ts";

const recorded = new URL("../recorded/", import.meta.url);

export const writtenFormats: readonly WrittenFormat[] = [
  "otlp",
  "otlp-protobuf",
  "jaeger-v3",
  "jaeger-v1",
  "sentry",
  "sentry-api",
];

export const orderIds = {
  "order-finished": "e44df9e6204594677f64f376b1f35ddd",
  "order-failed": "43b930f546ba75a50c276a129e362fa9",
} as const;
const specialId = "5bec1a1000000000000000000000a11f";
const ids: Readonly<Record<string, string>> = { ...orderIds, special: specialId };

/** What was recorded of traces, and how it is written. Envelopes are one file of all. */
export const recordedFiles: readonly { folder: string; file: string; format: WrittenFormat }[] = [
  ...Object.keys(orderIds).flatMap((folder) => [
    { folder, file: "*.envelope", format: "sentry" as const },
    { folder, file: "otlp-traces.jsonl", format: "otlp" as const },
    { folder, file: "otlp-traces.jsonl", format: "otlp-protobuf" as const },
    { folder, file: "otlp-logs.jsonl", format: "otlp" as const },
    { folder, file: "otlp-logs.jsonl", format: "otlp-protobuf" as const },
    { folder, file: "jaeger-v3.json", format: "jaeger-v3" as const },
    { folder, file: "jaeger-v3-stored.json", format: "jaeger-v3" as const },
    { folder, file: "jaeger-v1.json", format: "jaeger-v1" as const },
    { folder, file: "sentry-api-trace.json", format: "sentry-api" as const },
    { folder, file: "sentry-api-events.json", format: "sentry-api" as const },
  ]),
  { folder: "order-failed", file: "sentry-api-trace-error.json", format: "sentry-api" },
  { folder: "special", file: "otlp.json", format: "otlp" },
  { folder: "special", file: "otlp.json", format: "otlp-protobuf" },
  { folder: "special", file: "otlp-not-finite.json", format: "otlp" },
  { folder: "special", file: "jaeger-v3.json", format: "jaeger-v3" },
  { folder: "special", file: "jaeger-v3-adjusted.json", format: "jaeger-v3" },
  { folder: "special", file: "jaeger-v3-not-finite.json", format: "jaeger-v3" },
  { folder: "special", file: "jaeger-v3-stored.json", format: "jaeger-v3" },
  { folder: "special", file: "jaeger-v1.json", format: "jaeger-v1" },
  { folder: "special", file: "jaeger-v1-adjusted.json", format: "jaeger-v1" },
  { folder: "jaeger", file: "search-v3.json", format: "jaeger-v3" },
  { folder: "jaeger", file: "search-v1.json", format: "jaeger-v1" },
];

/** The bytes of a recorded file, or of all whose names end so, put together as `cat` does it. */
export function readRecordedBytes(folder: string, file: string): Buffer {
  const url = new URL(`${folder}/`, recorded);
  const names = file.startsWith("*")
    ? readdirSync(url).filter((name) => name.endsWith(file.slice(1)))
    : [file];
  return Buffer.concat(names.toSorted().map((name) => readFileSync(new URL(name, url))));
}

export function readRecordedFile(folder: string, file: string): TracesRead {
  return readTraces(readRecordedBytes(folder, file), { traceId: ids[folder] });
}

/** The trace that a recorded file is about. */
export function readRecordedTrace(folder: string, file: string): Trace {
  const trace = readRecordedFile(folder, file).traces.get(ids[folder] ?? "");
  if (!trace) throw new Error(`${folder}/${file} does not have the trace of its folder`);
  return trace;
}

/** In an order that depends on nothing but the spans themselves. */
export function sortSpans(trace: Trace | undefined): Trace | undefined {
  const describe = ({ spanId, attributes }: Trace["spans"][number]): string =>
    spanId + JSON.stringify(attributes);
  return trace && { ...trace, spans: trace.spans.toSorted((a, b) => (describe(a) < describe(b) ? -1 : 1)) };
}
