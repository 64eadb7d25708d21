import type { Trace, TraceFormat } from "../model.ts";
import { writeJaegerV1, writeJaegerV3 } from "./write-jaeger.ts";
import { writeOtlpJson, writeOtlpProtobuf } from "./write-otlp.ts";
import { writeSentryApi } from "./write-sentry-api.ts";
import { writeSentryEnvelopes } from "./write-sentry.ts";

/** `otlp` is OTLP/JSON, `sentry` are envelopes. */
export type WrittenFormat = TraceFormat | "otlp-protobuf";

const writers: Readonly<Record<WrittenFormat, (trace: Trace) => Uint8Array>> = {
  otlp: writeOtlpJson,
  "otlp-protobuf": writeOtlpProtobuf,
  "jaeger-v3": writeJaegerV3,
  "jaeger-v1": writeJaegerV1,
  sentry: writeSentryEnvelopes,
  "sentry-api": writeSentryApi,
};

/** Writes a trace as `readTraces` reads it. What each format cannot hold is left out: docs/trace-files.md has the list. */
export function writeTrace(trace: Trace, format: WrittenFormat): Uint8Array {
  return writers[format](trace);
}
