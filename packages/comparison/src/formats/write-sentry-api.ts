import {
  unknownService,
  type AttributeValue,
  type Trace,
  type TraceError,
  type TraceSpan,
} from "../model.ts";
import { readSecondsOfUnixNano } from "../time.ts";
import { arrangeTree } from "../tree.ts";
import { fieldAttributes } from "./sentry-api.ts";

/**
 * What `GET /api/0/organizations/{org}/trace/{id}/` answers when it is asked for all attributes that the spans have.
 * Written piece by piece: what nests as deep as a trace may be deeper than the engine's stack.
 */
export function writeSentryApi(trace: Trace): Uint8Array {
  const errorsOf = Map.groupBy(trace.errors, ({ spanId }) => spanId ?? "");
  const parts: string[] = [];
  let depth = -1;
  for (const row of arrangeTree(trace.spans)) {
    // What is not the first child of the row before it ends that row, and those around it that it is not in.
    if (row.depth <= depth) parts.push("]}".repeat(depth - row.depth + 1), ",");
    const errors = errorsOf.get(row.span.spanId) ?? [];
    errorsOf.delete(row.span.spanId);
    const fields = JSON.stringify(createSpan(row.span, errors.map(createError)));
    parts.push(fields.slice(0, -1), ',"children":[');
    depth = row.depth;
  }
  parts.push("]}".repeat(depth + 1));
  const spans = parts.join("");
  const others = [...errorsOf.values()].flat().map((error) => JSON.stringify(createError(error)));
  return Buffer.from(`[${[...(spans === "" ? [] : [spans]), ...others].join(",")}]`);
}

function createSpan(span: TraceSpan, errors: object[]): object {
  const start = readSecondsOfUnixNano(span.startTimeUnixNano);
  const end = readSecondsOfUnixNano(span.endTimeUnixNano);
  return {
    event_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    start_timestamp: start,
    end_timestamp: end,
    duration: Math.trunc((end - start) * 1000),
    is_transaction: span.isSegment ?? span.parentSpanId === undefined,
    name: span.name,
    op: span.op ?? "",
    event_type: "span",
    additional_attributes: createAdditional(span),
    errors,
    occurrences: [],
  };
}

/** What the answer has no fields for, by the names under which Sentry may be asked for it. */
function createAdditional({ traceId, service, kind, status, attributes }: TraceSpan): object {
  const scalars = Object.entries(attributes).filter(
    ([key, value]) => isScalar(value) && !fieldAttributes.has(key),
  );
  return {
    ...Object.fromEntries(scalars),
    ...(service === unknownService ? {} : { "service.name": service }),
    trace: traceId,
    ...(status === "unset" ? {} : { "span.status": status }),
    ...(kind === undefined ? {} : { "span.kind": kind }),
  };
}

function isScalar(value: AttributeValue): boolean {
  return value !== null && typeof value !== "object";
}

function createError({ eventId, timeUnixNano, title, level }: TraceError): object {
  return {
    event_id: eventId,
    start_timestamp: readSecondsOfUnixNano(timeUnixNano),
    description: title,
    ...(level === undefined ? {} : { level }),
    event_type: "error",
  };
}
