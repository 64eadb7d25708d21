import { isFields, type SentryEvent, type SentryLog, type SentrySpan } from "@tracebridge/receivers";
import { readAttributes } from "../attribute-values.ts";
import {
  unknownService,
  type Attributes,
  type SpanLink,
  type TraceError,
  type TraceLog,
  type TraceSpan,
} from "../model.ts";
import { readUnixNanoOfSeconds } from "../time.ts";
import { isSpanKind } from "./span-kind.ts";

/** A streamed span of an envelope in the words of the model. */
export function readSentrySpan(span: SentrySpan): TraceSpan {
  const { traceId, spanId, parentSpanId, name, op, status, isSegment } = span;
  const kind = span.attributes["sentry.kind"];
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    service: span.service ?? unknownService,
    ...(isSpanKind(kind) ? { kind } : {}),
    ...(op === undefined ? {} : { op }),
    status,
    startTimeUnixNano: readUnixNanoOfSeconds(span.startTimestamp),
    endTimeUnixNano: readUnixNanoOfSeconds(span.endTimestamp),
    attributes: readAttributes(span.attributes),
    resource: {},
    events: [],
    links: span.links.flatMap(readLink),
    isSegment,
  };
}

/** `undefined` for a log outside any trace. */
export function readSentryLog(log: SentryLog): TraceLog | undefined {
  const { traceId, spanId, level, body } = log;
  if (traceId === undefined) return undefined;
  return {
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
    service: log.service ?? unknownService,
    timeUnixNano: readUnixNanoOfSeconds(log.timestamp),
    level,
    body,
    attributes: readAttributes(log.attributes),
  };
}

/** `undefined` for an event outside any trace. */
export function readSentryError(event: SentryEvent): TraceError | undefined {
  const { eventId, traceId, spanId, level } = event;
  if (traceId === undefined) return undefined;
  const last = event.exceptions.at(-1);
  return {
    eventId,
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
    service: event.service ?? unknownService,
    timeUnixNano: readUnixNanoOfSeconds(event.timestamp ?? 0),
    title: last ? `${last.type}: ${last.value}` : (event.message ?? "(no message)"),
    ...(level === undefined ? {} : { level }),
    tags: readAttributes(event.tags),
    breadcrumbs: event.breadcrumbs.map(readAttributes),
  };
}

function readLink(link: Readonly<Record<string, unknown>>): SpanLink[] {
  const { trace_id: traceId, span_id: spanId } = link;
  if (typeof traceId !== "string" || typeof spanId !== "string") return [];
  return [{ traceId, spanId, attributes: readTypedAttributes(link["attributes"]) }];
}

/** `{ key: { value, type } }` becomes `{ key: value }`. */
function readTypedAttributes(attributes: unknown): Attributes {
  if (!isFields(attributes)) return {};
  return readAttributes(
    Object.fromEntries(
      Object.entries(attributes).flatMap(([key, entry]) => (isFields(entry) ? [[key, entry["value"]]] : [])),
    ),
  );
}
