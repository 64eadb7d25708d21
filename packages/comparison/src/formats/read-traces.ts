import {
  decodeProtobuf,
  isFields,
  readOtlpRequest,
  readSentryEnvelope,
  ReceiverError,
} from "@tracebridge/receivers";
import { collectOtlp, collectSentry } from "./arrivals.ts";
import { CollectedTraces, type TracesRead } from "./collected-traces.ts";
import { describeFound, FormatError } from "./format-error.ts";
import { readJaegerV1Answers } from "./jaeger-v1.ts";
import { readJaegerV3Answers } from "./jaeger-v3.ts";
import { readJsonValues, skipSpace, type JsonValues } from "./json-values.ts";
import { splitProtobuf } from "./protobuf-parts.ts";
import { readSentryApiAnswer } from "./sentry-api.ts";
import { readSentrySearchAnswers } from "./sentry-api-search.ts";
import { isEnvelope, splitEnvelopes } from "./split-envelopes.ts";

const known =
  "OTLP (JSON or protobuf), an answer of Jaeger's query API (v3 or v1), Sentry envelopes, or an answer of Sentry's " +
  "trace API";

export interface ReadTracesHint {
  /** Which trace it is about, for answers of Sentry's trace API, which do not say so. */
  traceId?: string;
}

/**
 * Reads every trace in a file or an answer. The format is told by the content. What is broken is left out and counted,
 * and harms nothing else.
 *
 * @throws FormatError when it is in no format that is known here; the message says what was found
 */
export function readTraces(content: Uint8Array | string, hint: ReadTracesHint = {}): TracesRead {
  const bytes = withoutByteOrderMark(typeof content === "string" ? Buffer.from(content) : content);
  const start = skipSpace(bytes, 0);
  if (start === bytes.length) throw new FormatError(`Expected ${known}, found nothing.`);
  if (bytes[start] !== 0x7b && bytes[start] !== 0x5b) return readBinary(bytes);
  if (isEnvelope(bytes)) return readEnvelopes(bytes);
  try {
    return readJson(readJsonValues(bytes), hint);
  } catch (error) {
    // A protobuf's first bytes may look like white space and a brace.
    if (bytes[0] !== 0x0a) throw error;
    try {
      return readProtobuf(bytes);
    } catch {
      throw error;
    }
  }
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** A request's first field is always the same, a length's first byte is 0. */
function readBinary(bytes: Uint8Array): TracesRead {
  if (bytes[0] === 0x0a || bytes[0] === 0) return readProtobuf(bytes);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FormatError(`Expected ${known}, found something that gzip packed: unpack it first.`);
  }
  const text = Buffer.from(bytes.subarray(0, 200)).toString().trim();
  const what = text.startsWith("<") ? `a page of HTML or XML, ${describeFound(text)}` : describeFound(text);
  throw new FormatError(`Expected ${known}, found ${what}.`);
}

function readProtobuf(bytes: Uint8Array): TracesRead {
  const collected = new CollectedTraces("otlp");
  for (const { signal, bytes: part } of splitProtobuf(bytes)) {
    let request: unknown;
    try {
      request = decodeProtobuf(signal, part);
    } catch {
      collected.skip("a part that is no OTLP");
      continue;
    }
    collectRequest(request, collected);
  }
  return collected.finish();
}

function collectRequest(request: unknown, collected: CollectedTraces): void {
  const arrived = readOtlpRequest(request);
  collectOtlp(arrived, collected);
  for (const { reason, count } of arrived.rejected) collected.skip(reason, count);
}

function readEnvelopes(bytes: Uint8Array): TracesRead {
  const collected = new CollectedTraces("sentry");
  const { envelopes, broken } = splitEnvelopes(bytes);
  if (broken > 0) collected.skip("a line that is no part of an envelope", broken);
  for (const envelope of envelopes) {
    try {
      const arrived = readSentryEnvelope(envelope);
      collectSentry(arrived, collected);
      for (const { type } of arrived.rejected) collected.skip(`an item that is no ${type}`);
    } catch (error) {
      if (!(error instanceof ReceiverError)) throw error;
      collected.skip("a malformed envelope");
    }
  }
  return collected.finish();
}

type JsonFormat = "otlp" | "jaeger-v3" | "jaeger-v1" | "sentry-trace" | "sentry-search";

function readJson({ values, broken }: JsonValues, hint: ReadTracesHint): TracesRead {
  const [first] = values;
  const format = readFormat(first);
  const stranger = values.find((value) => readFormat(value) !== format);
  if (format === undefined || stranger !== undefined) {
    throw new FormatError(`Expected ${known}, found ${describeFound(stranger ?? first)}.`);
  }
  const read = readValues(format, values, hint);
  const lines = { reason: "a line that is no JSON", count: broken };
  return broken === 0 ? read : { ...read, skipped: [...read.skipped, lines] };
}

function readFormat(value: unknown): JsonFormat | undefined {
  if (Array.isArray(value)) return value.every(isSentryEntry) ? "sentry-trace" : undefined;
  if (!isFields(value)) return undefined;
  const { data, result, error, meta } = value;
  if (Array.isArray(value["resourceSpans"]) || Array.isArray(value["resourceLogs"])) return "otlp";
  if (isFields(result) || (isFields(error) && "httpCode" in error)) return "jaeger-v3";
  if (isFields(meta) && Array.isArray(data)) return "sentry-search";
  if (Array.isArray(data) || Array.isArray(value["errors"])) return "jaeger-v1";
  return undefined;
}

function isSentryEntry(value: unknown): boolean {
  return isFields(value) && typeof value["event_id"] === "string" && "event_type" in value;
}

function readValues(format: JsonFormat, values: readonly unknown[], hint: ReadTracesHint): TracesRead {
  switch (format) {
    case "otlp": {
      const collected = new CollectedTraces("otlp");
      for (const value of values) collectRequest(value, collected);
      return collected.finish();
    }
    case "jaeger-v3":
      return readJaegerV3Answers(values);
    case "jaeger-v1":
      return readJaegerV1Answers(values);
    case "sentry-trace":
      return readSentryApiAnswer(values.flat(), hint.traceId);
    case "sentry-search":
      return readSentrySearchAnswers(values);
  }
}
