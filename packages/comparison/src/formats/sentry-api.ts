import { type Fields, isFields, readSeconds, readString } from "@tracebridge/receivers";
import {
  unknownService,
  type Attributes,
  type SpanKind,
  type Trace,
  type TraceError,
  type TraceSpan,
} from "../model.ts";
import { readValue } from "../attribute-values.ts";
import { readUnixNanoOfSeconds } from "../time.ts";
import { CollectedTraces, type TracesRead } from "./collected-traces.ts";
import { describeFound, FormatError } from "./format-error.ts";
import { readOnlyTrace } from "./only-trace.ts";
import { isSpanKind } from "./span-kind.ts";
import { readEntries, readHexId } from "./plain.ts";

const expected = "an answer of Sentry's trace API, a list of spans with children and errors";
/** What was asked for only to fill a field of the model; `trace` is the trace's id. */
export const fieldAttributes: ReadonlySet<string> = new Set(["trace", "span.status", "span.kind"]);

/**
 * The trace in an answer of `GET /api/0/organizations/{org}/trace/{id}/`, which names its trace only if it was asked
 * with `additional_attributes=trace`.
 *
 * @param traceId which trace it is about
 * @returns undefined when it has neither spans nor errors
 * @throws FormatError when it is no such answer, names another trace or none is told, or has a part that is broken
 */
export function readSentryApiTrace(json: unknown, traceId?: string): Trace | undefined {
  return readOnlyTrace(readSentryApiAnswer(json, traceId), expected);
}

export function readSentryApiAnswer(json: unknown, traceId?: string): TracesRead {
  if (!Array.isArray(json)) throw new FormatError(`Expected ${expected}, found ${describeFound(json)}.`);
  const entries = flatten(json);
  const id = demandTraceId(entries, traceId);
  const collected = new CollectedTraces("sentry-api");
  for (const { fields, parent } of entries) {
    if (fields["event_type"] === "error") readError(fields, parent, id, collected);
    else if (fields["event_type"] === "span") readSpan(fields, id, collected);
    else if (fields["event_type"] !== "uptime_check")
      collected.skip("something that is neither span nor error");
  }
  return collected.finish();
}

interface Entry {
  fields: Fields;
  /** The span whose error it is. */
  parent?: Fields;
}

/** Spans depth first, each followed by its errors. With a stack of its own: a trace may be deeper than the engine's. */
function flatten(roots: readonly unknown[]): Entry[] {
  const entries: Entry[] = [];
  const open = readEntries(roots).toReversed();
  for (let fields = open.pop(); fields; fields = open.pop()) {
    entries.push({ fields });
    const parent = fields;
    for (const error of readEntries(fields["errors"])) entries.push({ fields: error, parent });
    for (const child of readEntries(fields["children"]).toReversed()) open.push(child);
  }
  return entries;
}

function demandTraceId(entries: readonly Entry[], traceId: string | undefined): string {
  const named = new Set(
    entries.flatMap(({ fields }) => readHexId(readAdditional(fields)["trace"], 32) ?? []),
  );
  const [first] = named;
  const id = traceId?.toLowerCase() ?? first ?? (entries.length === 0 ? "" : undefined);
  if (id === undefined) {
    throw new FormatError(
      "Sentry's trace API does not say which trace it answers with: give the trace's id, or ask it with " +
        "additional_attributes=trace.",
    );
  }
  const other = [...named].find((name) => name !== id);
  if (other !== undefined) throw new FormatError(`Expected trace ${id}, found trace ${other}.`);
  return id;
}

function readAdditional(fields: Fields): Fields {
  const additional = fields["additional_attributes"];
  return isFields(additional) ? additional : {};
}

function readSpan(fields: Fields, traceId: string, collected: CollectedTraces): void {
  const spanId = readHexId(fields["event_id"], 16);
  const start = readTime(fields["start_timestamp"]);
  const end = readTime(fields["end_timestamp"]);
  if (spanId === undefined) return collected.skip("a span without an id");
  if (start === undefined || end === undefined) return collected.skip("a span without its times");
  const additional = readAdditional(fields);
  collected.addSpan({
    traceId,
    spanId,
    ...readParent(fields["parent_span_id"]),
    name: readString(fields["name"]) ?? readString(fields["description"]) ?? "",
    service: readService(fields),
    ...readKind(additional["span.kind"]),
    ...readOp(fields["op"]),
    status: readStatus(additional["span.status"]),
    startTimeUnixNano: start,
    endTimeUnixNano: end,
    attributes: readAttributes(additional, fieldAttributes),
    resource: {},
    events: [],
    links: [],
    isSegment: fields["is_transaction"] === true,
  });
}

function readError(
  fields: Fields,
  parent: Fields | undefined,
  traceId: string,
  collected: CollectedTraces,
): void {
  const eventId = readHexId(fields["event_id"], 32);
  if (eventId === undefined) return collected.skip("an error without an id");
  const spanId = readHexId(parent?.["event_id"], 16);
  const level = readString(fields["level"]);
  const error: TraceError = {
    eventId,
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
    service: parent ? readService(parent) : unknownService,
    timeUnixNano: readTime(fields["start_timestamp"]) ?? "0",
    title: readString(fields["description"]) ?? readString(fields["title"]) ?? "(no message)",
    ...(level === undefined ? {} : { level }),
    tags: {},
    breadcrumbs: [],
  };
  collected.addError(error);
}

/** A project is no service: it may hold several. */
function readService(span: Fields): string {
  return readString(readAdditional(span)["service.name"]) ?? unknownService;
}

export function readParent(value: unknown): { parentSpanId?: string } {
  const parentSpanId = readHexId(value, 16);
  return parentSpanId === undefined ? {} : { parentSpanId };
}

export function readKind(value: unknown): { kind?: SpanKind } {
  return isSpanKind(value) ? { kind: value } : {};
}

export function readOp(value: unknown): { op?: string } {
  const op = readString(value);
  return op === undefined ? {} : { op };
}

/** Sentry has more words for failures than "error". Nothing is said where the status was not asked for. */
export function readStatus(value: unknown): TraceSpan["status"] {
  if (typeof value !== "string" || ["", "unset", "unknown"].includes(value)) return "unset";
  return value === "ok" ? "ok" : "error";
}

/** Of numbers and booleans of the sender's the names are `tags[name,number]`. */
export function readAttributes(fields: Fields, leftOut: ReadonlySet<string>): Attributes {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      if (leftOut.has(key) || value === null || typeof value === "object") return [];
      return [[/^tags\[(.+),(?:number|boolean|string)\]$/.exec(key)?.[1] ?? key, readValue(value)]];
    }),
  );
}

export function readTime(value: unknown): string | undefined {
  const seconds = readSeconds(value);
  return seconds === undefined ? undefined : readUnixNanoOfSeconds(seconds);
}
