import { readString } from "@tracebridge/receivers";
import {
  unknownService,
  type Attributes,
  type AttributeValue,
  type Trace,
  type TraceError,
  type TraceLog,
  type TraceSpan,
} from "../model.ts";
import { readSecondsOfUnixNano } from "../time.ts";
import { isList, readBase64, readLargeInteger } from "./otlp-values.ts";

interface TypedValue {
  value: unknown;
  type: "string" | "boolean" | "integer" | "double" | "array";
}

/** What Sentry takes in one item. */
const maxItems = 1000;
/** OTLP's flags say whether the parent is remote, and whether they say so at all. */
const [hasIsRemote, isRemote] = [0x100, 0x200];

/** Envelopes as an SDK with span streaming sends them, one after another: spans, errors, logs. */
export function writeSentryEnvelopes(trace: Trace): Uint8Array {
  const header = { trace: { trace_id: trace.traceId } };
  const lines = [
    ...sliceItems(trace.spans).flatMap((spans) => [
      header,
      createListHeader("span", "application/vnd.sentry.items.span.v2+json", spans.length),
      { version: 2, items: spans.map(createSpan) },
    ]),
    ...trace.errors.flatMap((error) => [
      { ...header, ...(error.eventId === "" ? {} : { event_id: error.eventId }) },
      { type: "event" },
      createEvent(error),
    ]),
    ...sliceItems(trace.logs).flatMap((logs) => [
      header,
      createListHeader("log", "application/vnd.sentry.items.log+json", logs.length),
      { items: logs.map(createLog) },
    ]),
  ];
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function sliceItems<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / maxItems) }, (_, index) =>
    items.slice(index * maxItems, (index + 1) * maxItems),
  );
}

function createListHeader(type: string, contentType: string, count: number): object {
  return { type, item_count: count, content_type: contentType };
}

function createSpan(span: TraceSpan): object {
  const { traceId, spanId, parentSpanId, name, op, kind, statusMessage } = span;
  return {
    trace_id: traceId,
    span_id: spanId,
    ...(parentSpanId === undefined ? {} : { parent_span_id: parentSpanId }),
    name,
    start_timestamp: readSecondsOfUnixNano(span.startTimeUnixNano),
    end_timestamp: readSecondsOfUnixNano(span.endTimeUnixNano),
    is_segment: span.isSegment ?? isLocalRoot(span),
    status: span.status === "error" ? "error" : "ok",
    attributes: writeAttributes({
      ...span.attributes,
      ...(op === undefined ? {} : { "sentry.op": op }),
      ...(kind === undefined ? {} : { "sentry.kind": kind }),
      ...(statusMessage === undefined ? {} : { "sentry.status.message": statusMessage }),
      ...createServiceAttribute(span),
    }),
    ...(span.links.length === 0 ? {} : { links: span.links.map(createLink) }),
  };
}

function isLocalRoot({ parentSpanId, flags = 0 }: TraceSpan): boolean {
  return parentSpanId === undefined || ((flags & hasIsRemote) !== 0 && (flags & isRemote) !== 0);
}

function createLink({ traceId, spanId, attributes }: TraceSpan["links"][number]): object {
  return { trace_id: traceId, span_id: spanId, attributes: writeAttributes(attributes) };
}

function createLog(log: TraceLog): object {
  const { traceId, spanId, timeUnixNano, level, body } = log;
  return {
    timestamp: readSecondsOfUnixNano(timeUnixNano),
    trace_id: traceId,
    ...(spanId === undefined ? {} : { span_id: spanId }),
    level,
    body,
    attributes: writeAttributes({ ...log.attributes, ...createServiceAttribute(log) }),
  };
}

function createEvent({ eventId, traceId, spanId, timeUnixNano, ...error }: TraceError): object {
  const { service, title, level, tags } = error;
  const [, type, value] = /^([\p{L}_$][\p{L}\d_$.]*): (.*)$/su.exec(title) ?? [];
  const isTagged = readString(tags["service"]) === service;
  return {
    ...(eventId === "" ? {} : { event_id: eventId }),
    timestamp: readSecondsOfUnixNano(timeUnixNano),
    ...(level === undefined ? {} : { level }),
    ...(type === undefined ? { message: title } : { exception: { values: [{ type, value }] } }),
    contexts: { trace: { trace_id: traceId, ...(spanId === undefined ? {} : { span_id: spanId }) } },
    tags,
    breadcrumbs: { values: error.breadcrumbs },
    ...(isTagged || service === unknownService ? {} : { server_name: service }),
  };
}

/** Sentry knows a service by this attribute, or else by its server's name. */
function createServiceAttribute({
  service,
  attributes,
}: Pick<TraceSpan, "service" | "attributes">): Record<string, string> {
  const told =
    readString(attributes["service.name"]) ?? readString(attributes["server.name"]) ?? unknownService;
  return service === told ? {} : { "service.name": service };
}

/** Sentry has no objects, and takes a value that is nothing for no attribute. */
function writeAttributes(attributes: Attributes): Record<string, TypedValue> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      const typed = writeValue(value);
      return typed ? [[key, typed]] : [];
    }),
  );
}

function writeValue(value: AttributeValue): TypedValue | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return { value, type: "string" };
  if (typeof value === "boolean") return { value, type: "boolean" };
  if (typeof value === "number") return { value, type: Number.isSafeInteger(value) ? "integer" : "double" };
  if (isList(value)) return { value, type: "array" };
  const text = readLargeInteger(value) ?? readBase64(value);
  return text === undefined ? undefined : { value: text, type: "string" };
}
