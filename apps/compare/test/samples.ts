export const traceId = "cb7e69e06639453c8095a452d44c08ef";

interface Sample {
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  orderId?: string;
  traceId?: string;
  status?: "ok" | "error";
}

/** An envelope of streamed spans as Sentry's SDKs write them. */
export function envelopeOf(...spans: readonly Sample[]): string {
  const items = spans.map((span, index) => ({
    trace_id: span.traceId ?? traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    name: span.name,
    start_timestamp: 1_795_206_248 + index,
    end_timestamp: 1_795_206_248.25 + index,
    is_segment: span.parentSpanId === undefined,
    status: span.status ?? "ok",
    attributes: {
      "sentry.op": { value: "db", type: "string" },
      "service.name": { value: span.service, type: "string" },
      ...(span.orderId === undefined ? {} : { orderId: { value: span.orderId, type: "string" } }),
    },
  }));
  return ["{}", JSON.stringify({ type: "span" }), JSON.stringify({ version: 2, items })].join("\n");
}

/** The same spans as an OTLP/HTTP request in JSON. */
export function otlpOf(...spans: readonly Sample[]): string {
  return JSON.stringify({
    resourceSpans: spans.map((span, index) => ({
      resource: { attributes: [{ key: "service.name", value: { stringValue: span.service } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: span.traceId ?? traceId,
              spanId: span.spanId,
              parentSpanId: span.parentSpanId,
              name: span.name,
              kind: 3,
              startTimeUnixNano: `${1_795_206_248 + index}000000000`,
              endTimeUnixNano: `${1_795_206_248 + index}250000000`,
              attributes:
                span.orderId === undefined ? [] : [{ key: "orderId", value: { stringValue: span.orderId } }],
            },
          ],
        },
      ],
    })),
  });
}

export const order: Sample[] = [
  { spanId: "1".repeat(16), name: "POST /order", service: "web", orderId: "alice" },
  {
    spanId: "2".repeat(16),
    parentSpanId: "1".repeat(16),
    name: "insert order",
    service: "web",
    orderId: "alice",
  },
  {
    spanId: "3".repeat(16),
    parentSpanId: "1".repeat(16),
    name: "process order",
    service: "order",
    orderId: "alice",
    status: "error",
  },
];

export async function sendOrder(url: string): Promise<void> {
  const json = { "content-type": "application/json" };
  await fetch(`${url}/api/1/envelope/`, { method: "POST", body: envelopeOf(...order) });
  await fetch(`${url}/v1/traces`, { method: "POST", body: otlpOf(...order), headers: json });
}
