import { readFields, readList, readNumber, readSeconds, readString, type Fields } from "../plain.ts";
import type { SentryClientReport, SentryEvent, SentryLog, SentrySpan } from "./model.ts";

/** @throws Error that says which field a span lacks */
export function readSpan(value: unknown): SentrySpan {
  const span = readFields(value);
  const attributes = readAttributes(span["attributes"]);
  const parentSpanId = readId(span["parent_span_id"], 16);
  return {
    traceId: demand(readId(span["trace_id"], 32), "trace_id"),
    spanId: demand(readId(span["span_id"], 16), "span_id"),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: readString(span["name"]) ?? "",
    op: readString(attributes["sentry.op"]),
    isSegment: span["is_segment"] === true,
    status: span["status"] === "error" ? "error" : "ok",
    startTimestamp: demand(readNumber(span["start_timestamp"]), "start_timestamp"),
    endTimestamp: demand(readNumber(span["end_timestamp"]), "end_timestamp"),
    attributes,
    links: readList(span["links"]).map(readFields),
    service: readService(attributes),
  };
}

/** @throws Error that says which field a log lacks */
export function readLog(value: unknown): SentryLog {
  const log = readFields(value);
  const attributes = readAttributes(log["attributes"]);
  return {
    traceId: readId(log["trace_id"], 32),
    spanId: readId(log["span_id"], 16) ?? readId(attributes["sentry.trace.parent_span_id"], 16),
    timestamp: demand(readNumber(log["timestamp"]), "timestamp"),
    level: readString(log["level"]) ?? "info",
    severityNumber: readNumber(log["severity_number"]),
    body: typeof log["body"] === "string" ? log["body"] : JSON.stringify(log["body"] ?? ""),
    attributes,
    service: readService(attributes),
  };
}

export function readEvent(value: unknown): SentryEvent {
  const raw = readFields(value);
  const contexts = readFields(raw["contexts"]);
  const trace = readFields(contexts["trace"]);
  const tags = { ...readFields(raw["tags"]) };
  return {
    eventId: readString(raw["event_id"]) ?? "",
    timestamp: readSeconds(raw["timestamp"]),
    level: readString(raw["level"]),
    message: readString(raw["message"]) ?? readString(readFields(raw["message"])["formatted"]),
    traceId: readId(trace["trace_id"], 32),
    spanId: readId(trace["span_id"], 16),
    exceptions: readValues(raw["exception"]).map((exception) => ({
      type: readString(exception["type"]) ?? "",
      value: readString(exception["value"]) ?? "",
    })),
    breadcrumbs: readValues(raw["breadcrumbs"]),
    tags,
    contexts,
    service: readString(tags["service"]) ?? readString(raw["server_name"]),
    raw,
  };
}

export function readClientReport(value: unknown): SentryClientReport {
  const report = readFields(value);
  return {
    timestamp: readNumber(report["timestamp"]),
    discarded: readList(report["discarded_events"])
      .map(readFields)
      .map((entry) => ({
        reason: readString(entry["reason"]) ?? "",
        category: readString(entry["category"]) ?? "",
        quantity: readNumber(entry["quantity"]) ?? 0,
      })),
  };
}

/** Sentry takes ids as UUIDs too: with dashes, in either case. */
function readId(value: unknown, digits: 16 | 32): string | undefined {
  const hex = readString(value)?.replaceAll("-", "").toLowerCase();
  return hex?.length === digits && /^[0-9a-f]+$/.test(hex) ? hex : undefined;
}

/** Sentry writes some lists bare and some as `{ values: […] }`. */
function readValues(value: unknown): Fields[] {
  return readList(Array.isArray(value) ? value : readFields(value)["values"]).map(readFields);
}

/** `{ key: { value, type } }` becomes `{ key: value }`. */
function readAttributes(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(readFields(value)).map(([key, attribute]) => [key, readFields(attribute)["value"]]),
  );
}

function readService(attributes: Fields): string | undefined {
  return readString(attributes["service.name"]) ?? readString(attributes["server.name"]);
}

function demand<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`${field} is missing or of the wrong type`);
  return value;
}
