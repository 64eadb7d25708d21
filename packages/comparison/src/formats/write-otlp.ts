import { encodeProtobuf } from "@tracebridge/receivers";
import { unknownService, type Attributes, type Trace, type TraceLog, type TraceSpan } from "../model.ts";
import { writeAttributes } from "./otlp-values.ts";

interface OtlpRequests {
  traces: { resourceSpans: object[] };
  logs: { resourceLogs: object[] };
}

const kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const statuses = ["unset", "ok", "error"];
/** The first number of each level. https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severities: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  warning: 13,
  error: 17,
  fatal: 21,
};

/** OTLP/JSON: a request in a line each for spans and for logs, as far as there are any. Errors are Sentry's alone. */
export function writeOtlpJson(trace: Trace): Uint8Array {
  const { traces, logs } = createOtlpRequests(trace);
  const requests = [
    ...(trace.spans.length > 0 || trace.logs.length === 0 ? [traces] : []),
    ...(trace.logs.length > 0 ? [logs] : []),
  ];
  return Buffer.from(requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
}

/** The same as protobuf, one after the other. */
export function writeOtlpProtobuf(trace: Trace): Uint8Array {
  const { traces, logs } = createOtlpRequests(trace);
  return Buffer.concat([encodeProtobuf("traces", traces), encodeProtobuf("logs", logs)]);
}

export function createOtlpRequests(trace: Trace): OtlpRequests {
  const resourceSpans = groupNeighbours(trace.spans, (span) => JSON.stringify(createResource(span))).map(
    (spans) => ({
      resource: { attributes: writeAttributes(createResource(spans[0])) },
      scopeSpans: groupNeighbours(spans, ({ scope }) => JSON.stringify(scope ?? {})).map((inScope) => ({
        scope: inScope[0].scope ?? {},
        spans: inScope.map(createSpan),
      })),
    }),
  );
  const resourceLogs = groupNeighbours(trace.logs, ({ service }) => service).map((logs) => ({
    resource: { attributes: writeAttributes(createResource({ service: logs[0].service, resource: {} })) },
    scopeLogs: [{ scope: {}, logRecords: logs.map(createLog) }],
  }));
  return { traces: { resourceSpans }, logs: { resourceLogs } };
}

type Group<T> = readonly [T, ...T[]];

/** Only neighbours are put together, so that the order stays. */
function groupNeighbours<T>(items: readonly T[], readKey: (item: T) => string): Group<T>[] {
  const groups: [T, ...T[]][] = [];
  let lastKey: string | undefined;
  for (const item of items) {
    const key = readKey(item);
    const last = groups.at(-1);
    if (last && key === lastKey) last.push(item);
    else groups.push([item]);
    lastKey = key;
  }
  return groups;
}

/** Where the service came from somewhere else, as with Sentry, it is the resource's now. */
function createResource({ service, resource }: Pick<TraceSpan, "service" | "resource">): Attributes {
  if (service === unknownService || resource["service.name"] === service) return resource;
  return { ...resource, "service.name": service };
}

function createSpan(span: TraceSpan): object {
  const { traceId, spanId, parentSpanId, traceState, flags, name, status, statusMessage } = span;
  return {
    traceId,
    spanId,
    ...(traceState === undefined ? {} : { traceState }),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...(flags === undefined ? {} : { flags }),
    name,
    kind: kinds.indexOf(span.kind ?? "unspecified"),
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    attributes: writeAttributes(span.attributes),
    events: span.events.map((event) => ({ ...event, attributes: writeAttributes(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: writeAttributes(link.attributes) })),
    status: {
      ...(status === "unset" ? {} : { code: statuses.indexOf(status) }),
      ...(statusMessage === undefined ? {} : { message: statusMessage }),
    },
  };
}

function createLog({ traceId, spanId, timeUnixNano, level, body, attributes }: TraceLog): object {
  return {
    timeUnixNano,
    // A sender that named no level is known by its number alone, 0 to 24.
    ...(/^(1?\d|2[0-4])$/.test(level)
      ? { severityNumber: Number(level) }
      : { severityNumber: severities[level] ?? 0, severityText: level }),
    body: { stringValue: body },
    attributes: writeAttributes(attributes),
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
  };
}
