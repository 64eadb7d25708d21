import { unknownService, type Attributes, type Trace, type TraceSpan } from "../model.ts";
import { writeTag, writeTags, type JaegerTag } from "./jaeger-v1-tags.ts";
import { createOtlpRequests } from "./write-otlp.ts";

/** What `GET /api/v3/traces/{id}` answers. Logs and errors are nothing that Jaeger has. */
export function writeJaegerV3(trace: Trace): Uint8Array {
  return Buffer.from(JSON.stringify({ result: createOtlpRequests(trace).traces }));
}

interface Process {
  serviceName: string;
  tags: JaegerTag[];
}

/** What `GET /api/traces/{id}?raw=true` answers: microseconds, and fewer kinds of values. */
export function writeJaegerV1(trace: Trace): Uint8Array {
  const ids = new Map<string, string>();
  const processes: Record<string, Process> = {};
  const spans = trace.spans.map((span) => {
    const process = createProcess(span);
    const key = JSON.stringify(process);
    const id = ids.get(key) ?? `p${ids.size + 1}`;
    ids.set(key, id);
    processes[id] = process;
    return createSpan(span, id);
  });
  const data = spans.length === 0 ? [] : [{ traceID: trace.traceId, spans, processes, warnings: null }];
  return Buffer.from(JSON.stringify({ data, total: 0, limit: 0, offset: 0, errors: null }));
}

function createProcess({ service, resource }: TraceSpan): Process {
  if (service === unknownService) return { serviceName: "", tags: writeTags(resource) };
  const { "service.name": _, ...rest } = resource;
  return { serviceName: service, tags: writeTags(rest) };
}

function createSpan(span: TraceSpan, processID: string): object {
  const start = BigInt(span.startTimeUnixNano);
  const end = BigInt(span.endTimeUnixNano);
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    operationName: span.name,
    references: createReferences(span),
    startTime: toMicros(start),
    duration: toMicros(end - start),
    tags: createTags(span),
    logs: span.events.map((event) => ({
      timestamp: toMicros(BigInt(event.timeUnixNano)),
      fields: [...(event.name === "" ? [] : [writeTag("event", event.name)]), ...writeTags(event.attributes)],
    })),
    processID,
    warnings: null,
  };
}

/** A link to the parent takes the parent's place: Jaeger has one reference for each span. */
function createReferences({ traceId, parentSpanId, links }: TraceSpan): object[] {
  const isParent = (link: TraceSpan["links"][number]): boolean =>
    link.traceId === traceId && link.spanId === parentSpanId;
  const refer = (refType: string, target: { traceId: string; spanId: string }): object => ({
    refType,
    traceID: target.traceId,
    spanID: target.spanId,
  });
  const parentType = links.some(isParent) ? "FOLLOWS_FROM" : "CHILD_OF";
  return [
    ...(parentSpanId === undefined ? [] : [refer(parentType, { traceId, spanId: parentSpanId })]),
    ...links.filter((link) => !isParent(link)).map((link) => refer("FOLLOWS_FROM", link)),
  ];
}

/** In Jaeger's own order: readers that find a key twice tell by it which one is Jaeger's. */
function createTags({ scope, attributes, kind, status, statusMessage, traceState }: TraceSpan): JaegerTag[] {
  const before: Attributes = {
    ...(scope ? { "otel.scope.name": scope.name } : {}),
    ...(scope?.version === undefined ? {} : { "otel.scope.version": scope.version }),
  };
  const after: Attributes = {
    ...(kind === undefined ? {} : { "span.kind": kind }),
    ...(status === "unset" ? {} : { "otel.status_code": status.toUpperCase() }),
    ...(status === "error" ? { error: true } : {}),
    ...(statusMessage === undefined ? {} : { "otel.status_description": statusMessage }),
    ...(traceState === undefined ? {} : { "w3c.tracestate": traceState }),
  };
  return [before, attributes, after].flatMap(writeTags);
}

/** Cut off, as Jaeger does. */
function toMicros(nanos: bigint): number {
  return Number(nanos / 1000n);
}
