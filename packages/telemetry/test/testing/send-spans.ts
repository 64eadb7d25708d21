import type { OtlpSpanKind, Receiver } from "@tracebridge/receivers";
import type { BackEnd } from "@tracebridge/telemetry/testing";

/** A span in short; ids are made from single digits or letters of hex. */
export interface SentSpan {
  id: string;
  parent?: string;
  trace?: string;
  service?: string;
  name: string;
  kind?: OtlpSpanKind;
  isError?: boolean;
  attributes?: Record<string, string>;
}

const kinds: readonly OtlpSpanKind[] = ["internal", "server", "client", "producer", "consumer"];

export const traceIdOf = (trace: string): string => trace.repeat(32);

/** Sends spans to a receiver as a service would, each in a request of its own, in the order given. */
export async function sendSpans(
  receiver: Receiver,
  spans: readonly SentSpan[],
  to: readonly BackEnd[] = ["sentry", "otlp"],
): Promise<void> {
  for (const span of spans) {
    if (to.includes("sentry")) await post(`${receiver.url}/api/1/envelope/`, toEnvelope(span));
    if (to.includes("otlp")) await post(`${receiver.url}/v1/traces`, toOtlp(span));
  }
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}

function readIds({ id, parent, trace = "a" }: SentSpan): {
  traceId: string;
  spanId: string;
  parentId?: string;
} {
  return { traceId: traceIdOf(trace), spanId: id.repeat(16), ...(parent && { parentId: parent.repeat(16) }) };
}

function toEnvelope(span: SentSpan): string {
  const { traceId, spanId, parentId } = readIds(span);
  const { kind = "internal", service = "order", attributes } = span;
  const all = {
    "service.name": service,
    ...(kind !== "internal" && { "sentry.kind": kind }),
    ...attributes,
  };
  const item = {
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: parentId,
    name: span.name,
    start_timestamp: 1,
    end_timestamp: 2,
    status: span.isError ? "error" : "ok",
    attributes: Object.fromEntries(
      Object.entries(all).map(([key, value]) => [key, { value, type: "string" }]),
    ),
  };
  return ["{}", '{"type":"span"}', JSON.stringify({ items: [item] })].join("\n");
}

function toOtlp(span: SentSpan): string {
  const { traceId, spanId, parentId } = readIds(span);
  const { kind = "internal", service = "order", attributes = {} } = span;
  const readAttributes = (from: Record<string, string>): object[] =>
    Object.entries(from).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const item = {
    traceId,
    spanId,
    parentSpanId: parentId,
    name: span.name,
    kind: kinds.indexOf(kind) + 1,
    startTimeUnixNano: "1",
    endTimeUnixNano: "2",
    status: { code: span.isError ? 2 : 0 },
    attributes: readAttributes(attributes),
  };
  const resource = { attributes: readAttributes({ "service.name": service }) };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [item] }] }] });
}
