import type { OtlpLog, OtlpSpan } from "@tracebridge/receivers";
import { readAttributes, readValue } from "../attribute-values.ts";
import { unknownService, type TraceLog, type TraceSpan } from "../model.ts";

/** A span of OTLP in the words of the model; nothing of it is lost but the resource's and scope's own extras. */
export function readOtlpSpan(span: OtlpSpan): TraceSpan {
  const { traceId, spanId, parentSpanId, name, kind, status, statusMessage, scope } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    service: span.service ?? unknownService,
    kind,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    endTimeUnixNano: span.endTimeUnixNano.toString(),
    attributes: readAttributes(span.attributes),
    resource: readAttributes(span.resource),
    ...(scope.name === "" ? {} : { scope }),
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: event.timeUnixNano.toString(),
      attributes: readAttributes(event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: readAttributes(link.attributes) })),
    ...(span.traceState === undefined ? {} : { traceState: span.traceState }),
    flags: span.flags,
  };
}

/** `undefined` for a record outside any trace. */
export function readOtlpLog(log: OtlpLog): TraceLog | undefined {
  const { traceId, spanId, body } = log;
  if (traceId === undefined) return undefined;
  return {
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
    service: log.service ?? unknownService,
    timeUnixNano: log.timeUnixNano.toString(),
    level: (log.severityText ?? String(log.severityNumber)).toLowerCase(),
    // A record without a text.
    body: body === null ? "" : typeof body === "string" ? body : JSON.stringify(readValue(body)),
    attributes: readAttributes(log.attributes),
  };
}
