import { readdirSync, readFileSync } from "node:fs";
import { encodeProtobuf, readOtlpTraces, readSentryEnvelope } from "@tracebridge/receivers";

/** A body whose ids can be made new. */
interface Template {
  bytes: Buffer;
  spans: number;
  /** Where each id stands, and how it is written there. */
  places: { offset: number; write: (trace: number) => Buffer }[];
}

/** What one request carries. */
export interface Payload {
  path: string;
  contentType: string;
  body: Buffer;
  spans: number;
}

/** The recorded requests of one order, as often as wanted, each time as another order's. */
export interface PayloadMaker {
  spansOfTrace: number;
  next(): Payload;
}

const folder = new URL("../../packages/comparison/test/recorded/order-finished/", import.meta.url);
const recordedOrder = "alice";
/** Traces in one OTLP request: with those of all services, about the 512 spans of a full batch. */
const tracesOfBatch = 17;

export function traceIdOf(trace: number): string {
  return `bec0${trace.toString(16).padStart(28, "0")}`;
}

/** One trace to an envelope, as Sentry's SDKs send them. */
export function createEnvelopes(): PayloadMaker {
  const templates = readdirSync(folder)
    .filter((name) => name.endsWith(".envelope"))
    .map((name) => readFileSync(new URL(name, folder)))
    .flatMap((bytes) => {
      const { spans } = readSentryEnvelope(bytes);
      const ids = spans.flatMap(({ traceId, spanId }) => [traceId, spanId]);
      const text = bytes.toString().replaceAll(recordedOrder, orderIdOf(0));
      return spans.length > 0 ? [createTemplate(Buffer.from(text), spans.length, ids, "ascii")] : [];
    });
  let sent = 0;
  return {
    spansOfTrace: sumSpans(templates),
    next: () => {
      const template = templates[sent % templates.length];
      if (!template) throw new Error("no envelope was recorded");
      const body = fill(template, Math.floor(sent / templates.length));
      sent += 1;
      const { spans } = template;
      return { path: "/api/1/envelope/", contentType: "application/x-sentry-envelope", body, spans };
    },
  };
}

/** Protobuf, many traces to a request, as batch processors send them. */
export function createOtlpRequests(): PayloadMaker {
  const templates = readFileSync(new URL("otlp-traces.jsonl", folder), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const spans = readOtlpTraces(Buffer.from(line), "application/json");
      const ids = spans.flatMap(({ traceId, spanId }) => [traceId, spanId]);
      const request = JSON.parse(line.replaceAll(recordedOrder, orderIdOf(0))) as object;
      return createTemplate(Buffer.from(encodeProtobuf("traces", request)), spans.length, ids, "hex");
    });
  let trace = 0;
  return {
    spansOfTrace: sumSpans(templates),
    next: () => {
      // Messages one after the other are one message with all their lists (protobuf's rule for merging).
      const parts = Array.from({ length: tracesOfBatch }, (_, index) =>
        templates.map((template) => fill(template, trace + index)),
      );
      trace += tracesOfBatch;
      const spans = sumSpans(templates) * tracesOfBatch;
      return {
        path: "/v1/traces",
        contentType: "application/x-protobuf",
        body: Buffer.concat(parts.flat()),
        spans,
      };
    },
  };
}

function createTemplate(
  bytes: Buffer,
  spans: number,
  ids: readonly string[],
  encoding: "ascii" | "hex",
): Template {
  const places: Template["places"] = [];
  const add = (pattern: Buffer, write: (trace: number) => Buffer): void => {
    for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) {
      places.push({ offset: at, write });
    }
  };
  for (const id of new Set(ids)) {
    // Span ids stay: they tell spans of one trace apart.
    if (id.length === 32) add(Buffer.from(id, encoding), (trace) => Buffer.from(traceIdOf(trace), encoding));
  }
  add(Buffer.from(orderIdOf(0)), (trace) => Buffer.from(orderIdOf(trace)));
  return { bytes, spans, places };
}

function fill({ bytes, places }: Template, trace: number): Buffer {
  const body = Buffer.from(bytes);
  for (const { offset, write } of places) write(trace).copy(body, offset);
  return body;
}

function orderIdOf(trace: number): string {
  return `order-${trace.toString().padStart(8, "0")}`;
}

function sumSpans(templates: readonly Template[]): number {
  return templates.reduce((sum, { spans }) => sum + spans, 0);
}
